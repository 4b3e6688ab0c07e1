"""Tables that people keep elsewhere: bytes of a CSV file to text, text to cells, and what a spreadsheet calls a cell.

bytes      UTF-8 with or without its mark, UTF-16 with its mark, else GB18030; what is none of these is refused
separator  comma, semicolon or tab
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import msgspec

from backend.domain.errors import refuse

SEPARATORS = ("\t", ";", ",")


class Table(msgspec.Struct, frozen=True):
    """One sheet as text: its rows with their line in the file (from 1), and what a value there can't be trusted for.

    `formulas`: addresses of cells that hold a formula. `merged`: addresses of all cells of merged ranges.
    """

    rows: list[tuple[int, list[str]]]
    formulas: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()


def csv_table(data: bytes) -> Table:
    """The rows of a CSV file. Refuses `csv_not_text`, `csv_row_broken`."""
    text, _ = decoded(data)
    heads = text.splitlines()[:30]
    counts = {sign: sum(line.count(sign) for line in heads) for sign in SEPARATORS}
    return Table(csv_lines(text, max(SEPARATORS, key=counts.__getitem__)))


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and the name of its encoding. Refuses `csv_not_text`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[tuple[str, str], ...] = (("utf-16", "UTF-16"),)
    else:
        candidates = (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"))
    for codec, name in candidates:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, name
    raise refuse("csv_not_text", field="file")


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


def address(line: int, place: int) -> str:
    """`C17`: line 17, third column (`place` 2)."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{line}"
