"""Receiving: which lot it becomes, what is refused, what stays on record."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.gs1 import FNC1
from backend.domain.gs1_identifiers import check_digit
from backend.domain.inspections import Inspection, Sample
from backend.domain.items import OrderLine
from backend.domain.lots import Lot, Movement, Portion, Receipt, ScannedCode
from backend.domain.sites import Location
from tests.actions.floor import Floor, codes, last_event, on_record, refusal

STRANGE = "0952999900001"
STRANGE += check_digit(STRANGE)

Change = Callable[[Floor], ReceiveLot]


def told(order: str, change: Callable[[str], str] = str, **fields: Any) -> Change:
    """A scan of this delivery with its label's text changed, or fields that a person typed."""
    return lambda floor: floor.scan(order, change(floor.labels[order].text), **fields)


def put(old: str, new: str) -> Callable[[str], str]:
    """Replace what must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def two_products(floor: Floor) -> ReceiveLot:
    other = ScannedCode(floor.labels["0412/3"].text, "]d2")
    command = floor.scan("0412/2")
    return msgspec.structs.replace(command, codes=[*command.codes, other])


def other_text(floor: Floor) -> ReceiveLot:
    return msgspec.structs.replace(floor.scan("0412/2"), codes=[ScannedCode("hello")])


def wrong_digit(text: str) -> str:
    return text[:15] + str((int(text[15]) + 1) % 10) + text[16:]


REFUSED = [
    ("no label", other_text, ["not_a_label"]),
    ("no GS1 element", told("0412/2", lambda _: "hello"), ["ai_unknown"]),
    ("wrong check digit", told("0412/2", wrong_digit), ["check_digit_wrong"]),
    ("separator lost", told("0412/2", put(FNC1, "")), ["label_ambiguous"]),
    ("day that never comes", told("0412/2", lambda t: t[:26] + "281350" + t[32:]), ["date_impossible"]),
    ("unknown item", told("0412/2", lambda t: "01" + STRANGE + t[16:]), ["item_unknown"]),
    ("two products in one frame", two_products, ["codes_of_different_products"]),
    ("expired", told("0412/2", lambda t: t[:26] + "200131" + t[32:]), ["lot_expired"]),
    ("more than ordered", told("0412/2", quantity="4001"), ["quantity_over_order"]),
    ("nothing", told("0412/2", quantity="0"), ["quantity_not_positive"]),
    ("words for a number", told("0412/2", quantity="many"), ["number_expected"]),
    ("another unit", told("0412/2", quantity="4 kg"), ["unit_factor_missing"]),
    ("trouble without a word", told("0412/2", trouble="goods_doubtful"), ["reason_missing"]),
    ("typed lot against the label", told("0412/2", supplier_lot="X1"), ["supplier_lot_differs"]),
    (
        "expired and more than ordered",
        told("0412/2", lambda t: t[:26] + "200131" + t[32:], quantity="4001"),
        ["quantity_over_order", "lot_expired"],
    ),
]  # fmt: skip


@pytest.mark.proves("LBL-2", "LBL-6", "LBL-7", "REL-1", "AUD-1")
async def test_what_cannot_be_received_changes_nothing_and_stays_in_the_log(floor: Floor) -> None:
    before, wang = await on_record(floor.store), await floor.who("wang")
    for name, change, expected in REFUSED:
        command = change(floor)
        assert await codes(receive_lot(floor.store, wang, command)) == expected, name
        event = await last_event(floor.store)
        assert (event["type"], event["command"]) == ("refused", command.id)
        assert [reason["code"] for reason in event["facts"]["reasons"]] == expected
    assert await on_record(floor.store) == before


async def test_a_received_lot_is_in_quarantine_with_its_inspection_open(floor: Floor) -> None:
    label = floor.labels["0411/1"]
    received = await floor.receive("0411/1")
    lot, read = await floor.lot(received), floor.store.read
    assert (lot.status, lot.supplier_lot, lot.expires_on, lot.made_on) == (
        "quarantine", label.lot, label.expires_on, label.made_on,
    )  # fmt: skip
    portion = await read.first(Portion, "lot_id = $1", lot.id)
    assert portion is not None and (portion.status, portion.quantity) == ("quarantine", Decimal(3000))
    assert (await read.get(Location, portion.location_id)).kind == "quarantine"
    ledger = await read.all(Movement, "lot_id = $1", lot.id)
    assert [(line.kind, line.quantity) for line in ledger] == [("received", Decimal(3000))]
    line = await read.get(OrderLine, label.order_line_id)
    assert (line.status, line.received) == ("complete", Decimal(3000))
    assert received.inspection is not None
    inspection = await read.get(Inspection, received.inspection.id)
    assert (inspection.status, inspection.stage, inspection.lot_size) == ("open", "incoming", 3000)
    samples = await read.all(Sample, "inspection_id = $1 order by number", inspection.id)
    assert len(samples) == received.inspection.sample_size == len({sample.unit for sample in samples})


@pytest.mark.proves("LBL-7")
async def test_the_scanned_code_is_kept_as_it_came(floor: Floor) -> None:
    received = await floor.receive("0412/2")
    receipt = await floor.store.read.get(Receipt, received.receipt_id)
    assert receipt.codes == [ScannedCode(floor.labels["0412/2"].text, "]d2")]
    assert FNC1 in receipt.codes[0].text


def find_by_number_alone(lots: list[Lot], supplier_lot: str) -> list[Lot]:
    """The broken twin of LOT-1: the supplier's number is taken for the lot."""
    return [lot for lot in lots if lot.supplier_lot == supplier_lot]


