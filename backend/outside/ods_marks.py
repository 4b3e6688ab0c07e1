"""Marks of an .ods workbook, read off its XML (OpenDocument 1.3 part 3, 9.1 and 19): calamine gives values only."""

from __future__ import annotations

import html
import re
import zipfile

from backend.domain.sheets import address
from backend.outside.workbook_marks import Cell, Marks, attributes, unmarked

_TAG = re.compile(
    r"<table:(table|table-column|table-row|table-cell|covered-table-cell)"
    r"""((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/?>"""
)
_FAR = 1 << 20
_MANY = 20_000  # columns of a row, or hidden rows, that are named one by one
_FEW = 1000  # of a cell that is repeated


def ods_marks(package: zipfile.ZipFile) -> dict[str, Marks]:
    """By the name of their sheet."""
    found = dict[str, Marks]()
    name, marks, line, lines, place, columns = "", unmarked(), 0, 0, 0, 0
    for tag in _TAG.finditer(package.read("content.xml").decode()):
        kind, said = tag.groups()
        values = attributes(said)
        hidden = values.get("table:visibility", "visible") != "visible"
        if kind == "table":
            name, marks = html.unescape(values.get("table:name", "")), unmarked()
            line = lines = columns = 0
        elif kind == "table-column":
            times = _times(values, "table:number-columns-repeated")
            if hidden:
                marks.hidden_columns.update(range(columns, columns + min(times, _MANY)))
            columns += times
        elif kind == "table-row":
            line += lines
            lines, place = _times(values, "table:number-rows-repeated"), 0
            if hidden:
                marks.hidden_rows.update(range(line + 1, line + min(lines, _MANY) + 1))
        else:
            times = _times(values, "table:number-columns-repeated")
            _cell(marks, values, (line, place), (lines, times))
            if "office:value-type" in values:
                marks = marks._replace(
                    height=max(marks.height, line + lines), width=max(marks.width, place + times)
                )
            place += times
        found[name] = marks
    return found


def _times(values: dict[str, str], name: str) -> int:
    return min(int(values.get(name, "1")), _FAR)


def _cell(marks: Marks, values: dict[str, str], at: Cell, times: Cell) -> None:
    line, place = at
    down = _times(values, "table:number-rows-spanned")
    across = _times(values, "table:number-columns-spanned")
    if down > 1 or across > 1:
        marks.merged.append((at, (line + down - 1, place + across - 1)))
    formula, shown = "table:formula" in values, values.get("office:value-type") == "percentage"
    if formula or shown:
        names = {
            address(line + 1 + row, place + column)
            for row in range(min(times[0], _FEW))
            for column in range(min(times[1], _FEW))
        }
        (marks.formulas if formula else marks.shown).update(names)
