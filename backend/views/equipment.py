"""Lines and machines: what is due first, and the card with its services and with what was made on it."""

from __future__ import annotations

from datetime import date

import msgspec

from backend.domain.equipment import Equipment, EquipmentKind, Service, standing
from backend.domain.words import Words
from backend.store.reader import Reader
from backend.views.people import printed_names

MOST_LOTS = 50


class EquipmentLine(msgspec.Struct, frozen=True):
    """One in a list; `standing` is in_use, due_soon, overdue, out_of_order or retired today."""

    id: str
    kind: EquipmentKind
    code: str
    name: Words
    line: str | None
    interval_days: int | None
    standing: str
    serviced_on: str | None
    due_on: str | None
    version: int


class ServiceLine(msgspec.Struct, frozen=True):
    """One service or repair of its history."""

    id: str
    kind: str
    done_on: str
    done: str
    attachments: list[str]
    due_on: str | None
    by: str
    at: str


class MadeLine(msgspec.Struct, frozen=True):
    """One lot that was made on it; `since_service`: nobody has looked at the machine since."""

    number: str
    item: Words
    status: str
    at: str
    since_service: bool


class EquipmentCard(msgspec.Struct, frozen=True):
    """With its history; `made` are the newest."""

    equipment: EquipmentLine
    services: list[ServiceLine]
    made: list[MadeLine]


def equipment_line(equipment: Equipment, today: date) -> EquipmentLine:
    """As it stands on a day."""
    return EquipmentLine(
        equipment.id,
        equipment.kind,
        equipment.code,
        equipment.name,
        equipment.line,
        equipment.interval_days,
        standing(equipment, today.isoformat()),
        equipment.serviced_on,
        equipment.due_on,
        equipment.version,
    )


async def list_equipment(read: Reader, site_id: str, today: date) -> list[EquipmentLine]:
    """What stands still first, then what is due; retired ones last."""
    found = await read.all(
        Equipment,
        "site_id = $1 order by case status when 'out_of_order' then 0 when 'in_use' then 1 else 2 end, "
        "coalesce(due_on, '9999'), kind desc, code",
        site_id,
    )
    return [equipment_line(each, today) for each in found]


async def equipment_card(read: Reader, equipment_id: str, today: date) -> EquipmentCard:
    """By id."""
    equipment = await read.get(Equipment, equipment_id)
    services = await read.all(Service, "equipment_id = $1 order by done_on desc, at desc", equipment.id)
    names = await printed_names(read, equipment.site_id)
    made = await read.rows(
        "select lot.number, item.name, lot.status, min(process_fact.at) from process_fact join lot on lot.id = lot_id "
        "join item on item.id = lot.item_id where process_fact.site_id = $1 and process_fact.kind = $2 and "
        "process_fact.code = $3 group by lot.number, item.name, lot.status order by 4 desc, 1 desc limit $4",
        equipment.site_id,
        equipment.kind,
        equipment.code,
        MOST_LOTS,
    )
    last = max((each.at for each in services), default="")
    return EquipmentCard(
        equipment_line(equipment, today),
        [_line(each, names) for each in services],
        [
            MadeLine(number, msgspec.json.decode(name, type=Words), status, at, at > last)
            for number, name, status, at in made
        ],
    )


def _line(service: Service, names: dict[str, str]) -> ServiceLine:
    return ServiceLine(
        service.id,
        service.kind,
        service.done_on,
        service.done,
        service.attachments,
        service.due_on,
        names.get(service.person_id, ""),
        service.at,
    )
