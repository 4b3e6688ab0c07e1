"""What leaves for whom, what may not, and what comes back (LOT-5, LOT-7, LOT-11, REL-6, REL-7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.actions import ship_lots as ship_module
from backend.actions import take_return as return_module
from backend.actions.hold_lot import HoldLot, hold_lot
from backend.domain.consignees import Contact
from backend.domain.inspections import Inspection
from backend.domain.lots import Portion, SerialUnit
from backend.domain.notices import Notice
from backend.domain.receiving import Received
from backend.domain.shipments import WishedLine
from backend.store.deciding import dossier
from backend.store.revoking import gone_of, stock_under
from backend.views.ledgers import lot_ledger
from backend.views.shipments import list_shipments, shipment_view
from backend.views.traces import trace
from tests.actions.floor import Floor, codes, on_record
from tests.actions.shipping import consignee, lines_of, sent_back, shipped
from tests.actions.test_dividing import lot_of, split
from tests.actions.test_part_decisions import NEEDLES, decide, lies, portions
from tests.actions.test_production import consumed, released, started


@pytest.mark.proves("LOT-9", "LOT-11", "LOT-12")
async def test_what_is_shipped_stands_in_ledger_and_trace(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    shipment = await shipped(floor, to, (needles.number, "1500"), order_number="PO-77", waybill="SF1")
    ledger = await lot_ledger(floor.store.read, needles.id)
    assert (ledger.shipped, ledger.released, ledger.difference) == (Decimal(1500), Decimal(2500), Decimal(0))
    found = await trace(floor.store.read, floor.site_id, needles.number, "down")
    assert [(each.consignee, each.quantity, each.shipment) for each in found.shipments] == [
        ("H-01", Decimal(1500), shipment.number)
    ]
    view = await shipment_view(floor.store.read, shipment.id)
    assert (view.papers, view.carrier, view.lines[0].left) == (
        ["certificate of release"],
        "SF Express",
        Decimal(1500),
    )
    rows = await list_shipments(floor.store.read, floor.site_id, needles.number, "H-01")
    assert [(row.number, row.lots) for row in rows] == [(shipment.number, [needles.number])]
    assert await list_shipments(floor.store.read, floor.site_id, None, "nobody") == []


async def refused_to_ship(floor: Floor, status: str) -> None:
    """Nothing that is not released or conceded leaves, and a refused shipment writes nothing."""
    received = await floor.inspected(NEEDLES)
    lot, to = await floor.lot(received), await consignee(floor)
    if status == "conditional":
        await decide(floor, received, "1000", "conditional", condition="line 1 stands still")
    if status == "held":
        await floor.shift.sign(received.receipt_id)
        hold = HoldLot(id=floor.new_id(), lot_number=lot.number, reason="wet")
        await hold_lot(floor.store, await floor.who("li"), hold)
    before = await on_record(floor.store)
    code = "conditional_not_shipped" if status == "conditional" else "not_enough_shippable"
    assert await codes(shipped(floor, to, (lot.number, "1"))) == [code]
    assert await on_record(floor.store) == before


@pytest.mark.proves("LOT-11", "REL-6")
@pytest.mark.parametrize("status", ["conditional", "inspecting", "held"])
async def test_only_released_or_conceded_stock_leaves(floor: Floor, status: str) -> None:
    await refused_to_ship(floor, status)


@pytest.mark.proves("LOT-11", "REL-6")
async def test_shipping_what_is_used_at_risk_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of REL-6: what production may use may leave too."""
    monkeypatch.setattr(ship_module, "SHIPPABLE", ("released", "conceded", "conditional"))
    with pytest.raises(AssertionError, match="was not refused"):
        await refused_to_ship(floor, "conditional")