@pytest.mark.proves("LOT-1")
async def test_the_same_number_from_three_suppliers_is_three_lots(floor: Floor) -> None:
    orders = ("0411/1", "0412/1", "0413/2")
    assert len({floor.labels[order].lot for order in orders}) == 1
    received = [await floor.receive(order) for order in orders]
    assert len({each.lot_id for each in received}) == 3
    naive = find_by_number_alone(await floor.store.read.all(Lot), floor.labels["0411/1"].lot)
    assert len(naive) == 3, "the twin would have put the second delivery into the first lot"


@pytest.mark.proves("LOT-1")
async def test_a_scan_that_fits_two_deliveries_asks_which(floor: Floor) -> None:
    command = floor.scan("0411/1", order_line_id=None)
    error = await refusal(receive_lot(floor.store, await floor.who("wang"), command))
    assert [reason.code for reason in error.reasons] == ["delivery_choose"]
    asked = error.reasons[0].facts["ids"]
    assert isinstance(asked, list)
    assert set(asked) == {floor.labels[order].order_line_id for order in ("0411/1", "0414/1")}
    unique = floor.scan("0411/2", order_line_id=None)
    received = await receive_lot(floor.store, await floor.who("wang"), unique)
    assert (await floor.lot(received)).supplier_lot == floor.labels["0411/2"].lot


async def test_a_label_of_another_item_does_not_fit_the_delivery_that_was_named(floor: Floor) -> None:
    command = floor.scan("0412/2", floor.labels["0411/2"].text)
    assert await codes(receive_lot(floor.store, await floor.who("wang"), command)) == [
        "delivery_not_expected"
    ]


@pytest.mark.proves("LOT-2")
async def test_a_second_delivery_is_a_receipt_that_the_release_of_the_first_does_not_cover(
    floor: Floor,
) -> None:
    first = await floor.inspected("0411/1")
    await floor.shift.sign(first.receipt_id)
    assert (await floor.lot(first)).status == "released"
    second = await floor.receive("0414/1")
    assert second.lot_id == first.lot_id and second.receipt_id != first.receipt_id
    assert second.inspection is not None and first.inspection is not None
    assert second.inspection.id != first.inspection.id
    portions = await floor.store.read.all(Portion, "lot_id = $1 order by id", first.lot_id)
    assert [(each.receipt_id, each.status) for each in portions] == [
        (first.receipt_id, "released"),
        (second.receipt_id, "quarantine"),
    ]
    assert (await floor.lot(first)).status == "quarantine", "the loudest portion speaks for the lot"


