"""Splitting, merging, taking out, holding: what a lot's stock becomes, and that nothing of it is lost (LOT-3, 4, 9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.actions import take_out as take_out_module
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.merge_lots import MergeLots, merge_lots
from backend.actions.split_lot import Split, SplitLot, split_lot
from backend.actions.take_out import TakeOut, take_out
from backend.domain.dividing import merged_status
from backend.domain.inspections import Inspection
from backend.domain.lots import Hold, Lot, Portion, PortionStatus
from backend.domain.ncrs import Ncr
from backend.domain.receiving import Received
from backend.domain.shares import Share
from backend.store import inspecting
from backend.views.ledgers import lot_ledger
from backend.views.lot_cards import lot_card
from backend.views.traces import trace
from tests.actions.floor import Floor, codes, on_record
from tests.actions.test_part_decisions import NEEDLES, lies, portions
from tests.actions.test_production import consumed, started


async def lot_of(floor: Floor, number: str) -> Lot:
    lot = await floor.store.read.first(Lot, "number = $1", number)
    assert lot is not None
    return lot


async def shares_of(floor: Floor, number: str, quantity: str) -> list[Share]:
    """So much of the first portion that holds something."""
    lot = await lot_of(floor, number)
    lying = await floor.store.read.all(Portion, "lot_id = $1 order by id", lot.id)
    return [Share(next(p.id for p in lying if p.quantity > 0), quantity)]


async def split(floor: Floor, number: str, quantity: str, login: str = "wang") -> Split:
    command = SplitLot(
        id=floor.new_id(),
        lot_number=number,
        shares=await shares_of(floor, number, quantity),
        reason="two lines",
    )
    return await split_lot(floor.store, await floor.who(login), command)


async def merge(floor: Floor, *numbers: str) -> Lot:
    command = MergeLots(id=floor.new_id(), numbers=list(numbers), reason="one pallet")
    return await merge_lots(floor.store, await floor.who("novak"), command)


async def out(floor: Floor, number: str, quantity: str, fate: Any) -> Lot:
    shares = await shares_of(floor, number, quantity)
    command = TakeOut(id=floor.new_id(), lot_number=number, fate=fate, shares=shares, reason="pull test")
    return await take_out(floor.store, await floor.who("li"), command)


async def balanced(floor: Floor, *numbers: str) -> None:
    for number in numbers:
        found = await lot_ledger(floor.store.read, (await lot_of(floor, number)).id)
        assert found.difference == 0, (number, found)


async def failed(floor: Floor) -> tuple[Received, Ncr]:
    received = await floor.receive(NEEDLES)
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    ncr = await floor.store.read.first(Ncr, "receipt_id = $1", received.receipt_id)
    assert ncr is not None
    return received, ncr


@pytest.mark.proves("LOT-3", "LOT-9")
async def test_a_split_lot_inherits_and_nothing_is_lost(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    done = await split(floor, received.lot_number, "1500")
    parent, child = done.parent, done.child
    assert child.number != parent.number
    assert (child.expires_on, child.supplier_lot, child.item_id) == (
        parent.expires_on,
        parent.supplier_lot,
        parent.item_id,
    )
    assert (parent.status, child.status) == ("released", "released")
    await balanced(floor, parent.number, child.number)
    cards = [await lot_card(floor.store.read, floor.site_id, each.number) for each in (parent, child)]
    assert [card.quantity for card in cards] == [Decimal(2500), Decimal(1500)]
    # The decision and the inspection of what it came from speak for the child.
    assert [r.decision for r in cards[1].receipts[0].releases] == ["release"]
    assert cards[1].receipts[0].inspection is not None
    graph = await trace(floor.store.read, floor.site_id, child.number, "up")
    assert parent.number in {node.number for node in graph.nodes}
    await consumed(floor, await started(floor), child.number, "1500")
    await balanced(floor, child.number)


@pytest.mark.proves("LOT-3")
async def test_a_split_lot_is_held_and_freed_with_what_it_came_from(floor: Floor) -> None:
    received, ncr = await failed(floor)
    child = (await split(floor, received.lot_number, "1000")).child
    assert child.status == "held"
    holds = await floor.store.read.all(Hold, "lot_id = $1 and lifted_at is null", child.id)
    assert [hold.ncr_id for hold in holds] == [ncr.id]
    card = await lot_card(floor.store.read, floor.site_id, child.number)
    assert [each.number for each in card.ncrs] == [ncr.number]
    dispose = DisposeNcr(id=floor.new_id(), ncr_id=ncr.id, disposition="scrap", justification="Burrs.")
    await dispose_ncr(floor.store, await floor.who("novak"), dispose)
    assert (await lot_of(floor, child.number)).status == "rejected"
    assert await floor.count("hold where lot_id = $1 and lifted_at is null", child.id) == 0


async def failure_found_later(floor: Floor) -> None:
    """What was split off is held with what it came from, and blocked by the same report."""
    received = await floor.receive(NEEDLES)
    child = (await split(floor, received.lot_number, "1000")).child
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "li", {"TIP-0": "1"})
    assert (await lot_of(floor, child.number)).status == "held"
    sun = (await floor.sign_in("sun")).who
    receipt = (await lot_card(floor.store.read, floor.site_id, child.number)).receipts[0]
    assert "ncr_open" in await codes(floor.begin(sun, receipt.id))


@pytest.mark.proves("LOT-3")
async def test_a_failure_found_later_reaches_what_was_split_off(floor: Floor) -> None:
    await failure_found_later(floor)


async def naive_hold_carried(*_: object) -> None:
    """The broken twin of LOT-3: a failure stays with the number under which it was found."""


@pytest.mark.proves("LOT-3")
async def test_a_failure_that_stays_with_the_parent_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspecting, "_hold_carried", naive_hold_carried)
    with pytest.raises(AssertionError):
        await failure_found_later(floor)


@pytest.mark.proves("LOT-3")
async def test_a_split_lot_is_decided_by_itself_on_the_same_evidence(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    child = (await split(floor, received.lot_number, "1000")).child
    receipt = (await lot_card(floor.store.read, floor.site_id, child.number)).receipts[0]
    assert (await floor.shift.sign(receipt.id)).decision == "release"
    assert (await lot_of(floor, child.number)).status == "released"
    assert (await floor.lot(received)).status == "inspecting"


STATUSES: list[tuple[set[PortionStatus], PortionStatus | None]] = [
    ({"released"}, "released"),
    ({"quarantine"}, "quarantine"),
    ({"inspecting", "quarantine"}, "quarantine"),
    ({"held"}, "held"),
    ({"held", "inspecting"}, "held"),
    ({"released", "quarantine"}, "quarantine"),
    ({"released", "held"}, None),
    ({"rejected"}, None),
    ({"released", "rejected"}, None),
    ({"conditional"}, None),
    ({"conceded", "released"}, None),
    ({"recalled"}, None),
]


@pytest.mark.proves("LOT-4")
@pytest.mark.parametrize(("among", "expected"), STATUSES)
def test_what_merges_into_what(among: set[PortionStatus], expected: PortionStatus | None) -> None:
    lying = [Portion(s, "s", "l", "r", Decimal(1), s, "x") for s in sorted(among)]
    assert merged_status(lying) == expected


@pytest.mark.proves("LOT-4", "LOT-9")
async def test_merged_lots_take_the_worst_of_their_parents(floor: Floor) -> None:
    first = await floor.inspected("0411/1")
    await floor.shift.sign(first.receipt_id)
    halves = await split(floor, first.lot_number, "1000")
    merged = await merge(floor, halves.parent.number, halves.child.number)
    assert merged.status == "released" and merged.expires_on == halves.parent.expires_on
    await balanced(floor, halves.parent.number, halves.child.number, merged.number)
    assert (await lot_of(floor, halves.child.number)).status == "consumed"
    await consumed(floor, await started(floor), merged.number, "3000")


@pytest.mark.proves("LOT-4")
async def test_what_was_not_all_released_is_inspected_anew(floor: Floor) -> None:
    first = await floor.inspected("0411/1")
    child = (await split(floor, first.lot_number, "1000")).child
    await floor.shift.sign(first.receipt_id)
    merged = await merge(floor, first.lot_number, child.number)
    assert merged.status == "quarantine"
    opened = await floor.store.read.all(Inspection, "lot_id = $1", merged.id)
    assert [each.status for each in opened] == ["open"]


@pytest.mark.proves("LOT-4")
async def test_what_does_not_merge(floor: Floor) -> None:
    held, _ = await failed(floor)
    needles = await floor.inspected("0411/1")
    child = (await split(floor, held.lot_number, "10")).child
    await floor.shift.sign(needles.receipt_id)
    before = await on_record(floor.store)
    assert await codes(merge(floor, held.lot_number)) == ["merge_needs_two"]
    assert await codes(merge(floor, held.lot_number, held.lot_number)) == ["merge_needs_two"]
    assert await codes(merge(floor, held.lot_number, "L99-000001")) == ["lot_unknown"]
    assert await codes(merge(floor, held.lot_number, child.number, held.lot_number)) == ["merge_names_twice"]
    found = await codes(merge(floor, held.lot_number, needles.lot_number))
    assert found == ["merge_of_different_items", "merge_of_statuses"]
    assert await on_record(floor.store) == before
    merged = await merge(floor, held.lot_number, child.number)
    assert merged.status == "held"
    assert await floor.count("hold where lot_id = $1 and lifted_at is null", merged.id) == 2


@pytest.mark.proves("SMP-9", "LOT-9")
async def test_destroyed_samples_reduce_what_can_be_released(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await out(floor, received.lot_number, "13", "sampled")
    assert await lies(floor, received) == {"inspecting": Decimal(3987)}
    done = await floor.shift.sign(received.receipt_id)
    assert done.decision == "release"
    assert await lies(floor, received) == {"released": Decimal(3987)}
    await balanced(floor, received.lot_number)
    found = await lot_ledger(floor.store.read, received.lot_id)
    assert (found.received, found.sampled, found.released) == (Decimal(4000), Decimal(13), Decimal(3987))


async def thrown_away(floor: Floor) -> None:
    """Only what is rejected is scrapped or sent back."""
    received = await floor.inspected(NEEDLES)
    before = await on_record(floor.store)
    for fate in ("scrapped", "returned_out"):
        assert await codes(out(floor, received.lot_number, "1", fate)) == ["fate_not_allowed"]
    assert await codes(out(floor, received.lot_number, "4001", "sampled")) == ["quantity_over_portion"]
    assert await on_record(floor.store) == before
    await floor.shift.sign(received.receipt_id, "reject")
    await out(floor, received.lot_number, "1000", "scrapped")
    assert (await out(floor, received.lot_number, "3000", "returned_out")).status == "consumed"
    await balanced(floor, received.lot_number)


@pytest.mark.proves("LOT-9", "REL-6")
async def test_only_rejected_stock_is_scrapped_or_sent_back(floor: Floor) -> None:
    await thrown_away(floor)


@pytest.mark.proves("LOT-9", "REL-6")
async def test_throwing_away_what_nobody_rejected_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: whatever lies there can be thrown away."""
    monkeypatch.setattr(take_out_module, "against_taking", lambda *_: [])
    with pytest.raises(AssertionError):
        await thrown_away(floor)


