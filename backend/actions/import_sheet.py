"""Take over a spreadsheet of suppliers, materials or order lines: all of it, or nothing (IMP-1)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.import_kinds import ImportKind
from backend.domain.imports import CellFault, Sheet
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.importing import weigh
from backend.store.verb import verb

MOST_NAMED = 50


class ImportSheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was read; `name` and `sha256` of the file it came from."""

    id: str
    sheet: Sheet
    name: str
    sha256: str
    device_at: str | None = None


class Imported(msgspec.Struct, frozen=True):
    """Rows of the file by what came of them."""

    kind: ImportKind
    new: int
    changed: int
    same: int


@verb
async def import_sheet(tx: Change, who: Who, command: ImportSheet) -> Imported:
    """Write what is new and what has changed. Refused with the cells that stand against it, the first fifty."""
    sheet = command.sheet
    outcome = await weigh(tx, who.site_id, sheet, tx.new_id)
    if outcome.faults:
        raise Refused(*as_reasons(outcome.faults))
    for noun in outcome.new:
        tx.insert(noun)
    for change in outcome.changed:
        tx.update(change.noun, **change.fields)
    done = Imported(sheet.kind, outcome.rows_new, outcome.rows_changed, outcome.rows_same)
    tx.record(
        "sheet_imported",
        "site",
        who.site_id,
        kind=sheet.kind,
        file=command.name,
        sha256=command.sha256,
        new=done.new,
        changed=done.changed,
        same=done.same,
    )
    return done


def as_reasons(faults: Sequence[CellFault]) -> list[Reason]:
    """Each fault as a reason whose field is its cell."""
    return [msgspec.structs.replace(each.reason, field=each.cell) for each in faults[:MOST_NAMED]]
