"""What a lift restores: what was decided where the decision still holds, otherwise a new one is waited for."""

from __future__ import annotations

import pytest

from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.domain.holds import LIFTS, restores
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Portion, Receipt
from backend.domain.ncrs import Ncr
from backend.domain.receiving import Received
from backend.store import lifting
from backend.store import retesting as retesting_of
from backend.store.change import Change
from tests.actions.floor import Floor, codes
from tests.actions.test_dividing import lot_of, merge, split
from tests.actions.test_part_decisions import NEEDLES, lies
from tests.actions.test_retests import INTERVAL, needles_kept, released, retest, wait


async def hold(floor: Floor, number: str) -> None:
    await hold_lot(
        floor.store, await floor.who("li"), HoldLot(id=floor.new_id(), lot_number=number, reason="wet")
    )


async def lifted(floor: Floor, number: str, code: str = "by_hand") -> Lot:
    command = LiftHold(id=floor.new_id(), lot_number=number, code=code, reason="dry inside")
    return await lift_hold(floor.store, await floor.who("novak"), command)


async def disposed(floor: Floor) -> None:
    ncr = await floor.store.read.first(Ncr, "status = 'open'")
    assert ncr is not None
    novak = await floor.who("novak")
    await contain_ncr(floor.store, novak, ContainNcr(id=floor.new_id(), ncr_id=ncr.id, containment="aside"))
    command = DisposeNcr(
        id=floor.new_id(), ncr_id=ncr.id, disposition="use_as_is", justification="fits the hub"
    )
    await dispose_ncr(floor.store, novak, command)


async def two_reasons(floor: Floor, hand_first: bool) -> None:
    """Released, then held by hand, and by a retest that fails: whichever hold ends last, it is decided anew."""
    received = await released(floor)
    again = await retest(floor, received.lot_number)
    await floor.shift.inspect(again.id, "li", {"TIP-0": "1"})
    await hold(floor, received.lot_number)
    for by_hand in (hand_first, not hand_first):
        assert set(await lies(floor, received)) == {"held"}
        if by_hand:
            await lifted(floor, received.lot_number)
        else:
            await disposed(floor)
    assert set(await lies(floor, received)) == {"inspecting"}
    assert await floor.count("release where lot_id = $1 and superseded_at is null", received.lot_id) == 0


@pytest.mark.proves("REL-5", "LOT-5")
@pytest.mark.parametrize("hand_first", [True, False])
async def test_a_reason_that_asks_for_a_new_decision_is_enough(floor: Floor, hand_first: bool) -> None:
    await two_reasons(floor, hand_first)


async def naive_decide_anew(_tx: Change, _receipt: Receipt) -> None:
    """The broken twin: the last hold to end says how the stock stands."""


@pytest.mark.proves("REL-5")
async def test_the_last_lift_alone_deciding_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifting, "_decide_anew", naive_decide_anew)
    with pytest.raises(AssertionError):
        await two_reasons(floor, hand_first=False)


@pytest.mark.proves("LOT-4", "LOT-5")
async def test_merged_stock_comes_back_as_what_it_was_merged_of(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    halves = await split(floor, received.lot_number, "100")
    merged = await merge(floor, halves.parent.number, halves.child.number)
    await hold(floor, merged.number)
    assert (await lifted(floor, merged.number)).status == "released"
    fresh = await floor.receive("0411/1")
    await hold(floor, fresh.lot_number)
    assert (await lifted(floor, fresh.lot_number)).status == "inspecting", "nothing was decided"


async def retest_of_one_entry(floor: Floor) -> None:
    """Two deliveries of one supplier's lot, both released; the date passes (LOT-2)."""
    await needles_kept(floor)
    first = await floor.receive(NEEDLES, quantity="3000")
    second = await floor.receive(NEEDLES, quantity="1000")
    for received in (first, second):
        assert received.inspection is not None and received.lot_id == first.lot_id
        await floor.shift.inspect(received.inspection.id, "li")
        await floor.shift.sign(received.receipt_id)
    wait(floor, INTERVAL + 1)
    await retest(floor, first.lot_number)
    asked = await floor.store.read.all(Inspection, "purpose = 'retest' order by number")
    assert [each.receipt_id for each in asked] == [first.receipt_id, second.receipt_id]
    assert await codes(retest(floor, first.lot_number)) == ["retest_open_already"]
    await floor.shift.inspect(asked[0].id, "li")
    sun = (await floor.sign_in("sun")).who
    assert "retest_due" in await codes(floor.begin(sun, first.receipt_id)), "the other delivery is unknown"
    await floor.shift.inspect(asked[1].id, "li")
    before = (await floor.lot(first)).retest_on
    await floor.shift.sign(first.receipt_id)
    assert (await floor.lot(first)).retest_on != before
    assert await standing(floor, first) == {"released"}
    assert await standing(floor, second) == {"inspecting"}, "each entry is decided by itself"
    await floor.shift.sign(second.receipt_id)
    assert (await lot_of(floor, first.lot_number)).status == "released"


async def standing(floor: Floor, received: Received) -> set[str]:
    lying = await floor.store.read.all(Portion, "receipt_id = $1", received.receipt_id)
    return {each.status for each in lying if each.quantity > 0}


@pytest.mark.proves("LOT-2", "REL-8")
async def test_each_delivery_of_a_lot_has_a_retest_of_its_own(floor: Floor) -> None:
    await retest_of_one_entry(floor)


def naive_accepted(_lot: Lot, _lying: object, retests: list[Inspection]) -> bool:
    """The broken twin of LOT-2: one retest speaks for all that lies under the number."""
    return any(each.status == "passed" for each in retests)


@pytest.mark.proves("LOT-2", "REL-8")
async def test_one_retest_for_all_deliveries_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retesting_of, "accepted", naive_accepted)
    with pytest.raises(AssertionError):
        await retest_of_one_entry(floor)


def test_every_hold_ends_somehow_and_says_what_it_restores() -> None:
    assert len({(lift.code, lift.ended_by) for lift in LIFTS}) == len(LIFTS)
    assert restores("ncr", "lift_hold") is None and restores("by_hand", "lift_hold") == "as_decided"
    assert restores("a reason of tomorrow", "lift_hold") == "anew"
