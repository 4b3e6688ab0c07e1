"""The pages of numbers on the demo factory: counted on both engines from the records that they open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from backend.views.dashboards import PAGES, dashboard, records_behind
from tests.actions.floor import Floor


@pytest.mark.proves("QUA-1")
async def test_every_number_is_counted_from_the_records_that_it_opens(floor: Floor) -> None:
    read, site, today = floor.store.read, floor.site_id, floor.clock.now.date()
    for page in PAGES:
        view = await dashboard(read, site, page, 90, today)
        for figure in view.figures:
            records = await records_behind(read, site, page, figure.code, None, 90, today)
            counted = figure.of if figure.form.startswith("share") else figure.value
            assert len(records.records) + records.more == counted, figure.code
            for bar in figure.bars:
                part = await records_behind(read, site, page, figure.code, bar.key, 90, today)
                assert len(part.records) + part.more == (bar.of if bar.of is not None else bar.value)
    quality = {each.code: each for each in (await dashboard(read, site, "quality", 90, today)).figures}
    reports = await floor.count("ncr")
    assert quality["ncr_trend"].value == quality["ncr_pareto"].value == Decimal(reports) > 0
    assert quality["first_pass_yield"].of and quality["first_pass_yield"].value


async def test_lots_as_they_stand_are_all_lots(floor: Floor) -> None:
    """Every state that a lot can have is counted, and none that no lot has is shown."""
    view = await dashboard(floor.store.read, floor.site_id, "production", 90, floor.clock.now.date())
    rows = await floor.store.read.rows(
        "select status, count(*) from lot where site_id = $1 group by status", floor.site_id
    )
    assert {each.status: each.count for each in view.lots} == dict(rows)
    assert len(view.lots) > 2


async def test_an_inspection_is_on_time_within_a_day_of_its_opening(floor: Floor) -> None:
    read, site = floor.store.read, floor.site_id
    before = await _on_time(floor)
    quick = await floor.receive("0411/1")
    assert quick.inspection is not None
    await floor.shift.inspect(quick.inspection.id, "li")
    slow = await floor.receive("0412/2")
    assert slow.inspection is not None
    floor.clock.forward(floor.clock.now + timedelta(hours=25))
    await floor.shift.inspect(slow.inspection.id, "li")
    records = await records_behind(
        read, site, "production", "on_time", None, 90, floor.clock.now.date() + timedelta(1)
    )
    found = {each.number: each.hit for each in records.records}
    assert found[quick.inspection.number] is True
    assert found[slow.inspection.number] is False
    assert (await _on_time(floor)) == before + 2


async def _on_time(floor: Floor) -> int:
    view = await dashboard(
        floor.store.read, floor.site_id, "production", 90, floor.clock.now.date() + timedelta(1)
    )
    return next(each.of or 0 for each in view.figures if each.code == "on_time")
