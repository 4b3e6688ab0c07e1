"""Lines and machines, their services, and what was made on them."""

from __future__ import annotations

from typing import Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.add_equipment import AddEquipment, add_equipment
from backend.actions.change_equipment_status import ChangeEquipmentStatus, change_equipment_status
from backend.actions.service_equipment import ServiceEquipment, service_equipment
from backend.domain.equipment import EquipmentKind
from backend.domain.words import Words
from backend.views.equipment import EquipmentCard, EquipmentLine, equipment_card, list_equipment
from backend.web.asking import Has, Id, Me


class EquipmentBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A new line or machine; with an interval also the day of its last service."""

    id: str
    kind: EquipmentKind
    code: str
    name: Words
    line: str | None = None
    interval_days: int | None = None
    serviced_on: str | None = None
    device_at: str | None = None


class ServiceBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was done to it."""

    id: str
    kind: Literal["planned", "repair"]
    done_on: str
    done: str
    attachments: list[str] = []
    version: int | None = None
    device_at: str | None = None


class EquipmentStatusBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Stopped, back, or retired, and why."""

    id: str
    step: Literal["stop", "return", "retire"]
    reason: str
    version: int | None = None
    device_at: str | None = None


@get("/api/equipment", operation_id="list_equipment")
async def every(me: Me, parts: Has) -> list[EquipmentLine]:
    """What stands still or is due first."""
    return await list_equipment(parts.store.read, me.who.site_id, await parts.store.today(me.who.site_id))


@post("/api/equipment", operation_id="add_equipment")
async def add(data: JSONBody[EquipmentBody], me: Me, parts: Has) -> EquipmentCard:
    """Add it."""
    made = await add_equipment(parts.store, me.who, AddEquipment(**msgspec.structs.asdict(data)))
    return await equipment_card(me.reads(parts.store), made.id, await parts.store.today(me.who.site_id))


@get("/api/equipment/{equipment_id:str}", operation_id="get_equipment")
async def one(equipment_id: Id, me: Me, parts: Has) -> EquipmentCard:
    """With its history."""
    return await equipment_card(me.reads(parts.store), equipment_id, await parts.store.today(me.who.site_id))


@post("/api/equipment/{equipment_id:str}/services", operation_id="service_equipment")
async def service(equipment_id: Id, data: JSONBody[ServiceBody], me: Me, parts: Has) -> EquipmentCard:
    """Record a service or a repair."""
    command = ServiceEquipment(equipment_id=equipment_id, **msgspec.structs.asdict(data))
    await service_equipment(parts.store, me.who, command)
    return await equipment_card(me.reads(parts.store), equipment_id, await parts.store.today(me.who.site_id))


@post("/api/equipment/{equipment_id:str}/status", operation_id="change_equipment_status")
async def change(equipment_id: Id, data: JSONBody[EquipmentStatusBody], me: Me, parts: Has) -> EquipmentCard:
    """Stop it, or bring it back."""
    command = ChangeEquipmentStatus(equipment_id=equipment_id, **msgspec.structs.asdict(data))
    await change_equipment_status(parts.store, me.who, command)
    return await equipment_card(me.reads(parts.store), equipment_id, await parts.store.today(me.who.site_id))


HANDLERS = [every, add, one, service, change]
