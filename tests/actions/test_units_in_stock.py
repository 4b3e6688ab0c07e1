"""Bought in boxes, kept in pieces, inspected in rolls: exact, and what is on record stays (LOT-8)."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from backend.actions import receive_lot as receiving
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.set_item_units import Ratio, SetItemUnits, set_item_units
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.take_out import TakeOut, take_out
from backend.domain.items import Item, OrderLine
from backend.domain.lots import Movement, Portion, Receipt
from backend.domain.material_units import Converted
from backend.domain.security import system
from backend.domain.shares import Share
from backend.store.measuring import InStock
from backend.views.deliveries import list_deliveries
from backend.views.item_units import item_units
from backend.views.lot_cards import lot_card
from backend.views.lot_labels import lot_label
from tests.actions.floor import Floor, codes, refusal
from tests.actions.test_dividing import balanced
from tests.actions.test_production import consumed, started

CLAMPS = "0412/3"  # 2000 pcs, ordered as 8 box of 250


async def clamps(floor: Floor) -> Item:
    item = await floor.store.read.first(Item, "code = 'RLC-01'")
    assert item is not None
    return item


async def say(floor: Floor, *units: tuple[str, str, str], inspection: str | None = None) -> Item:
    item, asked = await clamps(floor), {} if inspection is None else {"inspection_unit": inspection}
    command = SetItemUnits(
        id=floor.new_id(), item_id=item.id, units=[Ratio(*each) for each in units], reason="drawing", **asked
    )
    return await set_item_units(floor.store, await floor.who("zhou"), command)


async def quantities(floor: Floor, lot_id: str, kind: str) -> list[tuple[str, str | None]]:
    lines = await floor.store.read.all(Movement, "lot_id = $1 and kind = $2 order by id", lot_id, kind)
    return [(format(each.quantity, "f"), each.entered.said if each.entered else None) for each in lines]


@pytest.mark.proves("LOT-8", "LOT-9")
async def test_a_delivery_in_boxes_is_stock_in_pieces_and_both_stay_on_record(floor: Floor) -> None:
    lines = await list_deliveries(floor.store.read, floor.site_id)
    assert [each.ordered for each in lines if each.item.code == "RLC-01"] == ["8 box", "12 box", "6 box"]
    received = await floor.receive(CLAMPS, quantity="3 box")
    assert (received.quantity, received.entered) == (
        Decimal(750),
        Converted(Decimal(3), "box", Decimal(750), 250, 1),
    )
    await say(floor, ("box", "1", "200"))
    again = await floor.receive(CLAMPS, quantity="2盒")
    assert again.quantity == 400, "the box that holds now"
    receipts = await floor.store.read.all(Receipt, "lot_id = $1 order by id", received.lot_id)
    assert [each.entered and (each.entered.said, each.entered.numerator) for each in receipts] == [
        ("3 box", 250),
        ("2 盒", 200),
    ], "a unit changed later rewrites no history"
    card = await lot_card(floor.store.read, floor.site_id, received.lot_number)
    assert [(each.quantity, each.entered) for each in card.receipts] == [(750, "3 box"), (400, "2 盒")]
    assert await quantities(floor, received.lot_id, "received") == [("750", "3 box"), ("400", "2 盒")]
    line = await floor.store.read.get(OrderLine, floor.labels[CLAMPS].order_line_id)
    assert (line.received, line.entered and line.entered.said) == (Decimal(1150), "8 box")
    label = await lot_label(
        floor.store.read, floor.site_id, received.lot_number, "2 box", floor.store.clock()
    )
    assert (label.quantity, label.unit, label.said) == ("400", "pcs", "2 box")


@pytest.mark.proves("LOT-8")
async def test_what_was_ordered_in_boxes_is_received_as_ordered_while_the_box_is_the_same(
    floor: Floor,
) -> None:
    label = floor.labels[CLAMPS]
    other_label = floor.labels["0417/3"]

    def typed(line_id: str, lot: str) -> ReceiveLot:
        return ReceiveLot(id=floor.new_id(), order_line_id=line_id, supplier_lot=lot)

    wang = await floor.who("wang")
    received = await receive_lot(floor.store, wang, typed(label.order_line_id, "A"))
    assert (received.quantity, received.entered and received.entered.said) == (Decimal(2000), "8 box")
    await say(floor, ("box", "1", "200"))
    later = await receive_lot(floor.store, wang, typed(other_label.order_line_id, "B"))
    assert (later.quantity, later.entered) == (Decimal(3000), None), "another box now: pieces alone"


@pytest.mark.proves("LOT-8", "LOT-11")
async def test_stock_is_used_divided_and_taken_out_in_any_of_its_units(floor: Floor) -> None:
    received = await floor.inspected(CLAMPS)
    (portion,) = await floor.store.read.all(Portion, "lot_id = $1", received.lot_id)
    sun = (await floor.sign_in("sun")).who
    half = [Share(portion.id, "0.3 box")]
    assert await codes(floor.begin(sun, received.receipt_id, shares=[Share(portion.id, "0.333 box")])) == [
        "quantity_not_whole"
    ]
    begun = await floor.begin(sun, received.receipt_id, shares=half, passkey=False)
    assert begun.record["decision"]["quantity"] == "75", "the record that is signed says pieces"
    await floor.shift.sign(received.receipt_id)
    lot = await started(floor)
    refused = await refusal(consumed(floor, lot, received.lot_number, "0.33 box"))
    assert [(each.code, each.field, each.facts["near"]) for each in refused.reasons] == [
        ("quantity_not_whole", "quantity", ["82", "83"])
    ]
    assert await codes(consumed(floor, lot, received.lot_number, "2 kg")) == ["unit_factor_missing"]
    await consumed(floor, lot, received.lot_number, "2 box")
    command = SplitLot(
        id=floor.new_id(),
        lot_number=received.lot_number,
        shares=[Share(portion.id, "1 box")],
        reason="line 2",
    )
    assert (await split_lot(floor.store, await floor.who("wang"), command)).quantity == 250
    broken = TakeOut(
        id=floor.new_id(), lot_number=received.lot_number, fate="sampled", shares=half, reason="pull test"
    )
    assert await codes(take_out(floor.store, await floor.who("li"), broken)) == ["fate_not_allowed"]
    assert await quantities(floor, received.lot_id, "consumed") == [("500", "2 box")]
    assert await quantities(floor, received.lot_id, "split_off") == [("250", "1 box")]
    await balanced(floor, received.lot_number)


@pytest.mark.proves("LOT-8", "SMP-1")
async def test_sampling_counts_the_inspection_unit(floor: Floor) -> None:
    await say(floor, inspection="box")
    received = await floor.receive(CLAMPS, quantity="1001")
    assert received.inspection is not None
    rows = await floor.store.read.rows(
        "select lot_size, unit from inspection where id = $1", received.inspection.id
    )
    assert [tuple(row) for row in rows] == [(5, "box")], "four boxes and a broken one"


@pytest.mark.proves("LOT-8", "ROL-1")
async def test_who_says_units_says_what_can_be_converted_and_nothing_of_the_past(floor: Floor) -> None:
    item = await clamps(floor)
    assert await codes(say(floor, ("pcs", "1", "2"))) == ["unit_is_stock_unit"]
    assert await codes(say(floor, ("crateful", "1", "2"))) == ["unit_unknown"]
    assert await codes(say(floor, ("box", "0", "2"), ("bag", "many", "2"))) == ["unit_factor_invalid"] * 2
    assert await codes(say(floor, inspection="pallet")) == ["unit_factor_missing"]
    await say(floor, ("pallet", "3", "10000"), inspection="pallet")
    seen = await item_units(floor.store.read, item.id, floor.store.clock())
    assert [(each.unit, each.in_force) for each in seen.units] == [("pallet", True), ("box", True)]
    assert seen.inspection_unit == "pallet" and seen.units[0].by is not None
    wang = SetItemUnits(id=floor.new_id(), item_id=item.id, reason="x")
    assert await codes(set_item_units(floor.store, await floor.who("wang"), wang)) == ["not_allowed"]
    third = await floor.receive(CLAMPS, quantity="0.3 pallet")
    assert third.quantity == 1000
    assert await codes(floor.receive("0417/3", quantity="0.1 pallet")) == ["quantity_not_exact"]


@pytest.mark.proves("LOT-8")
async def test_an_order_that_contradicts_its_factor_is_not_loaded(floor: Floor) -> None:
    line = await floor.store.read.get(OrderLine, floor.labels[CLAMPS].order_line_id)
    wrong = Converted(Decimal(8), "box", Decimal(2000), 249, 1)
    command = LoadMasterData(
        id=floor.new_id(), order_lines=[msgspec.structs.replace(line, id=floor.new_id(), entered=wrong)]
    )
    assert await codes(load_master_data(floor.store, system(floor.site_id), command)) == [
        "quantity_not_exact"
    ]


async def float_in_stock(_tx: object, _item: Item, text: str, _there: object = None) -> InStock:
    """The broken twin of LOT-8: the factor as a binary fraction."""
    return InStock(Decimal(str(float(text.split(" ")[0]) * (2000 / 38))))


async def two_halves(floor: Floor) -> None:
    """38 packs are 2000 pieces, so 19 and 19 are the whole order."""
    await say(floor, ("pack", "38", "2000"))
    taken = [await floor.receive(CLAMPS, quantity="19 pack") for _ in range(2)]
    assert [each.quantity for each in taken] == [1000, 1000]
    line = await floor.store.read.get(OrderLine, floor.labels[CLAMPS].order_line_id)
    assert line.status == "complete"


@pytest.mark.proves("LOT-8")
async def test_rational_factors_add_up(floor: Floor) -> None:
    await two_halves(floor)


@pytest.mark.proves("LOT-8")
async def test_float_factors_in_stock_are_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "whole_in_stock", float_in_stock)
    with pytest.raises(AssertionError):
        await two_halves(floor)
