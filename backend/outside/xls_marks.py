"""Marks of an .xls workbook, read off its records ([MS-CFB], [MS-XLS]): calamine gives values and merged ranges."""

from __future__ import annotations

import struct
from typing import NamedTuple

from backend.domain.sheets import address
from backend.outside.workbook_marks import Marks, unmarked

_FREE = 0xFFFFFFFA  # from here on a sector number is none
_BOUNDSHEET, _BOF, _FORMULA, _BOOLERR, _ROW, _COLINFO, _FILEPASS = 0x85, 0x809, 0x06, 0x205, 0x208, 0x7D, 0x2F


def is_locked(data: bytes) -> bool:
    """Whether a password keeps it: an .xlsx within an encrypted package, or an .xls with a FILEPASS record."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    return any(kind == _FILEPASS for kind, _, _ in _records(_workbook(data)))


def xls_marks(data: bytes) -> dict[str, Marks]:
    """By the name of their sheet. Raises ValueError, IndexError for what is none."""
    stream = _workbook(data)
    names = dict[int, str]()
    found = dict[str, Marks]()
    marks = unmarked()
    for kind, start, body in _records(stream):
        if kind == _BOUNDSHEET:
            wide = body[7] & 1
            text = body[8 : 8 + body[6] * (1 + wide)]
            names[struct.unpack_from("<I", body)[0]] = text.decode("utf-16-le" if wide else "latin-1")
        elif kind == _BOF:
            marks = unmarked()
            if start in names:
                found[names[start]] = marks
        elif kind in (_FORMULA, _BOOLERR):
            line, place = struct.unpack_from("<HH", body)
            if kind == _FORMULA:
                marks.formulas.add(address(line + 1, place))
            elif body[7]:
                marks.errors.add(address(line + 1, place))
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first, min(last, 255) + 1))
    return found


def _records(stream: bytes) -> list[tuple[int, int, bytes]]:
    """Kind, where it begins, what it holds."""
    records, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        records.append((kind, at, body.ljust(20, b"\0")))
        at += 4 + size
    return records


def _workbook(data: bytes) -> bytes:
    """The stream of that name in the compound file; empty where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("no compound file")
    large = _Sectors(data[size:], size, [])
    large.after[:] = [
        each for number in _table_sectors(data, large) for each in _numbers(large.sector(number))
    ]
    entries = large.chain(struct.unpack_from("<I", data, 48)[0])
    root = entries[:128]
    for at in range(0, len(entries) - 127, 128):
        entry = entries[at : at + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= struct.unpack_from("<I", data, 56)[0]:
            return large.chain(start)[:length]
        small_table = _numbers(large.chain(struct.unpack_from("<I", data, 60)[0]))
        small = _Sectors(large.chain(struct.unpack_from("<I", root, 116)[0]), 64, small_table)
        return small.chain(start)[:length]
    return b""


class _Sectors(NamedTuple):
    """Pieces of one size, and by the number of each the one that comes after it."""

    data: bytes
    size: int
    after: list[int]

    def sector(self, number: int) -> bytes:
        return self.data[number * self.size : (number + 1) * self.size]

    def chain(self, number: int) -> bytes:
        parts = list[bytes]()
        while number < _FREE:
            if len(parts) > len(self.after):
                raise ValueError("a chain without an end")
            parts.append(self.sector(number))
            number = self.after[number]
        return b"".join(parts)


def _table_sectors(data: bytes, large: _Sectors) -> list[int]:
    """Where the table of what comes after what lies: 109 sectors are in the header, more in a list of their own."""
    named = list(_numbers(data[76:512]))
    more, seen = struct.unpack_from("<I", data, 68)[0], 0
    while more < _FREE:
        *numbers, more = _numbers(large.sector(more))
        named += numbers
        seen += 1
        if seen * large.size > len(data):
            raise ValueError("a chain without an end")
    return [each for each in named if each < _FREE]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
