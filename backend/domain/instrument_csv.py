"""The table that an instrument or a spreadsheet writes: bytes to rows, each with its line in the file (RES-9).

bytes      UTF-8 with or without its mark, UTF-16 with its mark, else GB18030; what is none of these is refused
separator  comma, semicolon or tab: whichever parts the header into the most columns
header     the first of the file's first lines that names an item and a value, in English or Chinese, or as told
numbers    as people type them; a file's decimal sign may be said, so that 1,234 is one thing
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from backend.domain.errors import refuse
from backend.domain.sheets import csv_lines, decoded, header_name

Role = Literal["item", "sample", "value", "unit", "gauge"]
DecimalSign = Literal["", ".", ","]
ROLES: tuple[Role, ...] = ("item", "sample", "value", "unit", "gauge")
MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
_LOOK = 30  # lines before which a header must have come
_KNOWN: dict[Role, str] = {
    "item": "item characteristic feature code test parameter 项目 检验项 检验项目 特性 检测项目 测试项目 代码",
    "sample": "sample sampleno samplenumber sample# no # piece 样本 样品 样本号 样品号 样本编号 样品编号 序号 件号",
    "value": "value result reading measured measurement actual 值 结果 测量值 实测值 读数 检测结果 测量结果 测定值",
    "unit": "unit units uom 单位",
    "gauge": "gauge instrument equipment device 量具 量具编号 仪器 仪器编号 设备 设备编号",
}
_NAMES = {role: names.split() for role, names in _KNOWN.items()}


class Row(msgspec.Struct, frozen=True):
    """A line of the file, its cells by what they are."""

    line: int
    cells: dict[Role, str]


class Sheet(msgspec.Struct, frozen=True):
    """A file as it was understood: `columns` by what they are, named as in its header."""

    encoding: str
    separator: str
    columns: dict[Role, str]
    rows: list[Row]


def read_sheet(data: bytes, columns: Mapping[Role, str] | None = None) -> Sheet:
    """Rows of a file. Refuses `csv_too_large`, `csv_not_text`, `csv_columns_missing`, `csv_row_broken`."""
    if len(data) > MOST_BYTES:
        raise refuse("csv_too_large", field="file", bytes=len(data), most=MOST_BYTES)
    text, encoding = decoded(data)
    separator = _separator(text)
    lines = csv_lines(text, separator)
    head, places = _header(lines, columns or {})
    rows = []
    width = len(lines[head][1])
    for number, cells in lines[head + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raise refuse("csv_row_broken", field=f"{number}", line=number, columns=len(cells), expected=width)
        found = {role: cells[place].strip() if place < len(cells) else "" for role, place in places.items()}
        rows.append(Row(number, found))
    if len(rows) > MOST_ROWS:
        raise refuse("csv_too_large", field="file", rows=len(rows), most=MOST_ROWS)
    names = {role: lines[head][1][place].strip() for role, place in places.items()}
    return Sheet(encoding, separator, names, rows)


def plain_number(text: str, decimal: DecimalSign) -> str:
    """A number of a file whose decimal sign is known, with a point and without groups."""
    if not decimal:
        return text
    group = "." if decimal == "," else ","
    return text.replace(group, "").replace(decimal, ".") if re.search(r"[0-9]", text) else text


def _separator(text: str) -> str:
    heads = text.splitlines()[:_LOOK]
    counts = {sign: max((line.count(sign) for line in heads), default=0) for sign in ("\t", ";", ",")}
    named = {sign: any(_roles_of(line.split(sign)) >= {"item", "value"} for line in heads) for sign in counts}
    return max(counts, key=lambda sign: (named[sign], counts[sign]))


def _header(lines: list[tuple[int, list[str]]], told: Mapping[Role, str]) -> tuple[int, dict[Role, int]]:
    for place, (_, cells) in enumerate(lines[:_LOOK]):
        places = _places(cells, told)
        if {"item", "value"} <= places.keys() and told.keys() <= places.keys():
            return place, places
    missing = [role for role in ROLES if role in ("item", "value") or role in told]
    raise refuse("csv_columns_missing", field="columns", columns=[told.get(role, role) for role in missing])


def _places(cells: list[str], told: Mapping[Role, str]) -> dict[Role, int]:
    """Where each column is: as told by its name, else by a name that is known."""
    names = [header_name(cell) for cell in cells]
    places: dict[Role, int] = {}
    for role in ROLES:
        wanted = [header_name(told[role])] if role in told else _NAMES[role]
        found = next((names.index(name) for name in wanted if name in names), None)
        if found is not None and found not in places.values():
            places[role] = found
    return places


def _roles_of(cells: list[str]) -> set[str]:
    return set(_places([cell.strip().strip('"') for cell in cells], {}))
