"""Stock whose retest date has passed is held by itself, and used again only after a retest and a signed decision."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from backend.actions import consume_lot as consuming
from backend.actions.change_item_rules import ChangeItemRules, change_item_rules
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.do_job import DoJob, do_job
from backend.actions.open_retest import OpenRetest, open_retest
from backend.actions.set_retest_date import SetRetestDate, set_retest_date
from backend.domain.days import day_after, start_of
from backend.domain.inspections import Inspection, Reading
from backend.domain.items import Item
from backend.domain.lots import Lot, Portion
from backend.domain.notices import Notice
from backend.domain.receiving import Received
from backend.domain.retests import due
from backend.domain.security import system
from backend.domain.signatures import Release
from backend.store import superseding
from backend.views.due import due_jobs
from tests.actions.floor import Floor, codes, last_event
from tests.actions.test_dividing import lot_of, merge, split
from tests.actions.test_part_decisions import NEEDLES, lies
from tests.actions.test_production import consumed, started

INTERVAL = 30


async def needles_kept(floor: Floor, days: int | None = INTERVAL) -> None:
    item = await floor.store.read.first(Item, "code = 'NDL-21'")
    assert item is not None
    command = ChangeItemRules(
        id=floor.new_id(),
        item_id=item.id,
        retest_days=days,
        contract_maker_id=None,
        reason="supplier's advice",
    )
    await change_item_rules(floor.store, await floor.who("zhou"), command)


async def released(floor: Floor) -> Received:
    await needles_kept(floor)
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    return received


async def clock_runs(floor: Floor) -> int:
    """The runner does what is due now."""
    jobs = await due_jobs(floor.store.read, floor.store.clock())
    for job in jobs:
        await do_job(floor.store, system(floor.site_id), DoJob(id=floor.new_id(), job_id=job.id))
    return len(jobs)


def wait(floor: Floor, days: int) -> None:
    floor.clock.forward(floor.clock.now + timedelta(days=days))


async def retest(floor: Floor, number: str, login: str = "sun") -> Inspection:
    return await open_retest(
        floor.store, await floor.who(login), OpenRetest(id=floor.new_id(), lot_number=number)
    )


@pytest.mark.proves("REL-8")
async def test_the_day_after_the_date_the_lot_is_held_by_itself(floor: Floor) -> None:
    received = await released(floor)
    lot = await floor.lot(received)
    day = await floor.store.today(floor.site_id)
    assert lot.retest_on == (day + timedelta(days=INTERVAL)).isoformat()
    wait(floor, INTERVAL)
    await clock_runs(floor)
    assert (await floor.lot(received)).status == "released", "the last day itself still counts"
    wait(floor, 1)
    await clock_runs(floor)
    assert (await floor.lot(received)).status == "held"
    assert await lies(floor, received) == {"held": Decimal(4000)}
    told = await floor.store.read.all(Notice, "code = 'retest_due' and subject_id = $1", received.lot_number)
    assert told
    await clock_runs(floor)
    assert await floor.count("hold where lot_id = $1 and code = 'retest_due'", received.lot_id) == 1


async def used_after_its_date(floor: Floor) -> None:
    """The runner has not run: the date alone refuses."""
    received = await released(floor)
    wait(floor, INTERVAL + 1)
    lot = await started(floor)
    assert (await floor.lot(received)).status == "released"
    assert await codes(consumed(floor, lot, received.lot_number, "1")) == ["retest_due"]


@pytest.mark.proves("REL-8", "LOT-11")
async def test_the_date_counts_before_the_clock_has_run(floor: Floor) -> None:
    await used_after_its_date(floor)


def naive_due(lot: Lot, today: str) -> list[object]:
    """The broken twin of REL-8: trusts that a clock has held whatever is due."""
    return [] if lot.expires_on is None or lot.expires_on >= today else [object()]


@pytest.mark.proves("REL-8")
async def test_trusting_the_clock_alone_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "due", naive_due)
    with pytest.raises(AssertionError):
        await used_after_its_date(floor)


@pytest.mark.proves("REL-8")
async def test_after_an_accepted_retest_and_a_signed_decision_the_date_moves_on(floor: Floor) -> None:
    received = await released(floor)
    first = await floor.store.read.all(Reading, "inspection_id = $1", received.inspection.id)  # type: ignore[union-attr]
    wait(floor, INTERVAL + 1)
    again = await retest(floor, received.lot_number)
    assert (await last_event(floor.store))["type"] == "retest_opened"
    assert (again.purpose, again.status) == ("retest", "open")
    assert (await floor.lot(received)).status == "held", "opening it holds what is due"
    assert await codes(retest(floor, received.lot_number)) == ["retest_open_already"]
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["items_missing", "retest_due"]
    await floor.shift.inspect(again.id, "li")
    assert (await floor.lot(received)).status == "held", "accepted is not decided"
    await floor.shift.sign(received.receipt_id)
    lot = await floor.lot(received)
    today = await floor.store.today(floor.site_id)
    assert (lot.status, lot.retest_on) == ("released", (today + timedelta(days=INTERVAL)).isoformat())
    assert await floor.count("hold where lot_id = $1 and lifted_at is null", lot.id) == 0
    kept = await floor.store.read.all(Reading, "inspection_id = $1", received.inspection.id)  # type: ignore[union-attr]
    assert kept == first, "the first results stay"
    decisions = await floor.store.read.all(
        Release, "receipt_id = $1 order by decided_at", received.receipt_id
    )
    assert [each.superseded_at is None for each in decisions] == [False, True]
    await consumed(floor, await started(floor), received.lot_number, "1")
    wait(floor, INTERVAL + 1)
    await clock_runs(floor)
    assert (await floor.lot(received)).status == "held", "and the next date has a clock of its own"


@pytest.mark.proves("REL-8")
async def test_a_retest_before_the_date_leaves_the_stock_usable_until_it_is_decided(floor: Floor) -> None:
    received = await released(floor)
    wait(floor, INTERVAL - 5)
    again = await retest(floor, received.lot_number)
    await consumed(floor, await started(floor), received.lot_number, "1")
    sun = (await floor.sign_in("sun")).who
    assert "decided_already" in await codes(floor.begin(sun, received.receipt_id))
    await floor.shift.inspect(again.id, "li")
    before = (await floor.lot(received)).retest_on
    await floor.shift.sign(received.receipt_id)
    lot = await floor.lot(received)
    assert lot.status == "released" and lot.retest_on is not None and before is not None
    assert lot.retest_on > before


@pytest.mark.proves("REL-8", "RES-10")
async def test_a_retest_that_fails_holds_the_lot_and_moves_nothing(floor: Floor) -> None:
    received = await released(floor)
    wait(floor, INTERVAL + 1)
    again = await retest(floor, received.lot_number)
    before = (await floor.lot(received)).retest_on
    await floor.shift.inspect(again.id, "li", {"TIP-0": "1"})
    sun = (await floor.sign_in("sun")).who
    found = await codes(floor.begin(sun, received.receipt_id))
    assert {"inspection_failed", "retest_due", "ncr_open"} <= set(found)
    assert (await floor.lot(received)).retest_on == before


@pytest.mark.proves("REL-8")
async def test_expiry_wins_over_retest(floor: Floor) -> None:
    received = await released(floor)
    lot = await floor.lot(received)
    assert lot.expires_on is not None and lot.retest_on is not None
    floor.clock.forward(floor.clock.now + (date.fromisoformat(lot.expires_on) - floor.clock.now.date()))
    wait(floor, 2)
    assert await codes(retest(floor, received.lot_number)) == ["lot_expired"]
    assert await codes(consumed(floor, await started(floor), received.lot_number, "1")) == ["lot_expired"]
    sun = (await floor.sign_in("sun")).who
    found = await codes(floor.begin(sun, received.receipt_id))
    assert "lot_expired" in found and "retest_due" not in found


DUE: list[tuple[str | None, str | None, list[str]]] = [
    (None, None, []),
    ("2026-11-28", None, []),
    ("2026-11-27", None, ["lot_expired"]),
    (None, "2026-11-28", []),
    (None, "2026-11-27", ["retest_due"]),
    ("2026-11-27", "2026-11-27", ["lot_expired"]),
    ("2026-12-31", "2026-11-27", ["retest_due"]),
]


@pytest.mark.proves("REL-8")
@pytest.mark.parametrize(("expires_on", "retest_on", "expected"), DUE)
def test_what_the_dates_of_a_lot_refuse(
    expires_on: str | None, retest_on: str | None, expected: list[str]
) -> None:
    lot = Lot("l", "s", "L", "i", None, None, None, None, expires_on, "released", "", retest_on=retest_on)
    assert [reason.code for reason in due(lot, "2026-11-28")] == expected


def test_a_date_lies_the_interval_after_a_day_and_a_day_begins_where_the_site_is() -> None:
    assert day_after(30, date(2026, 11, 28)) == "2026-12-28"
    assert day_after(None, date(2026, 11, 28)) is None
    assert start_of(date(2026, 11, 28), "Asia/Shanghai") == "2026-11-27T16:00:00.000000Z"


@pytest.mark.proves("LOT-3", "LOT-4", "REL-8")
async def test_parts_keep_the_date_and_mergers_take_the_earliest(floor: Floor) -> None:
    received = await released(floor)
    child = (await split(floor, received.lot_number, "100")).child
    assert child.retest_on == (await floor.lot(received)).retest_on
    today = await floor.store.today(floor.site_id)
    sooner = (today + timedelta(days=3)).isoformat()
    command = SetRetestDate(id=floor.new_id(), lot_number=child.number, retest_on=sooner, reason="letter")
    await set_retest_date(floor.store, await floor.who("novak"), command)
    merged = await merge(floor, received.lot_number, child.number)
    assert merged.retest_on == sooner
    wait(floor, 4)
    await clock_runs(floor)
    assert (await lot_of(floor, merged.number)).status == "held"


@pytest.mark.proves("REL-8")
async def test_only_a_retest_puts_a_date_off(floor: Floor) -> None:
    received = await released(floor)
    lot = await floor.lot(received)
    assert lot.retest_on is not None
    later = (date.fromisoformat(lot.retest_on) + timedelta(days=1)).isoformat()
    novak = await floor.who("novak")

    def to(day: str, reason: str = "letter") -> SetRetestDate:
        return SetRetestDate(id=floor.new_id(), lot_number=lot.number, retest_on=day, reason=reason)

    assert await codes(set_retest_date(floor.store, novak, to(later))) == ["retest_day_later"]
    assert await codes(set_retest_date(floor.store, novak, to("soon", " "))) == [
        "retest_day_wrong",
        "reason_missing",
    ]
    without = await floor.inspected("0411/1")
    assert (await floor.lot(without)).retest_on is None
    assert await codes(retest(floor, without.lot_number)) == ["retest_day_missing"]
    assert await codes(retest(floor, received.lot_number, "wang")) == ["not_allowed"]


@pytest.mark.proves("SMP-4", "REL-8")
async def test_a_retest_is_no_lot_of_its_series(floor: Floor) -> None:
    received = await released(floor)
    again = await retest(floor, received.lot_number)
    rows = await floor.store.read.rows("select waiting from series_state")
    places = [row[0] for row in rows if again.id in row[0]]
    await floor.shift.inspect(again.id, "li")
    from backend.store.series import past_of

    past = await past_of(floor.store.read, await floor.lot(received), "incoming")
    assert [each.original for each in past if each.inspection == again.id] in ([False], []), places


async def corrected_after_dividing(floor: Floor) -> None:
    """A part with an inspection of its own is released and divided once more; then that inspection changes."""
    received = await released(floor)
    child = (await split(floor, received.lot_number, "100")).child
    again = await retest(floor, child.number)
    await floor.shift.inspect(again.id, "li")
    await floor.shift.sign(again.receipt_id)
    part = (await split(floor, child.number, "40")).child
    assert part.status == "released"
    reading = next(
        each
        for each in await floor.store.read.all(Reading, "inspection_id = $1 order by id", again.id)
        if "." in each.entered
    )
    step = Decimal(1).scaleb(Decimal(reading.entered).as_tuple().exponent)  # type: ignore[arg-type]
    entered = format(Decimal(reading.entered) + step, "f")
    command = CorrectResult(
        id=floor.new_id(), reading_id=reading.id, entered=entered, reason="typed", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)
    for number in (child.number, part.number):
        assert (await lot_of(floor, number)).status == "inspecting", number
    assert (await floor.lot(received)).status == "released", "the delivery's own decision stands"


@pytest.mark.proves("REL-5", "LOT-11")
async def test_what_was_divided_off_a_retested_part_is_suspended_with_it(floor: Floor) -> None:
    await corrected_after_dividing(floor)


@pytest.mark.proves("REL-5", "LOT-11")
async def test_looking_at_the_receipt_alone_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(superseding, "under_decisions", nothing_under)
    with pytest.raises(AssertionError):
        await corrected_after_dividing(floor)


async def nothing_under(*_: object) -> list[Portion]:
    """The broken twin."""
    return []
