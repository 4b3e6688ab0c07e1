"""Add a line or a machine, with the service that it comes from (LOT-12)."""

from __future__ import annotations

import msgspec

from backend.domain.equipment import Equipment, EquipmentKind, against_adding, due_after
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.verb import verb


class AddEquipment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands on it. `interval_days` with the day of its last service, or neither where it needs none."""

    id: str
    kind: EquipmentKind
    code: str
    name: Words
    line: str | None = None
    interval_days: int | None = None
    serviced_on: str | None = None
    device_at: str | None = None


@verb
async def add_equipment(tx: Change, who: Who, command: AddEquipment) -> Equipment:
    """Add it. From then on what is made on this kind of thing names one that is kept."""
    code = command.code.strip()
    same = "site_id = $1 and kind = $2 and code = $3"
    taken = await tx.first(Equipment, same, who.site_id, command.kind, code)
    lines = await tx.all(Equipment, "site_id = $1 and kind = 'line' order by code", who.site_id)
    equipment = Equipment(
        id=tx.new_id(),
        site_id=who.site_id,
        kind=command.kind,
        code=code,
        name=command.name,
        line=(command.line or "").strip() or None,
        interval_days=command.interval_days,
        status="in_use",
        serviced_on=command.serviced_on or None,
        due_on=None,
    )
    if reasons := against_adding(equipment, taken is not None, [each.code for each in lines], tx.today):
        raise Refused(*reasons)
    due_on = due_after(equipment.serviced_on, equipment.interval_days)
    tx.insert(msgspec.structs.replace(equipment, due_on=due_on))
    if due_on is not None:
        tx.due("service_reminder", equipment.id, f"{due_on}T00:00:00.000000Z")
    tx.record("equipment_added", "equipment", equipment.id, equipment=code)
    return equipment
