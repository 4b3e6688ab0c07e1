"""A spreadsheet on its way in: columns found, cells read, everything that is wrong named by its cell (IMP-1).

    form       a cell is read as
    code       text without blanks at its ends; a number stands for its digits
    text       any text
    count      a whole number, 0 or more
    quantity   a plain decimal above 0; `1,200` and `10 kg` are asked about
    day        2026-11-28, 2026/11/28, 2026.11.28, 20261128, 2026年11月28日; anything else is asked about
    choice     one of the words of `import_kinds.CHOICES`
    gtin       8, 12, 13 or 14 digits with their check digit (GS1 General Specifications 7.9); kept as 14

A blank cell leaves what is there as it is. A formula, or a cell of a merged range, is refused: what it shows is not
what the file holds for every reader.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from backend.domain.errors import Fact, Reason, refuse
from backend.domain.gs1_values import check_digit
from backend.domain.import_kinds import CHOICES, COLUMNS, KEY, Column, ImportKind
from backend.domain.sheets import Table, address, header_name

MOST_ROWS = 1_000_000
MOST_TEXT = 200
_LOOK = 30  # rows among which the header is
_DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_QUANTITY = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")
_GTIN_SIZES = (8, 12, 13, 14)


class CellFault(msgspec.Struct, frozen=True):
    """What is wrong with a cell, and where: `C17` under the header that names its column."""

    cell: str
    line: int
    field: str
    header: str
    text: str
    reason: Reason


class ImportRow(msgspec.Struct, frozen=True):
    """A line of the file: by field what its cells say in the one form, blank ones left out."""

    line: int
    values: dict[str, str]


class Sheet(msgspec.Struct, frozen=True):
    """A file as it was understood. `columns`: field to header; `headers`: all that there are, to choose from."""

    kind: ImportKind
    columns: dict[str, str]
    headers: list[str]
    places: dict[str, int]
    rows: list[ImportRow]
    faults: list[CellFault]


def read_import(
    kind: ImportKind, table: Table, told: Mapping[str, str] | None = None, most: int = MOST_ROWS
) -> Sheet:
    """Read a table as a kind; `told`: headers by field where they are not known by name.

    Refuses `import_columns_missing`, `import_empty` and `import_too_long`; everything else is a fault of its cell.
    """
    if unknown := sorted({*(told or {})} - {column.field for column in COLUMNS[kind]}):
        raise refuse("import_columns_missing", field="columns", columns=unknown)
    head, places = _header(kind, table, told or {})
    line, cells = table.rows[head]
    headers = [cell.strip() for cell in cells if cell.strip()]
    columns = {field: cells[place].strip() for field, place in places.items()}
    body = [(line, row) for line, row in table.rows[head + 1 :] if any(cell.strip() for cell in row)]
    if not body:
        raise refuse("import_empty", field="file", line=line)
    if len(body) > most:
        raise refuse("import_too_long", field="file", rows=len(body), most=most)
    by_field = {column.field: column for column in COLUMNS[kind]}
    faults = list[CellFault]()
    rows = [
        ImportRow(line, _values(kind, by_field, columns, places, line, row, table, faults))
        for line, row in body
    ]
    return Sheet(kind, columns, headers, places, rows, [*faults, *_twice(kind, rows, columns, places)])


def fault(sheet: Sheet, row: ImportRow, field: str, code: str, /, **facts: Fact) -> CellFault:
    """A fault of a field of a row that was read."""
    return _fault(
        row.line, field, sheet.columns.get(field, field), sheet.places.get(field, 0), row.values.get(field, ""),
        Reason(code, facts, field),
    )  # fmt: skip


def _header(kind: ImportKind, table: Table, told: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    needed = [column.field for column in COLUMNS[kind] if column.needed]
    best = dict[str, int]()
    for place, (_, cells) in enumerate(table.rows[:_LOOK]):
        found = _places(kind, cells, told)
        if all(field in found for field in needed):
            return place, found
        best = max(best, found, key=len)
    missing = [told.get(field, field) for field in needed if field not in best]
    raise refuse("import_columns_missing", field="columns", columns=missing)


def _places(kind: ImportKind, cells: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    names = [header_name(cell) for cell in cells]
    places = dict[str, int]()
    for column in COLUMNS[kind]:
        wanted = [header_name(told[column.field])] if column.field in told else column.headers.split()
        found = next((names.index(name) for name in wanted if name in names), None)
        if found is not None and found not in places.values():
            places[column.field] = found
    return places


def _values(
    kind: ImportKind,
    by_field: Mapping[str, Column],
    columns: Mapping[str, str],
    places: Mapping[str, int],
    line: int,
    row: Sequence[str],
    table: Table,
    faults: list[CellFault],
) -> dict[str, str]:
    values = dict[str, str]()
    for field, place in places.items():
        column = by_field[field]
        text = unicodedata.normalize("NFC", row[place]).strip() if place < len(row) else ""
        cell = address(line, place) if table.formulas or table.merged else ""
        read: str | Reason
        if cell in table.formulas:
            read = Reason("cell_formula")
        elif cell in table.merged:
            read = Reason("cell_merged")
        elif not text:
            if not column.needed:
                continue
            read = Reason("cell_empty")
        else:
            read = read_cell(kind, column, text)
        if isinstance(read, Reason):
            reason = msgspec.structs.replace(read, field=field)
            faults.append(_fault(line, field, columns[field], place, text, reason))
        else:
            values[field] = read
    return values


def read_cell(kind: ImportKind, column: Column, text: str) -> str | Reason:
    """What a cell says in the one form, or why it can't be told."""
    if len(text) > MOST_TEXT:
        return Reason("cell_too_long", {"most": MOST_TEXT})
    plain = unicodedata.normalize("NFKC", text)
    match column.form:
        case "text":
            return text
        case "code":
            return plain if plain.isprintable() else Reason("cell_unprintable")
        case "count":
            return (
                str(int(plain))
                if re.fullmatch("[0-9]{1,9}", plain)
                else Reason("cell_no_count", {"text": text})
            )
        case "quantity":
            return _quantity(plain)
        case "day":
            return _day(plain)
        case "gtin":
            return _gtin(plain)
        case "country":
            return _country(plain)
        case "choice":
            choices = CHOICES[kind, column.field]
            known = choices.get(header_name(plain))
            return known or Reason(
                "cell_no_choice", {"text": text, "choices": ", ".join(sorted({*choices.values()}))}
            )


