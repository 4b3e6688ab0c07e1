"""What stands against stock goes with it through splits, mergers and use: corrections, failures, gauges, holds."""

from __future__ import annotations

import pytest

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.notices import Notice
from backend.domain.receiving import Received
from backend.domain.signatures import Release
from backend.store import descent, doubting, superseding
from backend.store.descent import Carried, carried_from, carried_into
from backend.store.reader import Reader
from tests.actions.floor import Floor, codes
from tests.actions.test_dividing import lot_of, merge, split
from tests.actions.test_gauges import LUER, calibrate, close, gauge, measure
from tests.actions.test_part_decisions import NEEDLES
from tests.actions.test_production import consumed, finished, started


async def merged_of_released(floor: Floor, order: str = NEEDLES) -> tuple[Received, Lot]:
    """A released delivery, split in two and merged again: its stock lies under a third number."""
    received = await floor.inspected(order)
    await floor.shift.sign(received.receipt_id)
    halves = await split(floor, received.lot_number, "100")
    merged = await merge(floor, halves.parent.number, halves.child.number)
    assert merged.status == "released"
    return received, merged


async def receipt_of(floor: Floor, lot: Lot) -> str:
    receipt = await floor.store.read.first(Receipt, "lot_id = $1", lot.id)
    assert receipt is not None
    return receipt.id


async def correct(floor: Floor, received: Received, entered: str) -> None:
    assert received.inspection is not None
    reading = await floor.store.read.first(
        Reading,
        "inspection_id = $1 and item_key = 'LEN-1' and status = 'current'",
        received.inspection.id,
    )
    assert reading is not None
    command = CorrectResult(
        id=floor.new_id(), reading_id=reading.id, entered=entered, reason="misread", confirmed=True
    )
    await correct_result(floor.store, await floor.who("li"), command)


async def told(floor: Floor, code: str, number: str) -> int:
    return len(await floor.store.read.all(Notice, "code = $1 and subject_id = $2", code, number))


async def correction_reaches_the_merger(floor: Floor) -> None:
    received, merged = await merged_of_released(floor)
    await correct(floor, received, "25.1")
    assert (await lot_of(floor, merged.number)).status == "held"
    holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", merged.id)
    assert [hold.code for hold in holds] == ["evidence_changed"]
    assert await told(floor, "held_with_parent", merged.number) > 0
    assert await codes(consumed(floor, await started(floor), merged.number, "1")) == ["not_enough_released"]


@pytest.mark.proves("REL-5", "LOT-4")
async def test_a_correction_reaches_what_the_stock_was_merged_into(floor: Floor) -> None:
    await correction_reaches_the_merger(floor)


async def naive_hold_mergers(*_: object) -> None:
    """The broken twin of REL-5: a correction ends with the number that was inspected."""


@pytest.mark.proves("REL-5")
async def test_merging_that_hides_a_correction_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(superseding, "_hold_mergers", naive_hold_mergers)
    with pytest.raises(AssertionError):
        await correction_reaches_the_merger(floor)


@pytest.mark.proves("REL-5", "LOT-4")
async def test_a_merger_in_doubt_is_inspected_as_what_it_is_and_decided_anew(floor: Floor) -> None:
    received, merged = await merged_of_released(floor)
    await correct(floor, received, "25.1")
    opened = await floor.store.read.all(Inspection, "lot_id = $1", merged.id)
    assert [each.status for each in opened] == ["open"]
    lift = LiftHold(
        id=floor.new_id(), lot_number=merged.number, code="evidence_changed", reason="within limits"
    )
    await floor.shift.inspect(opened[0].id, "li")
    assert (await lift_hold(floor.store, await floor.who("novak"), lift)).status == "inspecting"
    await floor.shift.sign(await receipt_of(floor, merged))
    assert (await lot_of(floor, merged.number)).status == "released"


