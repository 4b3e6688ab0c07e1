"""Hand an inspection over to a colleague, who goes on at the question where it stands."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot
from backend.domain.people import Person, Who
from backend.store.change import Change
from backend.store.people import holders
from backend.store.verb import verb


class HandOverInspection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which inspection, to whom, and what they need to know."""

    id: str
    inspection_id: str
    to_id: str
    remark: str = ""
    device_at: str | None = None


class HandedOver(msgspec.Struct, frozen=True):
    """Who was told."""

    inspection_id: str
    to_id: str
    printed_name: str


@verb
async def hand_over_inspection(tx: Change, who: Who, command: HandOverInspection) -> HandedOver:
    """Tell them. An inspection belongs to nobody: whoever opens it goes on, so nothing has to be given back."""
    inspection = await tx.get(Inspection, command.inspection_id)
    if inspection.site_id != who.site_id:
        raise refuse("other_site")
    if inspection.status not in ("open", "in_progress"):
        raise refuse("inspection_finished", inspection=inspection.number, status=inspection.status)
    asked = holders(who.site_id, tx.now, ("inspector",))
    colleagues = {person.id: person for person in await tx.all(Person, asked.where, *asked.args)}
    person = colleagues.get(command.to_id)
    if person is None or person.id == who.person_id:
        raise refuse("person_no_inspector", field="to_id")
    lot = await tx.get(Lot, inspection.lot_id)
    tx.tell(
        person.id,
        "inspection_handed_over",
        "inspection",
        inspection.id,
        inspection=inspection.number,
        lot=lot.number,
        by=who.printed_name,
        why=command.remark.strip(),
    )
    tx.record(
        "inspection_handed_over",
        "inspection",
        inspection.id,
        reason=command.remark.strip() or None,
        inspection=inspection.number,
        to=person.printed_name,
    )
    return HandedOver(inspection.id, person.id, person.printed_name)