@pytest.mark.proves("LBL-5")
async def test_a_rescan_without_expiry_keeps_the_stored_one_and_a_different_one_stops(floor: Floor) -> None:
    first = await floor.receive("0411/1", quantity="1000")
    expiry = floor.labels["0411/1"].expires_on
    text = floor.labels["0411/1"].text
    without = text[:24] + text[32:]
    again = floor.scan("0411/1", without, quantity="1000")
    received = await receive_lot(floor.store, await floor.who("wang"), again)
    assert received.lot_id == first.lot_id
    assert (await floor.lot(first)).expires_on == expiry
    other = floor.scan("0411/1", text[:26] + "400131" + text[32:], quantity="500")
    assert await codes(receive_lot(floor.store, await floor.who("wang"), other)) == ["expiry_differs"]
    assert (await floor.lot(first)).expires_on == expiry


@pytest.mark.proves("LBL-6")
async def test_what_is_received_already_is_not_received_again(floor: Floor) -> None:
    await floor.receive("0412/2")
    assert await codes(floor.receive("0412/2")) == ["quantity_over_order"]
    by_itself = floor.scan("0411/2", order_line_id=None)
    await receive_lot(floor.store, await floor.who("wang"), by_itself)
    again = msgspec.structs.replace(by_itself, id=floor.new_id())
    assert await codes(receive_lot(floor.store, await floor.who("wang"), again)) == ["delivery_not_expected"]


async def test_a_serialised_piece_is_received_once(floor: Floor) -> None:
    text = floor.labels["0412/2"].text.split(FNC1)[0] + FNC1 + "21SN0001"
    wang = await floor.who("wang")
    await receive_lot(floor.store, wang, floor.scan("0412/2", text, quantity="1"))
    again = floor.scan("0412/2", text, quantity="1")
    assert await codes(receive_lot(floor.store, wang, again)) == ["serial_received_already"]


async def test_parts_of_a_delivery_leave_the_rest_open(floor: Floor) -> None:
    await floor.receive("0412/2", quantity="１５００")
    line = await floor.store.read.get(OrderLine, floor.labels["0412/2"].order_line_id)
    assert (line.status, line.received) == ("open", Decimal(1500))
    await floor.receive("0412/2", quantity="2500 pcs")
    line = await floor.store.read.get(OrderLine, line.id)
    assert (line.status, line.received) == ("complete", Decimal(4000))


async def test_new_stock_goes_to_quarantine_only(floor: Floor) -> None:
    for kind in ("released", "production", "shipping", "rejected"):
        place = await floor.store.read.first(Location, "kind = $1", kind)
        assert place is not None
        assert await codes(floor.receive("0412/2", location_id=place.id)) == ["location_not_quarantine"]


async def test_without_a_code_what_was_typed_counts_and_the_lot_number_is_asked_for(floor: Floor) -> None:
    wang, line = await floor.who("wang"), floor.labels["0412/3"].order_line_id
    typed = ReceiveLot(id=floor.new_id(), order_line_id=line, quantity="20")
    assert await codes(receive_lot(floor.store, wang, typed)) == ["supplier_lot_missing"]
    typed = msgspec.structs.replace(typed, id=floor.new_id(), supplier_lot="B 77", expires_on="2031-05-31")
    lot = await floor.lot(await receive_lot(floor.store, wang, typed))
    assert (lot.supplier_lot, lot.expires_on) == ("B 77", "2031-05-31")


async def test_what_the_receiver_sees_to_be_wrong_holds_the_receipt_until_quality_lifts_it(
    floor: Floor,
) -> None:
    received = await floor.receive("0412/2", trouble="papers_missing", remark="not in the box")
    assert (await floor.lot(received)).status == "held"
    event = await last_event(floor.store)
    assert (event["reason"], event["facts"]["trouble"]) == ("not in the box", "papers_missing")
    command = LiftHold(
        id=floor.new_id(), lot_number=received.lot_number, code="papers_missing", reason="they came"
    )
    await lift_hold(floor.store, await floor.who("novak"), command)
    assert (await floor.lot(received)).status == "inspecting"
