"""A nonconformity report from an audit exception: it names what it comes from, and one exception makes one."""

from __future__ import annotations

from typing import Any

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.report_exception import ReportException, report_exception
from backend.domain.dashboards import Reported
from backend.domain.inspections import Reading
from backend.domain.ncrs import Ncr
from backend.views.dashboards import records_behind
from backend.views.ncrs import ncr_report
from tests.actions.floor import Floor, codes, last_event


async def reported(floor: Floor, kind: Any, id: str, what: str = "corrected after review") -> Ncr:
    command = ReportException(id=floor.new_id(), about_kind=kind, about_id=id, what=what, severity="minor")
    return await report_exception(floor.store, await floor.who("novak"), command)


@pytest.mark.proves("QUA-1", "RES-5")
async def test_a_corrected_result_makes_one_report_that_names_it(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    assert received.inspection is not None
    id = received.inspection.id
    old = await floor.store.read.first(
        Reading, "inspection_id = $1 and status = 'current' and value is not null order by id", id
    )
    assert old is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=old.id, entered=str(old.entered), reason="read again", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    day = floor.clock.now.date()
    behind = await records_behind(floor.store.read, floor.site_id, "compliance", "corrections", None, 30, day)
    record = next(each for each in behind.records if each.id == id)
    assert record.reported is None
    ncr = await reported(floor, record.kind, record.id)
    behind = await records_behind(floor.store.read, floor.site_id, "compliance", "corrections", None, 30, day)
    assert [each.reported for each in behind.records if each.id == id] == [Reported(ncr.id, ncr.number, True)]
    assert (ncr.source, ncr.severity, ncr.lot_id) == ("audit", "minor", received.lot_id)
    assert (await last_event(floor.store))["facts"]["about"] == f"inspection/{id}"
    view = await ncr_report(floor.store.read, ncr.id)
    assert (view.about_kind, view.about_id) == ("inspection", id)
    assert (await floor.lot(received)).status == "held"
    assert await codes(reported(floor, "inspection", id, " ")) == ["what_missing", "exception_reported"]


@pytest.mark.proves("QUA-1")
async def test_a_refused_attempt_about_a_lot_makes_one_and_a_sign_in_does_not(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    event = await last_event(floor.store)
    assert event["type"] == "lot_received"
    ncr = await reported(floor, "event", event["id"])
    assert (ncr.about_kind, ncr.lot_id) == ("event", received.lot_id)
    person = (await floor.store.read.rows("select id from event where type = 'master_data_loaded' limit 1"))[
        0
    ][0]
    assert await codes(reported(floor, "event", person)) == ["exception_without_lot"]
    assert await codes(reported(floor, "event", floor.new_id())) == ["exception_without_lot"]