@pytest.mark.proves("LOT-11", "REL-6")
async def test_a_part_that_is_released_leaves_beside_one_at_risk(floor: Floor) -> None:
    received, to = await floor.inspected(NEEDLES), await consignee(floor)
    lot = await floor.lot(received)
    await decide(floor, received, "1000")
    await decide(floor, received, "500", "conditional", condition="line 1 stands still")
    assert await codes(shipped(floor, to, (lot.number, "1001"))) == ["conditional_not_shipped"]
    await shipped(floor, to, (lot.number, "1000"))
    assert await lies(floor, received) == {"released": 0, "conditional": 500, "inspecting": 2500}


@pytest.mark.proves("LOT-11", "LOT-12")
async def test_what_cannot_be_shipped_at_all(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    assert await codes(shipped(floor, to)) == ["lines_missing"]
    assert await codes(shipped(floor, to, ("L0", "1"))) == ["lot_unknown"]
    assert await codes(shipped(floor, to, (needles.number, "0"))) == ["quantity_not_positive"]
    twice = ((needles.number, "3000"), (needles.number, "3000"))
    assert await codes(shipped(floor, to, *twice)) == ["lot_twice"]
    gone = await consignee(floor, consignee_id=to.id, active=False)
    assert await codes(shipped(floor, gone, (needles.number, "1"))) == ["consignee_inactive"]
    missing = consignee(floor, "H-02", name=" ", address="", contacts=[])
    assert await codes(missing) == ["name_missing", "address_missing", "contact_missing"]
    assert await codes(consignee(floor, "H-02", contacts=[Contact("x")])) == ["contact_unreachable"]
    assert await codes(consignee(floor, "H-01")) == ["code_taken"]
    assert await codes(consignee(floor, "H-09", consignee_id=to.id)) == ["code_fixed"]


@pytest.mark.proves("LOT-11")
async def test_a_serial_leaves_once(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    receipt = (await floor.store.read.rows("select id from receipt where lot_id = $1", needles.id))[0][0]

    async def mark(tx: Any) -> None:
        tx.insert(SerialUnit(tx.new_id(), floor.site_id, needles.id, receipt, "S1"))
        tx.record("master_data_loaded", "site", floor.site_id, rows=0)

    from backend.domain.security import Plain, system

    await floor.store.change(system(floor.site_id), "load_master_data", Plain(floor.new_id()), mark, None)
    from backend.actions.ship_lots import ShipLots, ship_lots

    async def ship(*serials: str) -> Any:
        lines = [WishedLine(needles.number, "1", list(serials))]
        command = ShipLots(id=floor.new_id(), consignee_id=to.id, lines=lines)
        return await ship_lots(floor.store, await floor.who("wang"), command)

    assert await codes(ship("S9")) == ["serial_not_of_lot"]
    await ship("S1")
    assert await codes(ship("S1")) == ["serial_shipped_already"]


async def came_back(floor: Floor) -> tuple[Received, Any]:
    """Released, shipped, some of it sent back."""
    received, to = await floor.inspected(NEEDLES), await consignee(floor)
    await floor.shift.sign(received.receipt_id)
    lot = await floor.lot(received)
    shipment = await shipped(floor, to, (lot.number, "4000"))
    back = await sent_back(floor, shipment, "300")
    own = await floor.store.read.all(Inspection, "receipt_id = $1", back.receipt_id)
    lying = await floor.store.read.all(Portion, "receipt_id = $1", back.receipt_id)
    assert [portion.status for portion in lying] == ["quarantine"], "it waits"
    assert [(each.purpose, each.status) for each in own] == [("return", "open")], (
        "for an inspection of its own"
    )
    assert await codes(shipped(floor, to, (lot.number, "1"))) == ["not_enough_shippable"]
    assert await codes(consumed(floor, await started(floor), lot.number, "1")) == ["not_enough_released"]
    file = await dossier(floor.store.read, back.receipt_id, "x")
    assert [each.id for each in file.inspections] == [own[0].id], (
        "what was inspected before says nothing of it"
    )
    sun = await floor.sign_in("sun")
    assert await codes(floor.begin(sun.who, back.receipt_id, passkey=False)) == ["items_missing"]
    return received, back


@pytest.mark.proves("LOT-7", "LOT-9")
async def test_what_comes_back_waits_for_an_inspection_of_its_own(floor: Floor) -> None:
    received, back = await came_back(floor)
    ledger = await lot_ledger(floor.store.read, received.lot_id)
    assert (ledger.returned_in, ledger.undecided, ledger.difference) == (300, 300, 0)
    inspection = await floor.store.read.first(Inspection, "receipt_id = $1", back.receipt_id)
    assert inspection is not None
    await floor.shift.inspect(inspection.id, "garcia")
    floor.clock.forward(floor.clock.now.replace(microsecond=0))
    await floor.shift.sign(back.receipt_id)
    assert {
        p.status for p in await portions(floor, Received(back.receipt_id, "", "", Decimal(0), "", None))
    } == {"released"}
    assert await floor.store.read.all(Notice, "code = 'return_taken'")


async def naive_open(*_: object, **__: object) -> None:
    """The broken twin of LOT-7: it was inspected before it left."""


@pytest.mark.proves("LOT-7")
async def test_a_return_that_is_not_inspected_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(return_module, "open_for", naive_open)
    with pytest.raises(AssertionError, match="inspection of its own"):
        await came_back(floor)


async def naive_status(*_: object) -> str:
    """The other broken twin of LOT-7: what was released is released."""
    return "released"


@pytest.mark.proves("LOT-7")
async def test_a_return_that_is_released_at_once_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(return_module, "_status", naive_status)
    with pytest.raises(AssertionError, match="it waits"):
        await came_back(floor)


@pytest.mark.proves("LOT-7")
async def test_no_more_comes_back_than_was_shipped(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    shipment = await shipped(floor, to, (needles.number, "100"))
    await sent_back(floor, shipment, "60")
    assert await codes(sent_back(floor, shipment, "41")) == ["return_over_shipped"]
    assert await codes(sent_back(floor, shipment, "0", " ")) == ["quantity_not_positive", "reason_missing"]
    await sent_back(floor, shipment, "40")


@pytest.mark.proves("LOT-5")
async def test_a_hold_reaches_what_was_shipped_and_says_how_many(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    part = await split(floor, needles.number, "1000")
    await shipped(floor, to, (part.child.number, "1000"))
    hold = HoldLot(id=floor.new_id(), lot_number=needles.number, reason="wet")
    held = await hold_lot(floor.store, await floor.who("li"), hold)
    assert (held.descendants, held.shipped) == (1, 1)
    assert await floor.count("hold where lot_id = $1 and lifted_at is null", part.child.id) == 1
    told = await floor.store.read.all(Notice, "code = 'held_but_shipped'")
    assert told[0].facts == {"lot": needles.number, "lots": [part.child.number], "consignees": ["人民医院"]}


@pytest.mark.proves("REL-7")
async def test_a_revocation_lists_what_was_shipped_with_whom(floor: Floor) -> None:
    needles, to = await released(floor), await consignee(floor)
    shipment = await shipped(floor, to, (needles.number, "1500"))
    from backend.domain.signatures import Release

    release = await floor.store.read.first(Release, "lot_id = $1", needles.id)
    assert release is not None
    gone = await gone_of(floor.store.read, await stock_under(floor.store.read, release))
    assert [(each.kind, each.quantity, each.consignee, each.shipment) for each in gone] == [
        ("shipped", Decimal(1500), "H-01 人民医院", shipment.number)
    ]


@pytest.mark.proves("DUP-1")
async def test_a_shipment_sent_twice_leaves_once(floor: Floor) -> None:
    from backend.actions.ship_lots import ShipLots, ship_lots

    needles, to = await released(floor), await consignee(floor)
    command = ShipLots(id=floor.new_id(), consignee_id=to.id, lines=[WishedLine(needles.number, "10")])
    wang = await floor.who("wang")
    first, again = await ship_lots(floor.store, wang, command), await ship_lots(floor.store, wang, command)
    assert first == again and len(await lines_of(floor, first)) == 1
    assert (await lot_of(floor, needles.number)).status == "released"
