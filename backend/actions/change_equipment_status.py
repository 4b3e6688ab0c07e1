"""Stop a line or a machine, bring it back, or retire it, with a reason."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.equipment import EQUIPMENT_STEPS, Equipment
from backend.domain.errors import Reason, Stale, refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class ChangeEquipmentStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which step, and why."""

    id: str
    equipment_id: str
    step: Literal["stop", "return", "retire"]
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def change_equipment_status(tx: Change, who: Who, command: ChangeEquipmentStatus) -> Equipment:
    """Take the step; supervisors and quality engineers hear that something stands still."""
    equipment = await tx.get(Equipment, command.equipment_id)
    if command.version is not None and command.version != equipment.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "equipment", "id": equipment.code}))
    reason = command.reason.strip()
    if not reason:
        raise refuse("reason_missing", field="reason")
    status = take(EQUIPMENT_STEPS, command.step, equipment.status)
    ended_at = None if command.step == "return" else equipment.ended_at or tx.now
    changed = tx.update(equipment, status=status, ended_at=ended_at)
    if command.step == "stop":
        roles = ("supervisor", "quality_engineer")
        facts = {"equipment": equipment.code, "by": who.printed_name, "why": reason}
        await tx.tell_role(roles, "equipment_stopped", "equipment", equipment.id, **facts)
    tx.record(
        "equipment_status_changed",
        "equipment",
        equipment.id,
        reason=reason,
        equipment=equipment.code,
        old=equipment.status,
        new=status,
    )
    return changed
