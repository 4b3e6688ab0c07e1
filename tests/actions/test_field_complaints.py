"""A complaint from the field until its answer (QUA-8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.actions.answer_complaint import AnswerComplaint, answer_complaint
from backend.actions.assess_complaint import AssessComplaint, assess_complaint
from backend.actions.close_complaint import CloseComplaint, close_complaint
from backend.actions.do_job import DoJob, do_job
from backend.actions.investigate_complaint import InvestigateComplaint, investigate_complaint
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.domain.ncrs import Ncr
from backend.domain.notices import Job, Notice
from backend.domain.security import system
from backend.views.loop import complaint_view
from tests.actions.floor import Floor, codes
from tests.actions.shipping import consignee, shipped
from tests.actions.test_dividing import lot_of
from tests.actions.test_loop import day
from tests.actions.test_production import released


@pytest.mark.proves("QUA-8", "QUA-1")
async def test_a_complaint_until_its_answer_with_the_report_that_it_is(floor: Floor) -> None:
    needles = await released(floor)
    near = await consignee(floor)
    await shipped(floor, near, (needles.number, "100"))
    wang, novak = await floor.who("wang"), await floor.who("novak")
    intake = {
        "received_on": day(floor, 0),
        "described": "Needle tip bent, a finger was pricked",
        "reporter": "Dr Chen",
        "lot_number": needles.number,
        "consignee_id": near.id,
    }
    wrong = TakeComplaint(id=floor.new_id(), **(intake | {"received_on": day(floor, 1), "reporter": ""}))
    assert await codes(take_complaint(floor.store, wang, wrong)) == ["received_day_wrong", "reporter_missing"]
    taken = await take_complaint(floor.store, wang, TakeComplaint(id=floor.new_id(), **intake))
    assess = {"complaint_id": taken.id, "harm": "serious"}
    lax = AssessComplaint(id=floor.new_id(), reportable=False, **assess)
    assert await codes(assess_complaint(floor.store, novak, lax)) == ["harm_is_reportable"]
    assessed = await assess_complaint(
        floor.store, novak, AssessComplaint(id=floor.new_id(), reportable=True, **assess)
    )
    assert assessed.due_on == day(floor, 20)
    assert await floor.store.read.all(Notice, "code = 'complaint_reportable'")
    found = InvestigateComplaint(
        id=floor.new_id(),
        complaint_id=taken.id,
        findings="Retained sample bent too.",
        justified=True,
        report="critical",
    )
    investigated = await investigate_complaint(floor.store, novak, found)
    assert investigated.ncr_id is not None
    ncr = await floor.store.read.get(Ncr, investigated.ncr_id)
    assert (ncr.source, ncr.severity, ncr.lot_id) == ("complaint", "critical", needles.id)
    assert (await lot_of(floor, needles.number)).status == "held"
    end = CloseComplaint(id=floor.new_id(), complaint_id=taken.id)
    assert await codes(close_complaint(floor.store, novak, end)) == ["step_not_allowed"]
    reply = AnswerComplaint(id=floor.new_id(), complaint_id=taken.id, reply="The lot is held.")
    await answer_complaint(floor.store, novak, reply)
    await close_complaint(floor.store, novak, CloseComplaint(id=floor.new_id(), complaint_id=taken.id))
    view = await complaint_view(floor.store.read, taken.id)
    assert (view.status, view.ncr_number, view.consignee) == ("closed", ncr.number, f"H-01 · {near.name}")


@pytest.mark.proves("QUA-8")
async def test_a_complaint_whose_day_moved_forward_is_asked_for_once_a_day(floor: Floor) -> None:
    wang, novak = await floor.who("wang"), await floor.who("novak")
    take = TakeComplaint(id=floor.new_id(), received_on=day(floor, 0), described="leaks", reporter="Dr Chen")
    taken = await take_complaint(floor.store, wang, take)
    assess = AssessComplaint(id=floor.new_id(), complaint_id=taken.id, harm="possible", reportable=True)
    await assess_complaint(floor.store, novak, assess)
    waiting = "kind = 'complaint_reminder' and subject_id = $1 and done_at is null order by due_at"
    floor.clock.forward(floor.clock.now + timedelta(days=31))
    for _ in range(3):
        for job in await floor.store.read.all(Job, waiting, taken.id):
            if job.due_at <= floor.store.clock():
                await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
        assert len(await floor.store.read.all(Job, waiting, taken.id)) == 1
        floor.clock.forward(floor.clock.now + timedelta(days=1, hours=1))