@pytest.mark.proves("LOT-5")
async def test_a_hold_by_hand_stops_use_until_it_is_lifted(floor: Floor) -> None:
    received = await floor.inspected(NEEDLES)
    await floor.shift.sign(received.receipt_id)
    hold = HoldLot(id=floor.new_id(), lot_number=received.lot_number, reason="wet pallet")
    assert (await hold_lot(floor.store, await floor.who("li"), hold)).lot.status == "held"
    again = HoldLot(id=floor.new_id(), lot_number=received.lot_number, reason="wet pallet")
    assert await codes(hold_lot(floor.store, await floor.who("li"), again)) == ["held_already"]
    assert await codes(consumed(floor, await started(floor), received.lot_number, "1")) == [
        "not_enough_released"
    ]
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["on_hold"]
    novak = await floor.who("novak")

    def lift(code: str) -> LiftHold:
        return LiftHold(id=floor.new_id(), lot_number=received.lot_number, code=code, reason="dry inside")

    assert await codes(lift_hold(floor.store, novak, lift("ncr"))) == ["hold_not_lifted_here"]
    assert (await lift_hold(floor.store, novak, lift("by_hand"))).status == "released", "as it was decided"
    await consumed(floor, await started(floor), received.lot_number, "1")
    in_force = await floor.count(
        "release where receipt_id = $1 and superseded_at is null", received.receipt_id
    )
    assert in_force == 1
    assert [p.status for p in await portions(floor, received)] == ["released"]
