"""An inspection was begun in a chat and nobody goes on: its person is reminded, then it is anybody's again."""

from __future__ import annotations

import msgspec

from backend.domain.events import Value
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot
from backend.domain.people import Person, Who
from backend.store.change import Change
from backend.store.people import holders
from backend.store.verb import verb

INSPECTORS = ("inspector",)


class LeaveInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Who left which; `back`: to the pool, after a reminder did not help."""

    id: str
    inspection_id: str
    person_id: str
    answered: int
    total: int
    back: bool = False
    device_at: str | None = None


@verb
async def leave_inspection(tx: Change, who: Who, command: LeaveInspection) -> bool:
    """Tell its person, or all inspectors; whether there was anything left to do."""
    inspection = await tx.get(Inspection, command.inspection_id)
    if inspection.status not in ("open", "in_progress"):
        return False
    lot = await tx.get(Lot, inspection.lot_id)
    facts: dict[str, Value] = {
        "inspection": inspection.number,
        "lot": lot.number,
        "answered": command.answered,
        "total": command.total,
    }
    if not command.back:
        tx.tell(command.person_id, "inspection_left", "inspection", inspection.id, **facts)
        tx.record("inspection_left", "inspection", inspection.id, inspection=inspection.number)
        return True
    asked = holders(inspection.site_id, tx.now, INSPECTORS)
    inspectors = {person.id for person in await tx.all(Person, asked.where, *asked.args)}
    for person_id in sorted(inspectors | {command.person_id}):
        tx.tell(person_id, "inspection_returned", "inspection", inspection.id, **facts)
    tx.record("inspection_returned", "inspection", inspection.id, inspection=inspection.number)
    return True
