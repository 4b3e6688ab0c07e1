"""Record that a line or a machine was serviced or repaired; it may be worked on until its next service."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.equipment import EQUIPMENT_STEPS, Equipment, Service, against_day, due_after
from backend.domain.errors import Reason, Refused, Stale
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class ServiceEquipment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done on the day `done_on`, with its papers. A repair does not put the next service off."""

    id: str
    equipment_id: str
    kind: Literal["planned", "repair"]
    done_on: str
    done: str
    attachments: list[str] = []
    version: int | None = None
    device_at: str | None = None


@verb
async def service_equipment(tx: Change, who: Who, command: ServiceEquipment) -> Equipment:
    """Record it. An older service, recorded late, changes nothing about today."""
    equipment = await tx.get(Equipment, command.equipment_id)
    if command.version is not None and command.version != equipment.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "equipment", "id": equipment.code}))
    status = take(EQUIPMENT_STEPS, "service", equipment.status)
    reasons = against_day(command.done_on, tx.today)
    if not command.done.strip():
        reasons.append(Reason("text_missing", field="done"))
    if reasons:
        raise Refused(*reasons)
    planned = command.kind == "planned" and command.done_on >= (equipment.serviced_on or "")
    serviced_on = command.done_on if planned else equipment.serviced_on
    due_on = due_after(serviced_on, equipment.interval_days)
    tx.insert(
        Service(
            id=tx.new_id(),
            site_id=equipment.site_id,
            equipment_id=equipment.id,
            kind=command.kind,
            done_on=command.done_on,
            done=command.done.strip(),
            attachments=command.attachments,
            due_on=due_on,
            person_id=who.person_id,
            at=tx.now,
        )
    )
    changed = tx.update(equipment, status=status, serviced_on=serviced_on, due_on=due_on, ended_at=None)
    if due_on is not None and due_on != equipment.due_on:
        tx.due("service_reminder", equipment.id, f"{due_on}T00:00:00.000000Z")
    tx.record(
        "equipment_serviced",
        "equipment",
        equipment.id,
        reason=command.done.strip(),
        equipment=equipment.code,
        due_on=due_on or "–",
    )
    return changed
