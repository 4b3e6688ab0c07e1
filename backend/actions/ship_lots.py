"""Ship lots to a consignee: only what is released or conceded leaves, never what is used at risk (LOT-11, REL-6)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.consignees import Consignee
from backend.domain.errors import Reason, Refused
from backend.domain.items import Item
from backend.domain.lots import SHIPPABLE, Lot, Portion, SerialUnit
from backend.domain.people import Who
from backend.domain.shipments import Shipment, ShipmentLine, WishedLine, against_shipping
from backend.store.aliases import against_alias
from backend.store.change import Change
from backend.store.drawing import drawn_from
from backend.store.measuring import whole_in_stock
from backend.store.numbering import number
from backend.store.shipping import out_of_house
from backend.store.stock import follow_portions, lot_named, move
from backend.store.verb import verb


class ShipLots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes to whom, how it travels, and which papers go with it."""

    id: str
    consignee_id: str
    lines: list[WishedLine]
    order_number: str = ""
    carrier: str = ""
    waybill: str = ""
    papers: list[str] = []
    device_at: str | None = None


@verb
async def ship_lots(tx: Change, who: Who, command: ShipLots) -> Shipment:
    """Ship it: all lines or none, what is released first, then what is conceded; the oldest first."""
    consignee = await tx.get(Consignee, command.consignee_id)
    reasons = (
        []
        if consignee.active
        else [Reason("consignee_inactive", {"consignee": consignee.code}, "consignee_id")]
    )
    reasons += await against_alias(tx, "consignee", consignee.id, "consignee_id")
    if not command.lines:
        reasons.append(Reason("lines_missing", field="lines"))
    taken: list[tuple[Lot, Portion, Decimal, list[str]]] = []
    seen: set[str] = set()
    for place, wished in enumerate(command.lines):
        field = f"lines.{place}"
        lot = await lot_named(tx, wished.lot_number, f"{field}.lot_number")
        if lot.id in seen:
            reasons.append(Reason("lot_twice", {"lot": lot.number}, f"{field}.lot_number"))
            continue
        seen.add(lot.id)
        found, parts = await _line(tx, lot, wished, field)
        reasons += found
        taken += parts
    if reasons:
        raise Refused(*reasons)
    shipment = tx.insert(
        Shipment(
            tx.new_id(),
            who.site_id,
            await number(tx, "shipment"),
            consignee.id,
            command.order_number.strip(),
            command.carrier.strip(),
            command.waybill.strip(),
            [paper.strip() for paper in command.papers if paper.strip()],
            who.person_id,
            tx.now,
            command.device_at,
        )
    )
    for _, portion, quantity, serials in taken:
        _ship(tx, shipment, portion, quantity, serials)
    for lot_id in dict.fromkeys(lot.id for lot, *_ in taken):
        await follow_portions(tx, await tx.get(Lot, lot_id))
    tx.record(
        "lots_shipped",
        "shipment",
        shipment.id,
        shipment=shipment.number,
        consignee=consignee.code,
        lots=[f"{lot.number} {quantity:f}" for lot, _, quantity, _ in taken],
    )
    return shipment


async def _line(
    tx: Change, lot: Lot, wished: WishedLine, field: str
) -> tuple[list[Reason], list[tuple[Lot, Portion, Decimal, list[str]]]]:
    """What stands in its way, and from which portions it is taken."""
    item = await tx.get(Item, lot.item_id)
    portions = await tx.all(Portion, "lot_id = $1 order by id", lot.id)
    usable = await drawn_from(tx, portions, SHIPPABLE)
    there = sum((portion.quantity for portion in usable), Decimal(0))
    try:
        quantity = (await whole_in_stock(tx, item, wished.quantity, there)).quantity
    except Refused as error:
        raise Refused(
            *(msgspec.structs.replace(each, field=f"{field}.quantity") for each in error.reasons)
        ) from error
    reasons = against_shipping(lot, portions, there, quantity, tx.today.isoformat(), field)
    reasons += await _against_serials(tx, lot, wished.serials, f"{field}.serials")
    parts, left, serials = [], quantity, list(wished.serials)
    for portion in usable:
        part = min(left, portion.quantity)
        if part > 0:
            parts.append((lot, portion, part, serials))
            left, serials = left - part, []  # which piece stood in which portion is not known
    return reasons, parts


async def _against_serials(tx: Change, lot: Lot, serials: list[str], field: str) -> list[Reason]:
    gone = await out_of_house(tx, lot.id) if serials else set()
    found = []
    for serial in serials:
        if await tx.first(SerialUnit, "lot_id = $1 and serial = $2", lot.id, serial) is None:
            found.append(Reason("serial_not_of_lot", {"serial": serial, "lot": lot.number}, field))
        elif serial in gone:
            found.append(Reason("serial_shipped_already", {"serial": serial}, field))
    return found


def _ship(tx: Change, shipment: Shipment, portion: Portion, quantity: Decimal, serials: list[str]) -> None:
    tx.insert(
        ShipmentLine(
            tx.new_id(), shipment.site_id, shipment.id, portion.lot_id, portion.id, quantity, serials
        )
    )
    tx.update(portion, quantity=portion.quantity - quantity)
    move(tx, portion, "shipped", quantity, portion.location_id, None)