@pytest.mark.proves("LOT-4", "RES-10")
async def test_a_failure_found_after_the_merger_holds_it_too(floor: Floor) -> None:
    received, merged = await merged_of_released(floor)
    again = (await split(floor, merged.number, "40")).child
    await correct(floor, received, "27.5")
    for number in (merged.number, again.number):
        lot = await lot_of(floor, number)
        assert lot.status == "held", number
        holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null and code = 'ncr'", lot.id)
        assert len(holds) == 1
        sun = (await floor.sign_in("sun")).who
        assert "ncr_open" in await codes(floor.begin(sun, await receipt_of(floor, lot)))


async def gauge_reaches_the_merger(floor: Floor) -> None:
    received, merged = await merged_of_released(floor, LUER)
    kept = (await split(floor, merged.number, "40")).child
    done = await calibrate(floor, "G-CAL-01", as_left="in_tolerance")
    mine = next(each for each in done.assessments if each.receipt_id == received.receipt_id)
    for number in (merged.number, kept.number):
        assert (await lot_of(floor, number)).status == "held", number
        assert await told(floor, "held_with_parent", number) > 0
    sun = (await floor.sign_in("sun")).who
    assert "assessment_open" in await codes(floor.begin(sun, await receipt_of(floor, merged)))
    await close(floor, mine)
    for number in (merged.number, kept.number):
        assert (await lot_of(floor, number)).status == "released", "no effect: it stands as it was decided"
    assert await floor.count("hold where code = 'gauge_in_doubt' and lifted_at is null and lot_id = $1",
                             merged.id) == 0  # fmt: skip


@pytest.mark.proves("RES-7", "LOT-3", "LOT-4")
async def test_a_gauge_out_of_tolerance_reaches_what_the_stock_became(floor: Floor) -> None:
    await gauge_reaches_the_merger(floor)


async def naive_carried(_read: Reader, _receipt_id: str) -> list[Carried]:
    """The broken twin of RES-7: looks at the lot that was measured and no further."""
    return []


@pytest.mark.proves("RES-7")
async def test_merging_that_hides_a_gauge_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (doubting, descent):
        monkeypatch.setattr(module, "carried_into", naive_carried)
    with pytest.raises(AssertionError):
        await gauge_reaches_the_merger(floor)


@pytest.mark.proves("RES-7", "REL-5")
async def test_results_that_are_not_kept_hold_the_merger_until_it_is_decided_anew(floor: Floor) -> None:
    received, merged = await merged_of_released(floor, LUER)
    done = await calibrate(floor, "G-CAL-01", as_left="in_tolerance")
    mine = next(each for each in done.assessments if each.receipt_id == received.receipt_id)
    await close(floor, mine, conclusion="re_inspect")
    assert (await lot_of(floor, merged.number)).status == "held"
    holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", merged.id)
    assert [hold.code for hold in holds] == ["evidence_changed"]


@pytest.mark.proves("RES-7")
async def test_two_gauges_in_doubt_need_two_conclusions(floor: Floor) -> None:
    """Both measured stock that lies together now."""
    received = await floor.receive(LUER)
    await measure(floor, received, gauge_id=(await gauge(floor, "G-CAL-01")).id)
    assert received.inspection is not None
    case_readings = await floor.store.read.all(Reading, "inspection_id = $1", received.inspection.id)
    assert case_readings
    first = await floor.inspected("0418/2")
    await floor.shift.sign(first.receipt_id)
    one = await calibrate(floor, "G-CAL-01", as_left="in_tolerance", certificate="A")
    two = await calibrate(floor, "G-CAL-01", certificate="B")
    assessments = [
        each for done in (one, two) for each in done.assessments if each.receipt_id == first.receipt_id
    ]
    assert len(assessments) >= 1
    for place, assessment in enumerate(assessments):
        assert (await floor.lot(first)).status == "held", place
        await close(floor, assessment)
    assert (await floor.lot(first)).status == "released"