def _quantity(text: str) -> str | Reason:
    if not _QUANTITY.fullmatch(text):
        return Reason("cell_no_quantity", {"text": text})
    value = Decimal(text)
    return format(value, "f") if value > 0 else Reason("quantity_not_positive", {"quantity": text})


def _day(text: str) -> str | Reason:
    match = _DAY.fullmatch(text)
    if match is not None:
        year, *rest = (int(part) for part in match.groups() if part)
        try:
            return date(year, *rest).isoformat()
        except ValueError:
            pass
    return Reason("cell_no_day", {"text": text})


def _country(text: str) -> str | Reason:
    """ISO 3166-1, two letters; the two names that stand in most of our readers' sheets."""
    code = {"中国": "CN", "CHINA": "CN"}.get(text.upper(), text.upper())
    return code if re.fullmatch("[A-Z]{2}", code) else Reason("cell_no_country", {"text": text})


def _gtin(text: str) -> str | Reason:
    if not re.fullmatch("[0-9]+", text) or len(text) not in _GTIN_SIZES:
        return Reason("cell_no_gtin", {"text": text})
    digit = check_digit(text[:-1])
    if digit != text[-1]:
        return Reason("check_digit_wrong", {"value": text, "expected": digit})
    return text.zfill(14)


def _twice(
    kind: ImportKind, rows: Sequence[ImportRow], columns: Mapping[str, str], places: Mapping[str, int]
) -> list[CellFault]:
    """Rows that name the same thing: which of them holds is not for us to say."""
    first, found = dict[tuple[str, ...], int](), list[CellFault]()
    needed = {column.field for column in COLUMNS[kind] if column.needed}
    for row in rows:
        key = tuple(row.values.get(field, "") for field in KEY[kind])
        if any(not said and field in needed for field, said in zip(KEY[kind], key, strict=True)):
            continue
        line = first.setdefault(key, row.line)
        if line != row.line:
            field = next(field for field in reversed(KEY[kind]) if field in row.values)
            reason = Reason("row_twice", {"line": line}, field)
            found.append(_fault(row.line, field, columns[field], places[field], row.values[field], reason))
    return found


def _fault(line: int, field: str, header: str, place: int, text: str, reason: Reason) -> CellFault:
    return CellFault(address(line, place), line, field, header, text, reason)
