"""Lines and machines: nothing is made on what is stopped, overdue or not kept; a service lets it be used again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.actions.add_equipment import AddEquipment, add_equipment
from backend.actions.change_equipment_status import ChangeEquipmentStatus, change_equipment_status
from backend.actions.do_job import DoJob, do_job
from backend.actions.service_equipment import ServiceEquipment, service_equipment
from backend.actions.state_process import StateProcess, state_process
from backend.domain import equipment as rules
from backend.domain.equipment import Equipment
from backend.domain.errors import Reason
from backend.domain.lots import Lot
from backend.domain.notices import Job, Notice
from backend.domain.process_facts import StatedFact
from backend.domain.security import system
from backend.domain.words import Words
from backend.store import equipping
from backend.views.equipment import equipment_card
from tests.actions.floor import Floor, codes
from tests.actions.test_nonconformities import disposed, failed, rework_done
from tests.actions.test_production import started

NAME = Words("Press", "压机")


async def added(floor: Floor, code: str, **more: Any) -> Equipment:
    right = {"kind": "equipment", "name": NAME} | more
    command = AddEquipment(id=floor.new_id(), code=code, **right)
    return await add_equipment(floor.store, await floor.who("sun"), command)


async def serviced(floor: Floor, equipment: Equipment, days_ago: int = 0, **more: Any) -> Equipment:
    day = (await floor.store.today(floor.site_id)) - timedelta(days=days_ago)
    right = {"kind": "planned", "done": "greased", "done_on": day.isoformat()} | more
    command = ServiceEquipment(id=floor.new_id(), equipment_id=equipment.id, **right)
    return await service_equipment(floor.store, await floor.who("zhao"), command)


async def step(floor: Floor, equipment: Equipment, step: Any, reason: str = "leaks oil") -> Equipment:
    command = ChangeEquipmentStatus(id=floor.new_id(), equipment_id=equipment.id, step=step, reason=reason)
    return await change_equipment_status(floor.store, await floor.who("zhao"), command)


async def stated(floor: Floor, lot: Lot, code: str) -> Lot:
    facts = [StatedFact("parameter", "temperature", "121", "C"), StatedFact("equipment", code)]
    command = StateProcess(id=floor.new_id(), lot_id=lot.id, facts=facts)
    return await state_process(floor.store, await floor.who("zhao"), command)


async def days(floor: Floor, count: int) -> str:
    return ((await floor.store.today(floor.site_id)) + timedelta(days=count)).isoformat()


async def stopped_is_refused(floor: Floor) -> None:
    before = await started(floor)
    await stated(floor, before, "PRESS-9")  # nothing is kept yet: the text stands as it was written
    press = await added(floor, "PRESS-3", interval_days=90, serviced_on=await days(floor, -80))
    await step(floor, press, "stop")
    assert await floor.store.read.all(Notice, "code = 'equipment_stopped'")
    floor.clock.forward(floor.clock.now + timedelta(minutes=1))
    lot = await started(floor)
    assert await codes(stated(floor, lot, "PRESS-3")) == ["equipment_not_in_use"]
    await stated(floor, before, "PRESS-3")  # begun before it was stopped
    await step(floor, press, "return", "was dirt only")
    await stated(floor, lot, "PRESS-3")
    card = await equipment_card(floor.store.read, press.id, await floor.store.today(floor.site_id))
    assert {each.number for each in card.made} == {lot.number, before.number}
    assert all(each.since_service for each in card.made)


@pytest.mark.proves("LOT-12")
async def test_nothing_is_made_on_what_was_stopped(floor: Floor) -> None:
    await stopped_is_refused(floor)


def trusting(*_: object) -> list[Reason]:
    """The broken twin: whatever is written is believed."""
    return []


@pytest.mark.proves("LOT-12")
async def test_a_site_that_believes_any_code_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equipping, "against_use", trusting)
    with pytest.raises(AssertionError, match="was not refused"):
        await stopped_is_refused(floor)


@pytest.mark.proves("LOT-12")
async def test_a_service_that_is_due_is_asked_for_every_day_and_lets_it_be_used_again(floor: Floor) -> None:
    press = await added(floor, "PRESS-3", interval_days=90, serviced_on=await days(floor, -90))
    (job,) = await floor.store.read.all(Job, "kind = 'service_reminder'")
    await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
    assert await floor.store.read.all(Notice, "code = 'service_due'")
    assert len(await floor.store.read.all(Job, "kind = 'service_reminder' and done_at is null")) == 1
    await stated(floor, await started(floor), "PRESS-3")  # its last day
    floor.clock.forward(floor.clock.now + timedelta(days=1))
    lot = await started(floor)
    assert await codes(stated(floor, lot, "PRESS-3")) == ["equipment_overdue"]
    await serviced(floor, press, kind="repair", done="new seal")
    assert await codes(stated(floor, lot, "PRESS-3")) == ["equipment_overdue"], "a repair is no service"
    assert await codes(serviced(floor, press, days_ago=-1)) == ["service_day_wrong"]
    assert await codes(serviced(floor, press, done=" ")) == ["text_missing"]
    after = await serviced(floor, press)
    assert after.due_on == await days(floor, 90)
    await stated(floor, lot, "PRESS-3")
    late = await serviced(floor, after, days_ago=30)
    assert late.due_on == after.due_on, "an older one, recorded late, changes nothing about today"


@pytest.mark.proves("LOT-6", "LOT-12")
async def test_a_rework_names_what_is_kept_and_says_what_is_near(floor: Floor) -> None:
    _, ncr = await failed(floor)
    ncr = await disposed(floor, ncr, "rework")
    await added(floor, "LINE-1", kind="line")
    assert await codes(rework_done(floor, ncr, line="LINE-7")) == ["equipment_unknown"]
    done = await rework_done(floor, ncr, line="LINE-1", equipment="bench 4")
    assert (done.line, done.equipment) == ("LINE-1", "bench 4"), "machines are not kept: the text stands"


async def test_what_can_not_be_added(floor: Floor) -> None:
    await added(floor, "L1", kind="line")
    assert await codes(added(floor, "L1", kind="line")) == ["equipment_code_taken"]
    assert await codes(added(floor, " ")) == ["text_missing"]
    assert await codes(added(floor, "M1", line="L2")) == ["equipment_unknown"]
    assert await codes(added(floor, "M1", interval_days=90)) == ["service_day_missing"]
    tomorrow = await days(floor, 1)
    assert await codes(added(floor, "M1", interval_days=90, serviced_on=tomorrow)) == ["service_day_wrong"]
    assert await codes(added(floor, "M1", interval_days=0, serviced_on="2026-01-01")) == ["interval_invalid"]
    machine = await added(floor, "M1", line="L1")
    assert (machine.due_on, rules.standing(machine, "2099-01-01")) == (None, "in_use")
    await step(floor, machine, "retire")
    assert await codes(step(floor, machine, "return")) == ["step_not_allowed"]
    assert await codes(step(floor, machine, "stop", " ")) == ["reason_missing"]
