"""Spreadsheets of any make to one table of text: .xlsx, .xls, .ods by calamine, the rest as CSV.

A workbook's first sheet that is not hidden is read. What a person sees and what the file holds may differ where a cell
is computed or merged, so those cells are named. Numbers and days come as the one text form, never as a locale shows
them. A small file that unpacks to much (a bomb) is refused before it is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from backend.domain.errors import refuse
from backend.domain.sheets import Table, address, csv_table

MOST_BYTES = 100_000_000
MOST_UNPACKED = 1_000_000_000
MOST_CELLS = 20_000_000
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[ />]')


def read_table(data: bytes) -> Table:
    """A file's table. Refuses `file_too_large`, `workbook_unreadable`, `workbook_locked`, and what a CSV refuses."""
    if len(data) > MOST_BYTES:
        raise refuse("file_too_large", field="file", bytes=len(data), most=MOST_BYTES)
    if not data.startswith((_ZIP, _OLD)):
        return csv_table(data)
    formulas = _formulas(data) if data.startswith(_ZIP) else dict[str, frozenset[str]]()
    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        seen = [
            each.name
            for each in workbook.sheets_metadata
            if each.visible == python_calamine.SheetVisibleEnum.Visible
            and each.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheet = workbook.get_sheet_by_name(seen[0])
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            raise refuse("file_too_large", field="file", bytes=len(data), most=MOST_BYTES)
        rows = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except python_calamine.PasswordError:
        raise refuse("workbook_locked", field="file") from None
    except (python_calamine.CalamineError, IndexError):
        raise refuse("workbook_unreadable", field="file") from None
    return Table(
        [(line, [_text(cell) for cell in row]) for line, row in enumerate(rows, start=1)],
        formulas.get(seen[0], frozenset()),
        frozenset(each for start, end in merged for each in _range(start, end)),
    )


def _text(cell: Any) -> str:
    """A cell in the one form: 12.5, 10, 2026-11-28, with a time of day only where there is one."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
        case date() | time() | timedelta():
            return str(cell)
    return str(cell)


def _range(start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    lines = range(start[0], min(end[0], start[0] + 10_000) + 1)
    return [address(line + 1, place) for line in lines for place in range(start[1], end[1] + 1)]


def _formulas(data: bytes) -> dict[str, frozenset[str]]:
    """Addresses of computed cells of an .xlsx file, by the name of their sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(each.file_size for each in package.infolist()) > MOST_UNPACKED:
                raise refuse("file_too_large", field="file", bytes=len(data), most=MOST_BYTES)
            names = set(package.namelist())
            if "xl/workbook.xml" not in names:
                return {}
            return {
                name: frozenset(found.decode() for found in _FORMULA.findall(package.read(part)))
                for name, part in _parts(package)
                if part in names
            }
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, RuntimeError):
        raise refuse("workbook_unreadable", field="file") from None


def _parts(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets of a workbook: name, and the part of the package that holds it."""
    related = package.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for tag in re.findall(r"<Relationship [^>]*>", related):
        values = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[values.get("Id", "")] = values.get("Target", "")
    found = []
    for tag in re.findall(r"<(?:\w+:)?sheet [^>]*>", package.read("xl/workbook.xml").decode()):
        values = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        target = targets.get(values.get("r:id", ""), "")
        found.append(
            (_plain(values.get("name", "")), target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        )
    return found


def _plain(text: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
