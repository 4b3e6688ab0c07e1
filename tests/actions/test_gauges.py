"""A reading is taken with a gauge that may measure, at every use; a bad one opens assessments that a person closes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.change_gauge_status import ChangeGaugeStatus, change_gauge_status
from backend.actions.close_assessment import CloseAssessment, close_assessment
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.do_job import DoJob, do_job
from backend.actions.record_calibration import Calibrated, RecordCalibration, record_calibration
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.domain.gauges import Assessment, Gauge
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Hold, Lot
from backend.domain.ncrs import Ncr
from backend.domain.notices import Job, Notice
from backend.domain.receiving import Received
from backend.domain.releases import blockers
from backend.domain.security import system
from backend.store.deciding import dossier
from backend.views.inspections import inspection_sheet
from tests.actions.floor import Floor, codes, on_record, refusal

LUER = "0414/3"
"""Its taper is read with a calliper."""


async def gauge(floor: Floor, code: str) -> Gauge:
    found = await floor.store.read.first(Gauge, "code = $1", code)
    assert found is not None
    return found


async def measure(floor: Floor, received: Received, login: str = "li", **entry: Any) -> Recorded:
    assert received.inspection is not None
    fields = {"item_key": "TPR-1", "entered": "4.31"} | entry
    command = RecordResults(
        id=floor.new_id(), inspection_id=received.inspection.id, entries=[Entry(**fields)]
    )
    return await record_results(floor.store, await floor.who(login), command)


async def calibrate(floor: Floor, code: str, **fields: Any) -> Calibrated:
    today = (await floor.store.today(floor.site_id)).isoformat()
    right = {
        "done_on": today,
        "as_found": "out_of_tolerance",
        "as_left": "out_of_tolerance",
        "certificate": "CNAS-9",
    }
    command = RecordCalibration(id=floor.new_id(), gauge_id=(await gauge(floor, code)).id, **(right | fields))
    return await record_calibration(floor.store, await floor.who("novak"), command)


async def step(floor: Floor, code: str, name: Any, login: str = "novak") -> Gauge:
    command = ChangeGaugeStatus(
        id=floor.new_id(), gauge_id=(await gauge(floor, code)).id, step=name, reason="dropped"
    )
    return await change_gauge_status(floor.store, await floor.who(login), command)


async def close(floor: Floor, assessment: Assessment, **fields: Any) -> Assessment:
    right = {"conclusion": "no_effect", "reason": "error below a tenth of the tolerance"}
    command = CloseAssessment(id=floor.new_id(), assessment_id=assessment.id, **(right | fields))
    return await close_assessment(floor.store, await floor.who("novak"), command)


@pytest.mark.proves("RES-6")
async def test_a_reading_holds_the_gauge_as_it_was_at_use(floor: Floor) -> None:
    received = await floor.receive(LUER)
    calliper = await gauge(floor, "G-CAL-01")
    recorded = await measure(floor, received, gauge_id=calliper.id)
    reading = await floor.store.read.get(Reading, recorded.readings[0])
    assert (reading.gauge_id, reading.gauge_due_on, reading.gauge_resolution) == (
        calliper.id,
        calliper.due_on,
        Decimal("0.01"),
    )
    await calibrate(floor, "G-CAL-01", as_found="in_tolerance", as_left="in_tolerance")
    assert await floor.store.read.get(Reading, reading.id) == reading, "a later calibration rewrites nothing"


@pytest.mark.proves("RES-6")
async def test_the_gauge_is_asked_for_once_and_remembered_for_the_person(floor: Floor) -> None:
    received = await floor.receive(LUER)
    assert received.inspection is not None
    assert await codes(measure(floor, received)) == ["gauge_needed"]
    sheet = await inspection_sheet(
        floor.store.read, received.inspection.id, (await floor.who("li")).person_id
    )
    item = next(each for each in sheet.items if each.key == "TPR-1")
    assert item.instrument is not None and (item.instrument.type, item.instrument.gauge_id) == (
        "calliper",
        None,
    )
    assert [each.code for each in sheet.gauges] == ["G-CAL-01", "G-CAL-02", "G-CAL-03"]
    recorded = await measure(floor, received, gauge_id=(await gauge(floor, "G-CAL-01")).id)
    command = CorrectResult(
        id=floor.new_id(), reading_id=recorded.readings[0], entered="4.32", reason="misread", confirmed=True
    )
    corrected = await correct_result(floor.store, await floor.who("li"), command)
    kept = await floor.store.read.get(Reading, corrected.readings[0])
    assert kept.gauge_id == (await gauge(floor, "G-CAL-01")).id, "the same measurement, written down rightly"


@pytest.mark.proves("RES-6")
async def test_who_used_a_gauge_here_is_not_asked_again(floor: Floor) -> None:
    received = await floor.receive("0413/3")
    assert received.inspection is not None
    pressure = await gauge(floor, "G-PRS-01")
    await measure(floor, received, item_key="BUB-1", entered="3.5", gauge_id=pressure.id)
    for login, expected in (("li", pressure.id), ("garcia", None)):
        who = await floor.who(login)
        sheet = await inspection_sheet(floor.store.read, received.inspection.id, who.person_id)
        item = next(each for each in sheet.items if each.key == "BUB-1")
        assert item.instrument is not None and item.instrument.gauge_id == expected
        assert item.reading is not None and item.reading.gauge is not None
        assert item.reading.gauge.code == "G-PRS-01"


@pytest.mark.proves("RES-6")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("G-CAL-02", ["gauge_overdue"]),
        ("G-CAL-03", ["gauge_too_coarse"]),
        ("G-PRS-01", ["gauge_wrong_type", "gauge_other_unit"]),
        ("G-BAL-01", ["gauge_wrong_type", "gauge_other_unit"]),
    ],
)
async def test_an_unfit_gauge_is_refused_and_nothing_is_written(
    floor: Floor, code: str, expected: list[str]
) -> None:
    received = await floor.receive(LUER)
    before = await on_record(floor.store)
    unfit = await gauge(floor, code)
    assert await codes(measure(floor, received, gauge_id=unfit.id)) == expected
    assert await on_record(floor.store) == before


@pytest.mark.proves("RES-6")
async def test_a_value_outside_the_range_of_the_gauge_is_refused(floor: Floor) -> None:
    received = await floor.receive(LUER)
    calliper = await gauge(floor, "G-CAL-01")
    found = await codes(measure(floor, received, entered="151", confirmed=True, gauge_id=calliper.id))
    assert found == ["gauge_out_of_range"]


async def checked_at_start(floor: Floor, gauge_at_start: Gauge) -> bool:
    """The broken twin of RES-6: the gauge is looked at when the inspection begins, and never again."""
    return gauge_at_start.status == "in_use"


@pytest.mark.proves("RES-6")
async def test_a_gauge_locked_out_between_two_readings_is_refused_at_the_second(floor: Floor) -> None:
    first, second = await floor.receive("0413/3"), await floor.receive("0418/3")
    at_start = await gauge(floor, "G-PRS-01")
    for received in (first, second):
        await measure(floor, received, item_key="LBL-0", entered="0")
    await measure(floor, first, item_key="BUB-1", entered="3.5", gauge_id=at_start.id)
    await step(floor, "G-PRS-01", "lock_out")
    reading = measure(floor, second, item_key="BUB-1", entered="3.5", gauge_id=at_start.id)
    assert await codes(reading) == ["gauge_not_in_use"]
    assert await checked_at_start(floor, at_start), "the twin lets it measure"
    await step(floor, "G-PRS-01", "return")
    floor.clock.forward(floor.clock.now + timedelta(days=30))
    reading = measure(floor, second, item_key="BUB-1", entered="3.5", gauge_id=at_start.id)
    assert await codes(reading) == ["gauge_overdue"], "the day counts at each use too"


async def test_plans_without_an_instrument_go_on_as_before(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    recorded = await measure(floor, received, item_key="LEN-1", entered="25.0")
    assert (await floor.store.read.get(Reading, recorded.readings[0])).gauge_id is None


@pytest.mark.proves("RES-7")
async def test_a_gauge_found_out_of_tolerance_opens_an_assessment_for_each_lot(floor: Floor) -> None:
    calliper = await gauge(floor, "G-CAL-01")
    lots = [await floor.receive(order) for order in (LUER, "0418/2")]
    for received in lots:
        await measure(floor, received, gauge_id=calliper.id)
    other = await floor.receive("0419/2")
    await measure(floor, other, item_key="LBL-0", entered="0")
    used = await floor.store.read.all(
        Reading, "gauge_id = $1 and status = 'current' order by at, id", calliper.id
    )
    done = await calibrate(floor, "G-CAL-01")
    assert done.gauge.status == "out_of_tolerance"
    listed = [reading for each in done.assessments for reading in each.readings]
    assert sorted(listed) == sorted(each.id for each in used), "every result since the last good calibration"
    receipts = {each.receipt_id for each in done.assessments}
    assert {received.receipt_id for received in lots} <= receipts and other.receipt_id not in receipts
    novak = await floor.who("novak")
    assert {each.owner_id for each in done.assessments} == {novak.person_id}
    numbers = [each.number for each in done.assessments]
    assert len(set(numbers)) == len(numbers)
    told = await floor.store.read.all(
        Notice, "code = 'assessment_opened' and person_id = $1", novak.person_id
    )
    assert {each.subject_id for each in told} == {each.id for each in done.assessments}
    assert await codes(measure(floor, other, gauge_id=calliper.id)) == ["gauge_not_in_use"]
    assert await codes(step(floor, "G-CAL-01", "return")) == ["step_not_allowed"], (
        "only a calibration returns it"
    )


@pytest.mark.proves("RES-7", "REL-2")
async def test_no_assessment_is_cleared_by_itself_and_release_waits(floor: Floor) -> None:
    calliper = await gauge(floor, "G-CAL-01")
    received = await floor.receive(LUER)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li")
    done = await calibrate(floor, "G-CAL-01")
    mine = next(each for each in done.assessments if each.receipt_id == received.receipt_id)
    assert await floor_blockers(floor, received) == ["assessment_open"]
    await calibrate(floor, "G-CAL-01", as_found="in_tolerance", as_left="in_tolerance", certificate="CNAS-10")
    floor.clock.forward(floor.clock.now + timedelta(days=30))
    job = await floor.store.read.first(Job, "subject_id = $1 and done_at is null", mine.id)
    assert job is not None and job.kind == "assessment_reminder"
    await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
    assert (await floor.store.read.get(Assessment, mine.id)).status == "open", (
        "neither time nor a good calibration"
    )
    assert await floor_blockers(floor, received) == ["assessment_open"]
    sun = await floor.sign_in("sun")
    begun = await refusal(floor.begin(sun.who, received.receipt_id))
    assert [reason.code for reason in begun.reasons] == ["assessment_open"], "the gate says the same"
    assert await codes(close(floor, mine, reason=" ")) == ["reason_missing"]
    closed = await close(floor, mine)
    assert (closed.status, closed.closed_by) == ("closed", (await floor.who("novak")).person_id)
    assert await floor_blockers(floor, received) == []
    assert await codes(close(floor, mine)) == ["step_not_allowed"]
    assert calliper.id == closed.gauge_id


async def floor_blockers(floor: Floor, received: Received) -> list[str]:
    file = await dossier(floor.store.read, received.receipt_id)
    case = file.case((await floor.who("sun")).person_id, (await floor.store.today(floor.site_id)).isoformat())
    assert blockers(msgspec.structs.replace(case, assessments=[])) == [], (
        "the twin that asks nobody would let it go"
    )
    return [reason.code for reason in blockers(case)]


@pytest.mark.proves("RES-7")
async def test_a_conclusion_holds_the_lot_or_inspects_it_again(floor: Floor) -> None:
    held, again = await floor.receive(LUER), await floor.receive("0418/2")
    for received in (held, again):
        assert received.inspection is not None
        await floor.shift.inspect(received.inspection.id, "li")
    done = await calibrate(floor, "G-CAL-01", as_left="in_tolerance")
    assert done.gauge.status == "in_use", "adjusted at once"
    by_receipt = {each.receipt_id: each for each in done.assessments}
    await close(floor, by_receipt[held.receipt_id], conclusion="hold")
    assert (await floor.lot(held)).status == "held"
    ncr = await floor.store.read.first(Ncr, "receipt_id = $1", held.receipt_id)
    hold = await floor.store.read.first(Hold, "receipt_id = $1 and lifted_at is null", held.receipt_id)
    assert ncr is not None and ncr.characteristic == "TPR" and hold is not None and hold.ncr_id == ncr.id
    await close(floor, by_receipt[again.receipt_id], conclusion="re_inspect")
    inspections = await floor.store.read.all(Inspection, "receipt_id = $1 order by number", again.receipt_id)
    assert [each.repeats for each in inspections] == [None, inspections[0].id]
    file = await dossier(floor.store.read, again.receipt_id)
    case = file.case("nobody", (await floor.store.today(floor.site_id)).isoformat())
    assert [reason.code for reason in blockers(case)] == ["items_missing"]


@pytest.mark.proves("RES-7", "REL-5")
@pytest.mark.parametrize(("conclusion", "status"), [("re_inspect", "inspecting"), ("hold", "held")])
async def test_a_release_on_results_in_doubt_is_suspended(floor: Floor, conclusion: str, status: str) -> None:
    done = await calibrate(floor, "G-CAL-01")
    released = done.assessments[0]
    in_force = 'select count(*) from "release" where receipt_id = $1 and superseded_at is null'
    assert (await floor.store.read.rows(in_force, released.receipt_id))[0][0] == 1
    await close(floor, released, conclusion=conclusion)
    assert (await floor.store.read.rows(in_force, released.receipt_id))[0][0] == 0
    assert (await floor.store.read.get(Lot, released.lot_id)).status == status


async def test_an_older_calibration_recorded_late_changes_no_due_day(floor: Floor) -> None:
    calliper = await gauge(floor, "G-CAL-01")
    done = await calibrate(
        floor, "G-CAL-01", done_on="2020-01-01", as_found="in_tolerance", as_left="in_tolerance"
    )
    assert done.gauge == calliper and done.assessments == []


@pytest.mark.proves("REL-10")
async def test_only_quality_keeps_gauges(floor: Floor) -> None:
    assert await codes(step(floor, "G-CAL-01", "lock_out", "li")) == ["not_allowed"]
    assert await codes(calibrate(floor, "G-CAL-01", done_on="2999-01-01")) == ["calibration_day_wrong"]