async def test_where_stock_came_from_and_went_is_read_both_ways(floor: Floor) -> None:
    received, merged = await merged_of_released(floor)
    kept = (await split(floor, merged.number, "40")).child
    receipts = [await receipt_of(floor, merged), await receipt_of(floor, kept)]
    down = await carried_into(floor.store.read, received.receipt_id)
    assert set(receipts) <= {each.receipt.id for each in down}
    assert {each.receipt.id for each in down if each.merged} == set(receipts)
    for receipt in receipts:
        assert received.receipt_id in await carried_from(floor.store.read, receipt)
    assert await carried_from(floor.store.read, received.receipt_id) == [received.receipt_id]


async def hold_reaches_what_was_made(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    lot = await started(floor)
    await consumed(floor, lot, received.lot_number, "500")
    sets = await finished(floor, lot)
    child = (await split(floor, received.lot_number, "10")).child
    command = HoldLot(id=floor.new_id(), lot_number=received.lot_number, reason="wet pallet")
    held = await hold_lot(floor.store, await floor.who("li"), command)
    assert (held.lot.status, held.descendants) == ("held", 2)
    for number in (sets.lot_number, child.number):
        assert (await lot_of(floor, number)).status == "held"
        assert await told(floor, "component_held", number) > 0
    lift = LiftHold(id=floor.new_id(), lot_number=received.lot_number, code="by_hand", reason="dry inside")
    await lift_hold(floor.store, await floor.who("novak"), lift)
    assert (await lot_of(floor, sets.lot_number)).status == "inspecting"
    assert (await lot_of(floor, child.number)).status == "released", "it stands as it was decided"


@pytest.mark.proves("LOT-5")
async def test_a_hold_reaches_all_that_was_made_of_the_lot(floor: Floor) -> None:
    await hold_reaches_what_was_made(floor)


async def naive_made_of(*_: object) -> list[Lot]:
    """The broken twin of LOT-5: a hold is about what lies under this number."""
    return []


@pytest.mark.proves("LOT-5")
async def test_a_hold_that_stays_with_its_lot_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descent, "made_of", naive_made_of)
    with pytest.raises(AssertionError):
        await hold_reaches_what_was_made(floor)


@pytest.mark.proves("LOT-5")
async def test_what_two_held_lots_went_into_waits_for_both(floor: Floor) -> None:
    parents = []
    lot = await started(floor)
    for order in (NEEDLES, "0411/1"):
        received = await floor.inspected(order)
        await floor.shift.sign(received.receipt_id)
        await consumed(floor, lot, received.lot_number, "5")
        parents.append(received.lot_number)
    sets = await finished(floor, lot)
    li, novak = await floor.who("li"), await floor.who("novak")
    for number in parents:
        await hold_lot(floor.store, li, HoldLot(id=floor.new_id(), lot_number=number, reason="wet"))
    statuses = []
    for number in parents:
        lift = LiftHold(id=floor.new_id(), lot_number=number, code="by_hand", reason="dry")
        await lift_hold(floor.store, novak, lift)
        statuses.append((await lot_of(floor, sets.lot_number)).status)
    assert statuses == ["held", "inspecting"]


async def standing(floor: Floor, received: Received) -> list[tuple[str, str | None]]:
    """How each portion stands, and under which decision."""
    lying = await floor.store.read.all(Portion, "receipt_id = $1 order by id", received.receipt_id)
    return [(each.status, each.release_id) for each in lying]


@pytest.mark.proves("LOT-11")
async def test_nothing_of_a_doubt_is_left_in_the_rows(floor: Floor) -> None:
    """What is restored stands under the very decision that it stood under before."""
    received, _ = await merged_of_released(floor, LUER)
    other = await floor.inspected("0418/2")
    await floor.shift.sign(other.receipt_id)
    before = [
        (p.status, p.release_id)
        for p in await floor.store.read.all(Portion, "receipt_id = $1", other.receipt_id)
    ]
    done = await calibrate(floor, "G-CAL-01", as_left="in_tolerance")
    for assessment in done.assessments:
        await close(floor, assessment)
    after = [
        (p.status, p.release_id)
        for p in await floor.store.read.all(Portion, "receipt_id = $1", other.receipt_id)
    ]
    assert before == after
    assert await floor.store.read.first(
        Release, "receipt_id = $1 and superseded_at is null", received.receipt_id
    )
