"""What happened to lots as an EPCIS 2.0 document: every kind of event, exact quantities, nothing left out (QUA-6)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.domain.epcis import Amount, Happening, LotOf, Place, document
from backend.domain.recalls import Basis
from backend.views.epcis import epcis_document
from tests.actions.floor import Floor
from tests.actions.shipping import consignee, recalled, sent_back, shipped
from tests.actions.test_dividing import split
from tests.actions.test_production import consumed, finished, released, started


async def played(floor: Floor) -> tuple[str, dict[str, Any]]:
    """Received, inspected, held and freed, released, split, consumed, shipped, returned, recalled."""
    needles = await released(floor)
    hold = HoldLot(id=floor.new_id(), lot_number=needles.number, reason="wet")
    await hold_lot(floor.store, await floor.who("li"), hold)
    lift = LiftHold(id=floor.new_id(), lot_number=needles.number, code="by_hand", reason="dry")
    await lift_hold(floor.store, await floor.who("novak"), lift)
    part = (await split(floor, needles.number, "1000")).child
    lot = await started(floor)
    await consumed(floor, lot, needles.number, "500")
    await finished(floor, lot, "50")
    shipment = await shipped(floor, await consignee(floor), (part.number, "300"))
    await sent_back(floor, shipment, "40")
    await recalled(floor, Basis("lot", needles.number))
    body = await epcis_document(
        floor.store.read,
        floor.site_id,
        Basis("lot", needles.number),
        "https://plant.example/",
        floor.store.clock(),
    )
    return body.decode(), json.loads(body, parse_float=Decimal)


@pytest.mark.proves("QUA-6", "LOT-12")
async def test_every_kind_of_event_stands_in_the_document(floor: Floor) -> None:
    text, made_of_it = await played(floor)
    events = made_of_it["epcisBody"]["eventList"]
    steps = {(each["bizStep"], each["disposition"]) for each in events}
    assert steps >= {
        ("receiving", "in_progress"), ("inspecting", "conformant"), ("holding", "unavailable"),
        ("accepting", "available"), ("repackaging", "in_progress"), ("commissioning", "in_progress"),
        ("shipping", "in_transit"), ("receiving", "returned"), ("holding", "recalled"),
    }  # fmt: skip
    assert [each["eventTime"] for each in events] == sorted(each["eventTime"] for each in events)
    assert len({each["eventID"] for each in events}) == len(events)
    assert {each["eventTimeZoneOffset"] for each in events} == {"+08:00"}
    split_off = next(each for each in events if each["bizStep"] == "repackaging")
    assert split_off["inputQuantityList"][0]["quantity"] == 1000
    assert '"quantity":1000' in text, "a number, not a text"
    made = next(each for each in events if each["bizStep"] == "commissioning")
    assert (made["inputQuantityList"][0]["quantity"], made["outputQuantityList"][0]["quantity"]) == (500, 50)
    sent = next(each for each in events if each["bizStep"] == "shipping")
    assert sent["destinationList"][0]["destination"].endswith("/parties/H-01")
    assert sent["bizTransactionList"][0]["type"] == "desadv"


@pytest.mark.proves("LOT-8")
def test_a_quantity_is_exact_and_in_a_unit_that_others_know() -> None:
    place = Place("SZ1", "Asia/Shanghai", "https://plant.example")
    resin = LotOf("L26-000001", "R-7/1", "09506000134352", "kg")
    what = Happening(
        "x", "2026-11-23T18:18:00.000000Z", "receiving", "in_progress", [Amount(resin, Decimal("0.10"))]
    )
    text = document([what], place, what.at).decode()
    wanted = {
        "epcClass": "https://id.gs1.org/01/09506000134352/10/R-7%2F1",
        "quantity": Decimal("0.10"),
        "uom": "KGM",
    }
    [found] = json.loads(text, parse_float=Decimal)["epcisBody"]["eventList"]
    assert found["quantityList"] == [wanted] and '"quantity":0.10' in text
    unknown = msgspec.structs.replace(resin, unit="盒")
    [bare] = json.loads(
        document([msgspec.structs.replace(what, amounts=[Amount(unknown, Decimal(3))])], place, what.at)
    )["epcisBody"]["eventList"]
    assert bare["epcList"] == [wanted["epcClass"]] and "quantityList" not in bare, "3 boxes are not 3 pieces"
