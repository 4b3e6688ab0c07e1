"""Consignees, and what went to them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain.consignees import Consignee
from backend.domain.errors import NotFound, Reason
from backend.domain.process_facts import ProcessFact
from backend.domain.shipments import CustomerReturn, Shipment, ShipmentLine
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.lots import ItemRef, lines_by_id
from backend.views.people import printed_names

PAGE = 50


class ReturnLine(msgspec.Struct, frozen=True):
    """What came back of a line, and the receipt that it waits as."""

    number: str
    quantity: Decimal
    reason: str
    by: str
    at: str
    receipt_id: str


class ShippedLine(msgspec.Struct, frozen=True):
    """A quantity of a lot; `left`: what may still come back."""

    id: str
    lot_number: str
    item: ItemRef
    quantity: Decimal
    left: Decimal
    serials: list[str]
    returns: list[ReturnLine]


class ShipmentView(msgspec.Struct, frozen=True):
    """A shipment with its lines."""

    id: str
    number: str
    consignee: Consignee
    order_number: str
    carrier: str
    waybill: str
    papers: list[str]
    by: str
    shipped_at: str
    lines: list[ShippedLine]


class ShipmentRow(msgspec.Struct, frozen=True):
    """One in a list."""

    id: str
    number: str
    consignee: str
    shipped_at: str
    lots: list[str]


class ProcessFactLine(msgspec.Struct, frozen=True):
    """A fact of a lot's making (LOT-12)."""

    kind: str
    code: str
    value: str
    unit: str
    by: str
    at: str


async def list_consignees(read: Reader, site_id: str) -> list[Consignee]:
    """By code; an alias can't be chosen any more and is found on its shipments."""
    return await read.all(
        Consignee,
        "site_id = $1 and not exists (select 1 from alias where alias_id = consignee.id and undone_at is null) "
        "order by code",
        site_id,
    )


async def list_shipments(
    read: Reader, site_id: str, lot: str | None, consignee: str | None
) -> list[ShipmentRow]:
    """The newest first; of one lot (our number) or one consignee (code) only, where asked."""
    conditions, args = ["shipment.site_id = $1"], [site_id]
    if lot:
        args.append(lot)
        conditions.append(
            "shipment.id in (select shipment_id from shipment_line join lot on lot.id = lot_id "
            f"where lot.site_id = $1 and lot.number = ${len(args)})"
        )
    if consignee:
        args.append(consignee)
        conditions.append(f"consignee.code = ${len(args)}")
    rows = await read.rows(
        "select shipment.id, shipment.number, consignee.name, shipment.shipped_at, "
        "(select string_agg(lot.number, ' ') from shipment_line join lot on lot.id = lot_id "
        "where shipment_id = shipment.id) from shipment join consignee on consignee.id = consignee_id "
        f"where {' and '.join(conditions)} order by shipment.shipped_at desc, shipment.number desc limit {PAGE}",
        *args,
    )
    return [ShipmentRow(row[0], row[1], row[2], row[3], sorted(set((row[4] or "").split()))) for row in rows]


async def shipment_view(read: Reader, shipment_id: str) -> ShipmentView:
    """By id."""
    shipment = await read.get(Shipment, shipment_id)
    names = await printed_names(read, shipment.site_id)
    lines = await read.all(ShipmentLine, "shipment_id = $1 order by id", shipment_id)
    lots = await lines_by_id(read, sorted({line.lot_id for line in lines}))
    chosen = among(read, "shipment_line_id", [line.id for line in lines])
    returns = await read.all(CustomerReturn, f"{chosen.where} order by at, id", chosen.argument)
    return ShipmentView(
        shipment.id,
        shipment.number,
        await read.get(Consignee, shipment.consignee_id),
        shipment.order_number,
        shipment.carrier,
        shipment.waybill,
        shipment.papers,
        names.get(shipment.shipped_by, ""),
        shipment.shipped_at,
        [
            ShippedLine(
                line.id,
                lots[line.lot_id].number,
                lots[line.lot_id].item,
                line.quantity,
                line.quantity - _sum(returns, line.id),
                line.serials,
                [
                    ReturnLine(
                        r.number, r.quantity, r.reason, names.get(r.returned_by, ""), r.at, r.receipt_id
                    )
                    for r in returns
                    if r.shipment_line_id == line.id
                ],
            )
            for line in lines
        ],
    )


def _sum(returns: Sequence[CustomerReturn], line_id: str) -> Decimal:
    return sum((each.quantity for each in returns if each.shipment_line_id == line_id), Decimal(0))


async def process_facts(read: Reader, site_id: str, number: str) -> list[ProcessFactLine]:
    """With what a lot was made, as it was stated."""
    rows = await read.rows("select id from lot where site_id = $1 and number = $2", site_id, number)
    if not rows:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    names = await printed_names(read, site_id)
    found = await read.all(ProcessFact, "lot_id = $1 order by kind, code, at, id", rows[0][0])
    return [
        ProcessFactLine(each.kind, each.code, each.value, each.unit, names.get(each.person_id, ""), each.at)
        for each in found
    ]
