"""What a spreadsheet would do to the master data, before anything is written."""

from __future__ import annotations

import uuid
from datetime import date

import msgspec

from backend.domain.errors import Reason
from backend.domain.import_kinds import COLUMNS, ImportKind
from backend.domain.imports import CellFault, Sheet
from backend.domain.people import Who
from backend.store.importing import weigh
from backend.store.reader import Reader

MOST_SHOWN = 200


class ImportColumn(msgspec.Struct, frozen=True):
    """A column of a kind, and the header that it was found under."""

    field: str
    needed: bool
    header: str | None


class SheetTrial(msgspec.Struct, frozen=True):
    """`faults`: the first of `fault_count`, in the order of the file. Nothing can be written while there are any, or
    while `wrong` says something."""

    kind: ImportKind
    rows: int
    columns: list[ImportColumn]
    headers: list[str]
    new: int
    changed: int
    same: int
    fault_count: int
    faults: list[CellFault]
    landed: list[CellFault]
    """Rows that name an alias, with the record that they land on; the first of them."""
    wrong: list[Reason]
    """Why the columns can't be told; no row was read then."""
    unread: list[str]
    """Headers of columns that nothing is taken from."""
    sheet: str
    """Which sheet of the workbook was read; empty for a text file."""


async def sheet_trial(read: Reader, who: Who, sheet: Sheet, today: date) -> SheetTrial:
    """Weigh a sheet without writing; `today` at the site."""
    outcome = await weigh(read, who.site_id, sheet, lambda: str(uuid.uuid4()), today)
    return SheetTrial(
        sheet.kind,
        len(sheet.rows),
        [
            ImportColumn(each.field, each.needed, sheet.columns.get(each.field))
            for each in COLUMNS[sheet.kind]
        ],
        sheet.headers,
        outcome.rows_new,
        outcome.rows_changed,
        outcome.rows_same,
        len(outcome.faults),
        outcome.faults[:MOST_SHOWN],
        outcome.landed[:MOST_SHOWN],
        sheet.wrong,
        sheet.unread,
        sheet.name,
    )


async def imported_at(read: Reader, command_id: str) -> str | None:
    """When a sheet was taken over by this very command; None: it was not."""
    rows = await read.rows("select at from command_record where id = $1", command_id)
    return rows[0][0] if rows else None
