"""Lines and machines of the demo factory: one whose service is due soon, one that stands still."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from backend.actions.add_equipment import AddEquipment, add_equipment
from backend.actions.change_equipment_status import ChangeEquipmentStatus, change_equipment_status
from backend.demo.shift import Shift
from backend.domain.equipment import EquipmentKind
from backend.domain.words import Words


class DemoMachine(NamedTuple):
    """`due_in`: days until the next service, of `interval` days."""

    kind: EquipmentKind
    code: str
    name: Words
    line: str | None = None
    due_in: int | None = None
    interval: int | None = None


MACHINES = (
    DemoMachine("line", "LINE-1", Words("Assembly line 1", "装配线 1")),
    DemoMachine("line", "LINE-2", Words("Assembly line 2", "装配线 2")),
    DemoMachine("equipment", "SEAL-01", Words("Pouch sealer", "封口机"), "LINE-1", 6, 90),
    DemoMachine("equipment", "WASH-02", Words("Washer for inserts", "部件清洗机"), "LINE-2", 41, 60),
    DemoMachine("equipment", "PRESS-3", Words("Bonding press", "粘接压机"), "LINE-1", 120, 180),
    DemoMachine("equipment", "LEAK-01", Words("Leak tester", "检漏仪"), "LINE-2", 75, 90),
)


async def add_machines(shift: Shift) -> None:
    """By the supervisor; the leak tester was stopped this morning."""
    who, today = await shift.who("sun"), await shift.store.today(shift.site_id)
    for each in MACHINES:
        serviced = None
        if each.due_in is not None and each.interval is not None:
            serviced = (today + timedelta(each.due_in - each.interval)).isoformat()
        added = await add_equipment(
            shift.store,
            who,
            AddEquipment(
                id=shift.store.new_id(),
                kind=each.kind,
                code=each.code,
                name=each.name,
                line=each.line,
                interval_days=each.interval,
                serviced_on=serviced,
            ),
        )
    stopped = ChangeEquipmentStatus(
        id=shift.store.new_id(), equipment_id=added.id, step="stop", reason="压力传感器读数漂移，等待更换"
    )
    await change_equipment_status(shift.store, who, stopped)
