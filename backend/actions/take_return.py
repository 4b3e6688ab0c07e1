"""Take back what a consignee returns: it waits in quarantine for an inspection of its own (LOT-7).

It stays what it was, the same lot; but as a receipt of its own it shares neither inspection nor decision with what was
released before. Of a lot under recall it is recalled.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.holds import RECALLED
from backend.domain.items import Item
from backend.domain.lots import Hold, Lot, Portion, PortionStatus, Receipt
from backend.domain.people import Who
from backend.domain.shipments import CustomerReturn, Shipment, ShipmentLine
from backend.domain.sites import Location
from backend.store.change import Change
from backend.store.measuring import whole_in_stock
from backend.store.numbering import number
from backend.store.openings import Marks, open_for, stage_of
from backend.store.stock import follow_portions, move
from backend.store.verb import verb


class TakeReturn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of which line of a shipment came back, in the lot's stock unit as text, and why."""

    id: str
    shipment_line_id: str
    quantity: str
    reason: str
    device_at: str | None = None


@verb
async def take_return(tx: Change, who: Who, command: TakeReturn) -> CustomerReturn:
    """Enter it into stock."""
    line = await tx.get(ShipmentLine, command.shipment_line_id)
    lot = await tx.get(Lot, line.lot_id)
    shipment = await tx.get(Shipment, line.shipment_id)
    said = await whole_in_stock(tx, await tx.get(Item, lot.item_id), command.quantity, line.quantity)
    quantity = said.quantity
    place = await tx.first(Location, "site_id = $1 and kind = 'quarantine' order by code", who.site_id)
    reasons = await _reasons(tx, line, quantity, command.reason)
    if reasons or place is None:
        raise Refused(*reasons or [Reason("location_missing", {"kind": "quarantine"})])
    receipt = tx.insert(
        Receipt(
            tx.new_id(), who.site_id, lot.id, "return", None, quantity, [], [], who.person_id, tx.now,
            command.device_at,
        )
    )  # fmt: skip
    status = await _status(tx, lot)
    portion = tx.insert(Portion(tx.new_id(), who.site_id, lot.id, receipt.id, quantity, status, place.id))
    move(tx, portion, "returned_in", quantity, None, place.id)
    taken = tx.insert(
        CustomerReturn(
            tx.new_id(), who.site_id, await number(tx, "customer_return"), line.id, lot.id, receipt.id, quantity,
            command.reason.strip(), who.person_id, tx.now,
        )
    )  # fmt: skip
    if status != "recalled":
        await open_for(tx, lot, receipt, await stage_of(tx, lot), marks=Marks("return"))
    await follow_portions(tx, lot)
    facts = {
        "lot": lot.number,
        "shipment": shipment.number,
        "quantity": format(quantity, "f"),
        "number": taken.number,
    }
    why = command.reason.strip()
    await tx.tell_role(
        ("supervisor", "quality_engineer"), "return_taken", "lot", lot.number, why=why, **facts
    )
    tx.record("return_taken", "lot", lot.id, reason=command.reason.strip(), **facts)
    return taken


async def _reasons(tx: Change, line: ShipmentLine, quantity: Decimal, reason: str) -> list[Reason]:
    earlier = await tx.all(CustomerReturn, "shipment_line_id = $1 order by id", line.id)
    left = line.quantity - sum((each.quantity for each in earlier), Decimal(0))
    found = []
    if quantity <= 0:
        found.append(Reason("quantity_not_positive", {"quantity": format(quantity, "f")}, "quantity"))
    elif quantity > left:
        facts = {"quantity": format(quantity, "f"), "left": format(left, "f")}
        found.append(Reason("return_over_shipped", dict(facts), "quantity"))
    if not reason.strip():
        found.append(Reason("reason_missing", field="reason"))
    return found


async def _status(tx: Change, lot: Lot) -> PortionStatus:
    """What stands against the whole lot stands against what comes back of it."""
    holds = await tx.all(Hold, "lot_id = $1 and receipt_id is null and lifted_at is null order by id", lot.id)
    if any(hold.code == RECALLED for hold in holds):
        return "recalled"
    return "held" if holds else "quarantine"
