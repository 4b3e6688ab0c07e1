"""Spreadsheets of any make to one table of text: .xlsx, .xls, .ods by calamine, the rest as CSV.

Sheets that are hidden or empty are left aside. What a person sees and what the file holds may differ where a cell is
computed, merged, an error or shown as another number, and where rows or columns are hidden, so all of these are named
(`workbook_marks`). Numbers and days come as the one text form, never as a locale shows them. A small file that unpacks
to much (a bomb), or says that it has a cell at its far end, is refused before it is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import python_calamine

from backend.domain.errors import refuse
from backend.domain.sheets import MOST_BYTES, Table, Typed, address, csv_table
from backend.outside.ods_marks import ods_marks
from backend.outside.workbook_marks import Marks, unmarked
from backend.outside.xls_marks import is_locked, xls_marks
from backend.outside.xlsx_marks import xlsx_marks

MOST_UNPACKED = 1_000_000_000
MOST_TIMES = 100  # a large file that packs itself better than this is none that people write
_SMALL = 20_000_000
MOST_CELLS = 20_000_000
_ZIP, _OLD, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


def read_table(data: bytes) -> Table:
    """The first sheet of a file with something on it, the others beside it.

    Refuses `file_too_large`, `workbook_unreadable`, `workbook_locked`, and what a CSV refuses.
    """
    if len(data) > MOST_BYTES:
        raise too_large(len(data))
    if data.startswith(_PDF) or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise refuse("workbook_unreadable", field="file")  # a web page that is called .xls
    if not data.startswith((_ZIP, _OLD)):
        return csv_table(data)
    tables = _tables(data, _marks(data))
    return msgspec.structs.replace(tables[0], others=tuple(tables[1:])) if tables else Table([])


def _tables(data: bytes, marks: dict[str, Marks]) -> list[Table]:
    tables, cells = [], 0
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        for each in workbook.sheets_metadata:
            if each.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            if each.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            marked = marks.get(each.name, unmarked())
            cells += marked.height * marked.width
            if cells > MOST_CELLS:
                raise too_large(len(data))
            sheet = workbook.get_sheet_by_name(each.name)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise too_large(len(data))
            table = _table(sheet, marked)
            if any(cell for _, row in table.rows for cell in row) or table.formulas or table.errors:
                tables.append(table)
    except python_calamine.PasswordError:
        raise refuse("workbook_locked", field="file") from None
    except (python_calamine.CalamineError, IndexError):
        raise refuse("workbook_unreadable", field="file") from None
    return tables


def _table(sheet: Any, marked: Marks) -> Table:
    rows = [
        (line, [_text(cell) for cell in row])
        for line, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
    ]
    width = max((len(row) for _, row in rows), default=0)
    ranges = [*(sheet.merged_cell_ranges or []), *marked.merged]
    merged = set[str]()
    for start, end in ranges:
        for line in range(start[0] + 1, min(end[0] + 1, len(rows)) + 1):
            merged.update(address(line, place) for place in range(start[1], min(end[1] + 1, width)))
    return Table(
        rows,
        frozenset(marked.formulas),
        frozenset(merged),
        frozenset(marked.errors),
        frozenset(marked.shown),
        frozenset(marked.hidden_rows),
        frozenset(marked.hidden_columns),
        name=sheet.name,
    )


def _text(cell: Any) -> str:
    """A cell in the one form: 12.5, 10, 2026-11-28, with a time of day only where there is one."""
    match cell:
        case str():
            return cell
        case bool():
            return _typed("TRUE" if cell else "FALSE", "truth")
        case float():
            # Fifteen digits are what a spreadsheet shows; the rest is what binary fractions leave behind.
            whole = cell.is_integer() and abs(cell) < 1e15
            return _typed(str(int(cell)) if whole else format(cell, ".15g"), "number")
        case datetime():
            said = cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
            return _typed(said, "day")
        case date() | time() | timedelta():
            return _typed(str(cell), "day")
    return str(cell)


def _typed(text: str, kind: Any) -> Typed:
    typed = Typed(text)
    typed.kind = kind
    return typed


def _marks(data: bytes) -> dict[str, Marks]:
    """By the name of their sheet. Refuses what is no workbook, what is locked, and bombs."""
    try:
        if data.startswith(_OLD):
            if is_locked(data):
                raise refuse("workbook_locked", field="file")
            return xls_marks(data)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(each.file_size for each in package.infolist())
            if unpacked > MOST_UNPACKED or unpacked > max(_SMALL, MOST_TIMES * len(data)):
                raise too_large(len(data))
            names = set(package.namelist())
            if "xl/workbook.xml" in names:
                return xlsx_marks(package)
            if {"content.xml", "mimetype"} <= names:
                return ods_marks(package)
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, RuntimeError, EOFError):
        pass
    raise refuse("workbook_unreadable", field="file")


def too_large(size: int) -> Exception:
    """What is refused of a file of so many bytes."""
    return refuse("file_too_large", field="file", bytes=size, most=MOST_BYTES)
