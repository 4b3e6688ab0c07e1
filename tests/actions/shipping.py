"""Consignees, shipments, returns and recalls as the tests make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.actions.begin_recall import BeginRecall, begin_recall
from backend.actions.keep_consignee import KeepConsignee, keep_consignee
from backend.actions.record_recall_answer import AnsweredLine, RecordRecallAnswer, record_recall_answer
from backend.actions.ship_lots import ShipLots, ship_lots
from backend.actions.start_recall import StartRecall, start_recall
from backend.actions.take_return import TakeReturn, take_return
from backend.demo.people import BY_LOGIN
from backend.domain.consignees import Consignee, Contact
from backend.domain.people import Who
from backend.domain.recalls import Basis, Recall, RecallLine
from backend.domain.shipments import CustomerReturn, Shipment, ShipmentLine, WishedLine
from tests.actions.floor import PARTY, Floor, digest_of


async def consignee(floor: Floor, code: str = "H-01", name: str = "人民医院", **fields: Any) -> Consignee:
    right: dict[str, Any] = {
        "id": floor.new_id(),
        "consignee_id": None,
        "code": code,
        "name": name,
        "address": "1 Nanjing Road, Shanghai",
        "country": "CN",
        "language": "zh",
        "contacts": [Contact("陈医生", "chen@hospital.example", "+86 21 5550 0100")],
    }
    return await keep_consignee(floor.store, await floor.who("wang"), KeepConsignee(**(right | fields)))


async def shipped(floor: Floor, to: Consignee, *lines: tuple[str, str], **fields: Any) -> Shipment:
    command = ShipLots(
        id=floor.new_id(),
        consignee_id=to.id,
        lines=[WishedLine(number, quantity) for number, quantity in lines],
        carrier="SF Express",
        papers=["certificate of release"],
        **fields,
    )
    return await ship_lots(floor.store, await floor.who("wang"), command)


async def lines_of(floor: Floor, shipment: Shipment) -> list[ShipmentLine]:
    return await floor.store.read.all(ShipmentLine, "shipment_id = $1 order by id", shipment.id)


async def sent_back(
    floor: Floor, shipment: Shipment, quantity: str, reason: str = "wrong size"
) -> CustomerReturn:
    line = (await lines_of(floor, shipment))[0]
    command = TakeReturn(id=floor.new_id(), shipment_line_id=line.id, quantity=quantity, reason=reason)
    return await take_return(floor.store, await floor.who("wang"), command)


async def recall_signed(
    floor: Floor,
    who: Who,
    basis: Basis | None,
    first: Recall | None = None,
    reason: str = "needles may break",
) -> Recall:
    """One of the two signatures."""
    recall_id = first.id if first is not None else None
    wish = BeginRecall(id=floor.new_id(), recall_id=recall_id, basis=basis, reason=reason, passkey=False)
    begun = await begin_recall(floor.store, who, wish)
    command = StartRecall(
        id=floor.new_id(),
        recall_id=recall_id,
        basis=basis,
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        password=BY_LOGIN[who.login].password,
        totp=floor.totp(who.login),
        accountability_accepted=True,
    )
    done = await start_recall(floor.store, who, command, PARTY)
    floor.clock.forward(floor.clock.now + timedelta(minutes=2))  # a code signs once: wait for the next
    return done


async def recalled(floor: Floor, basis: Basis) -> Recall:
    """In force, by two people."""
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    first = await recall_signed(floor, sun, basis)
    return await recall_signed(floor, zhou, None, first)


async def answered(floor: Floor, recall: Recall, to: Consignee, **fates: str) -> None:
    """The same for every line of theirs."""
    lines = await floor.store.read.all(
        RecallLine, "recall_id = $1 and consignee_id = $2 order by id", recall.id, to.id
    )
    command = RecordRecallAnswer(
        id=floor.new_id(),
        recall_id=recall.id,
        consignee_id=to.id,
        answer="by telephone",
        lines=[AnsweredLine(line.id, **fates) for line in lines],
    )
    await record_recall_answer(floor.store, await floor.who("novak"), command)
