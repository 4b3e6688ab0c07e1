"""A spreadsheet on its way in: columns found, cells read, everything that is wrong named by its cell (IMP-1).

A blank cell leaves what is there as it is. Refused at its cell: a formula, an error, a cell of a merged range and a
number that is shown as another, since what it shows is not what the file holds for every reader; a row or a column that
is hidden, since nobody has looked at it; a header between the rows, a row of totals, and of a text file what stands
beyond the last header, since one sign too many has moved it there. Which column is what: `import_columns`; how a cell
is read: `import_cells`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import msgspec

from backend.domain.errors import Fact, Reason, refuse
from backend.domain.import_cells import alike, read_cell
from backend.domain.import_columns import Found, find_columns
from backend.domain.import_kinds import COLUMNS, KEY, Column, ImportKind
from backend.domain.sheets import Table, Typed, address, header_unit
from backend.domain.units import is_unit

MOST_ROWS = 1_000_000
_SHOWN = frozenset({"code", "text", "prose", "count", "quantity"})
_TOTALS = frozenset(
    {"合计", "总计", "小计", "累计", "total", "totals", "subtotal", "grandtotal", "sum", "summe"}
)
_TIMES = frozenset(
    [
        "年",
        "月",
        "个月",
        "周",
        "星期",
        "时",
        "小时",
        "y",
        "yr",
        "yrs",
        "year",
        "years",
        "m",
        "month",
        "months",
        "w",
        "wk",
        "week",
        "weeks",
        "h",
        "hours",
    ]
)
_MANY = ("千", "万", "百", "thousand", "hundred", "000", "dozen", "打")
_EXACT = frozenset({"old_number", "location", "line", "kind"})
"""Parts of a key that are what they are; of others case, width and blanks do not part two."""


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
    """A file as it was understood. `columns`: field to header; `headers`: all that there are, to choose from; `units`:
    what a header says in brackets where it is a unit; `wrong`: why the columns can't be told, with no row read then.
    """

    kind: ImportKind
    columns: dict[str, str]
    headers: list[str]
    places: dict[str, int]
    rows: list[ImportRow]
    faults: list[CellFault]
    wrong: list[Reason] = []
    units: dict[str, str] = {}
    name: str = ""

    @property
    def unread(self) -> list[str]:
        """Headers of columns that nothing is taken from."""
        used = {*self.columns.values()}
        return [each for each in self.headers if each not in used]


def read_import(
    kind: ImportKind, table: Table, told: Mapping[str, str] | None = None, most: int = MOST_ROWS
) -> Sheet:
    """Read a table as a kind; `told`: headers by field where they are not known by name.

    Refuses `import_empty` and `import_too_long`; what is unclear about the columns is `wrong`, everything else is a
    fault of its cell.
    """
    if not any(cell.strip() for _, cells in table.rows for cell in cells):
        raise refuse("import_empty", field="file", line=0)
    found = find_columns(kind, table, told or {})
    table = found.table
    columns = {field: found.labels[place] for field, place in found.places.items()}
    headers = [label for label in found.labels if label]
    if found.wrong:
        return Sheet(kind, columns, headers, found.places, [], [], found.wrong, name=table.name)
    head, cells = table.rows[found.head]
    body = [(line, row) for line, row in table.rows[found.head + 1 :] if any(cell.strip() for cell in row)]
    if not body:
        raise refuse("import_empty", field="file", line=head)
    if len(body) > most:
        raise refuse("import_too_long", field="file", rows=len(body), most=most)
    reading = _Reading(kind, found, columns, table)
    rows = [reading.row(line, row, cells) for line, row in body]
    reading.end(table, *body[-1])
    twice = _twice(kind, rows, columns, found.places)
    said = {field: header_unit(header) for field, header in columns.items()}
    units = {field: text for field, text in said.items() if text and is_unit(text)}
    faults = [*_of_header(kind, found, columns, head), *reading.faults, *twice]
    return Sheet(kind, columns, headers, found.places, rows, faults, [], units, table.name)


def fault(sheet: Sheet, row: ImportRow, field: str, code: str, /, **facts: Fact) -> CellFault:
    """A fault of a field of a row that was read."""
    return _fault(
        row.line, field, sheet.columns.get(field, field), sheet.places.get(field, 0), row.values.get(field, ""),
        Reason(code, facts, field),
    )  # fmt: skip


class _Reading:
    """Reads the rows of one table, and keeps what is wrong."""

    def __init__(self, kind: ImportKind, found: Found, columns: Mapping[str, str], table: Table) -> None:
        self.kind, self.columns, self.table = kind, columns, table
        by_field = {column.field: column for column in COLUMNS[kind]}
        self.places = [(field, place, by_field[field]) for field, place in found.places.items()]
        self.first = min(self.places, key=lambda each: each[1])
        self.width = max((place + 1 for place, label in enumerate(found.labels) if label), default=0)
        self.marked = bool(table.formulas or table.merged or table.errors or table.shown)
        self.faults = list[CellFault]()

    def row(self, line: int, row: Sequence[str], head: Sequence[str]) -> ImportRow:
        if (wrong := self._whole(line, row, head)) is not None:
            self.faults.append(wrong)
            return ImportRow(line, {})
        values = dict[str, str]()
        for field, place, column in self.places:
            raw = row[place] if place < len(row) else ""
            text = raw if isinstance(raw, Typed) else unicodedata.normalize("NFC", raw).strip()
            read = self._cell(line, place, column, text)
            if isinstance(read, Reason):
                reason = msgspec.structs.replace(read, field=field)
                self.faults.append(_fault(line, field, self.columns[field], place, text, reason))
            elif read:
                values[field] = read
        return ImportRow(line, values)

    def end(self, table: Table, line: int, row: Sequence[str]) -> None:
        """A last row that has fewer cells than there are headers, with no end of its line: what came of it is all."""
        if table.cut and len(row) < self.width:
            field, _, _ = self.first
            self.faults.append(_fault(line, field, "", len(row), "", Reason("row_cut_off", {}, field)))

    def _whole(self, line: int, row: Sequence[str], head: Sequence[str]) -> CellFault | None:
        """Why a row is none to be read at all."""
        field, place, _ = self.first
        reason: Reason | None = None
        if line in self.table.hidden_rows:
            reason = Reason("row_hidden", {}, field)
        elif row == head:
            reason = Reason("row_is_header", {}, field)
        elif _is_total(row):
            reason = Reason("row_is_total", {}, field)
        elif self.table.delimited:
            beyond = (each for each in range(self.width, len(row)) if row[each].strip())
            if (at := next(beyond, None)) is not None:
                return _fault(line, field, "", at, row[at], Reason("row_too_wide", {}, field))
        text = row[place].strip() if place < len(row) else ""
        if reason is None:
            return None
        return _fault(line, field, self.columns[field], place, text, reason)

    def _cell(self, line: int, place: int, column: Column, text: str) -> str | Reason:
        cell = address(line, place) if self.marked else ""
        if cell in self.table.formulas:
            return Reason("cell_formula")
        if cell in self.table.merged:
            return Reason("cell_merged")
        if cell in self.table.errors:
            return Reason("cell_error", {"text": text or "#N/A"})
        if not text:
            return Reason("cell_empty") if column.needed else ""
        if cell in self.table.shown and column.form in _SHOWN:
            return Reason("cell_shown_otherwise", {"text": str(text)})
        return read_cell(self.kind, column, text)


def _is_total(row: Sequence[str]) -> bool:
    first = next(cell for cell in row if cell.strip())
    return len(first) <= 20 and "".join(first.casefold().split()).rstrip("：:") in _TOTALS


def _of_header(kind: ImportKind, found: Found, columns: Mapping[str, str], line: int) -> list[CellFault]:
    """Columns that can't be read as they stand: hidden, or counted in something else."""
    faults = []
    for column in COLUMNS[kind]:
        place = found.places.get(column.field)
        if place is None:
            continue
        header = columns[column.field]
        said = header_unit(header)
        if place in found.table.hidden_columns:
            reason = Reason("column_hidden", {}, column.field)
        elif column.field.endswith("_days") and said.casefold() in _TIMES:
            reason = Reason("header_unit_differs", {"unit": said, "wanted": "d 天"}, column.field)
        elif (
            column.form == "quantity" and not is_unit(said) and any(each in said.casefold() for each in _MANY)
        ):
            reason = Reason("header_unit_differs", {"unit": said, "wanted": "1"}, column.field)
        else:
            continue
        faults.append(_fault(line, column.field, header, place, header, reason))
    return faults


def _twice(
    kind: ImportKind, rows: Sequence[ImportRow], columns: Mapping[str, str], places: Mapping[str, int]
) -> list[CellFault]:
    """Rows that name the same thing: which of them holds is not for us to say."""
    first, found = dict[tuple[str, ...], int](), list[CellFault]()
    needed = {column.field for column in COLUMNS[kind] if column.needed}
    for row in rows:
        said = [(field, row.values.get(field, "")) for field in KEY[kind]]
        key = tuple(text if field in _EXACT else alike(text) for field, text in said)
        if any(not text and field in needed for field, text in said):
            continue
        line = first.setdefault(key, row.line)
        if line != row.line:
            field = next(field for field in reversed(KEY[kind]) if field in row.values)
            reason = Reason("row_twice", {"line": line}, field)
            found.append(_fault(row.line, field, columns[field], places[field], row.values[field], reason))
    return found


def _fault(line: int, field: str, header: str, place: int, text: str, reason: Reason) -> CellFault:
    return CellFault(address(line, place), line, field, header, str(text), reason)
