"""Tables that people keep elsewhere: bytes of a CSV file to text, text to cells, and what a spreadsheet calls a cell.

bytes      UTF-8 with or without its mark, UTF-16 with its mark, else GB18030 where it reads as Chinese of every day;
           what is none of these, and what may be of another code page (Windows-1252, Big5), is refused
separator  comma, semicolon, tab or bar: whichever parts most lines into the same number of columns; `sep=;` says it
line       a row as a spreadsheet numbers it: a line break within quotes begins none
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from typing import Literal

import msgspec

from backend.domain.errors import refuse

MOST_BYTES = 100_000_000
"""Of a file that is read at all."""
SEPARATORS = ("\t", ";", ",", "|")
_LOOK = 20_000  # signs that are looked at for a separator
_SAYS = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_EVERY_DAY = 0.8
_ENOUGH = 1_000_000  # bytes that are looked at for a language


class Typed(str):
    """A cell that the file holds as something else than text; `kind` says as what."""

    __slots__ = ("kind",)
    kind: Literal["number", "day", "truth"]


class Table(msgspec.Struct, frozen=True):
    """One sheet as text: its rows with their line in the file (from 1), and what a value there can't be trusted for.

    By address: `formulas`, `errors` such as #N/A, `shown` where a number is shown as another (000123, 50%), `merged`
    all cells of merged ranges. `hidden_rows` are lines, `hidden_columns` places from 0. `delimited`: of a text file,
    where one sign too many moves what stands behind it; `cut`: it ends within a row, as
    where it was cut off. `others`: further sheets with something on them.
    """

    rows: list[tuple[int, list[str]]]
    formulas: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    errors: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    delimited: bool = False
    cut: bool = False
    name: str = ""
    others: tuple[Table, ...] = ()


def csv_table(data: bytes) -> Table:
    """The rows of a CSV file. Refuses `csv_not_text`, `csv_encoding_unsure`, `csv_row_broken`."""
    text, _ = decoded(data)
    if said := _SAYS.match(text):
        text, separator = text[said.end() :], said.group(1)
    else:
        separator = _separator(text)
    rows = csv_lines(text, separator)
    table = [(line, cells) for line, (_, cells) in enumerate(rows, 1)]
    return Table(table, delimited=True, cut=not text.endswith(("\n", "\r")))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding. Refuses `csv_not_text`, `csv_encoding_unsure`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[tuple[str, str], ...] = (("utf-16", "UTF-16"),)
    else:
        candidates = (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"))
    for codec, name in candidates:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            continue
        if name == "GB18030" and not _reads_as_chinese(data):
            raise refuse("csv_encoding_unsure", field="file")
        return text.lstrip("\ufeff"), name
    raise refuse("csv_not_text", field="file")


def _reads_as_chinese(data: bytes) -> bool:
    """Whether most pairs are signs or level 1 of GB 2312: what Müller or Big5 come to as GB18030 is mostly neither."""
    pairs = re.findall(rb"([\xa1-\xa9\xb0-\xd7][\xa1-\xfe])|[\x81-\xfe][\x30-\xfe]", data[:_ENOUGH])
    return sum(map(bool, pairs)) >= _EVERY_DAY * len(pairs)


def _separator(text: str) -> str:
    """Of two that part as many lines alike the one that makes more columns."""
    head = text[:_LOOK]
    if len(text) > _LOOK:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head

    def parts(sign: str) -> tuple[int, int]:
        try:
            widths = Counter(
                len(cells) for cells in csv.reader(io.StringIO(head, newline=""), delimiter=sign)
            )
        except csv.Error:
            return 0, 0
        found = [(times, width) for width, times in widths.items() if width > 1]
        return max(found, default=(0, 0))

    return max(SEPARATORS, key=parts)


def csv_lines(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Rows with the line that each ends at. Refuses `csv_row_broken`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines = []
    try:
        for cells in reader:
            lines.append((reader.line_num, cells))
    except csv.Error:
        raise refuse("csv_row_broken", field=f"{reader.line_num}", line=reader.line_num) from None
    return lines


def header_name(text: str) -> str:
    """Case, blanks, and what stands in brackets (a unit) do not count."""
    bare = re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s_.:\-*]", "", bare).casefold().strip('"')


def header_unit(text: str) -> str:
    """What stands in brackets: `箱` of 数量（箱）; empty where there are none."""
    found = re.search(r"[(\[]\s*(.*?)\s*[)\]]", unicodedata.normalize("NFKC", text))
    return found.group(1) if found else ""


def letters(place: int) -> str:
    """`C`: the third column (`place` 2)."""
    said = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def address(line: int, place: int) -> str:
    """`C17`: line 17, third column (`place` 2)."""
    return f"{letters(place)}{line}"
