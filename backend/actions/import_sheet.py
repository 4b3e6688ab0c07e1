"""Take over a spreadsheet of master data, order lines, opening stock or complaints: all of it, or nothing (IMP-1)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.complaints import Intake
from backend.domain.equipment import Equipment
from backend.domain.errors import Reason, Refused
from backend.domain.events import Value
from backend.domain.import_kinds import ImportKind
from backend.domain.imports import CellFault, Sheet
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.complaining import take_many
from backend.store.importing import weigh
from backend.store.opening_stock import OpeningRow
from backend.store.qualifying import hold_stock
from backend.store.taking_over import Taking, take_stock
from backend.store.verb import verb
from backend.store.weighing import Changed, Outcome

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
    landed: int = 0
    """Rows that name an alias and have landed on the record that it is."""


@verb
async def import_sheet(tx: Change, who: Who, command: ImportSheet) -> Imported:
    """Write what is new and what has changed. Refused with the cells that stand against it, the first fifty."""
    sheet = command.sheet
    if sheet.wrong:
        raise Refused(*sheet.wrong)
    outcome = await weigh(tx, who.site_id, sheet, tx.new_id, tx.today)
    if outcome.faults:
        raise Refused(*as_reasons(outcome.faults))
    opening = [noun for noun in outcome.new if isinstance(noun, OpeningRow)]
    stock = await take_stock(tx, opening, Taking(command.name, command.sha256))
    if stock.get("as_released"):
        waits = {"count": stock["as_released"], "file": command.name}
        await tx.tell_who_may("sign_take_over", "opening_waits", "opening_stock", who.site_id, **waits)
    await take_many(tx, [noun for noun in outcome.new if isinstance(noun, Intake)], command.name)
    for noun in outcome.new:
        if not isinstance(noun, OpeningRow | Intake):
            tx.insert(noun)
    for change in outcome.changed:
        tx.update(change.noun, **change.fields)
    _wind(tx, outcome)
    held = await _blocked(tx, outcome.changed, command.name)
    done = Imported(
        sheet.kind, outcome.rows_new, outcome.rows_changed, outcome.rows_same, len(outcome.landed)
    )
    tx.record(
        "sheet_imported",
        "site",
        who.site_id,
        reason=None,
        kind=sheet.kind,
        file=command.name,
        sha256=command.sha256,
        new=done.new,
        changed=done.changed,
        same=done.same,
        **({"landed": done.landed} if done.landed else {}),
        **held,
        **stock,
    )
    return done


def _wind(tx: Change, outcome: Outcome) -> None:
    """Equipment with a service that will be due is asked for then."""
    for noun in outcome.new:
        if isinstance(noun, Equipment) and noun.due_on is not None:
            tx.due("service_reminder", noun.id, f"{noun.due_on}T00:00:00.000000Z")
    for changed in outcome.changed:
        if isinstance(changed.noun, Equipment) and changed.fields.get("due_on"):
            tx.due("service_reminder", changed.noun.id, f"{changed.fields['due_on']}T00:00:00.000000Z")


async def _blocked(tx: Change, changed: Sequence[Changed], name: str) -> dict[str, Value]:
    """A supplier that a sheet blocks is blocked as by hand: what lies here of it is held. For the log: which lots."""
    held: list[str] = []
    for each in changed:
        if isinstance(each.noun, Supplier) and each.fields.get("status") == "blocked":
            held += (await hold_stock(tx, each.noun, None, name)).held
    return {"held": held} if held else {}


def as_reasons(faults: Sequence[CellFault]) -> list[Reason]:
    """Each fault as a reason whose field is its cell."""
    return [msgspec.structs.replace(each.reason, field=each.cell) for each in faults[:MOST_NAMED]]
