"""Expected deliveries, with the codes that name their items, so that a phone can recognise them offline."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain.material_units import Converted
from backend.domain.words import Words
from backend.store.aliases import aliases_at, same_ids
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.lots import ItemRef, SupplierRef, item_ref


class Identifier(msgspec.Struct, frozen=True):
    """A code that names an item."""

    scheme: str
    value: str


class OrderLineView(msgspec.Struct, frozen=True):
    """A line of a purchase order; quantities in the item's unit. `ordered`: `3 box`, where it was in another one."""

    id: str
    purchase_order: str
    line: int
    item: ItemRef
    supplier: SupplierRef
    quantity: Decimal
    received: Decimal
    open: Decimal
    carrier: str
    transport_batch: str
    expected_on: str
    status: str
    identifiers: list[Identifier]
    ordered: str | None = None
    ordered_as: str | None = None
    """The code that the order names, where that is an alias of `item`."""


class LocationView(msgspec.Struct, frozen=True):
    """A place to put things."""

    id: str
    code: str
    name: Words
    kind: str


class ListedItem(ItemRef, frozen=True):
    """`kept_code`: it is an alias of the item of this code; nothing new is planned or qualified under it."""

    kept_code: str | None = None


_ITEM = "select id, code, name, unit, kind from item"
_SELECT = (
    "select order_line.id, purchase_order, line, item.id, item.code, item.name, item.unit, item.kind, "
    "supplier.id, supplier.code, supplier.name, quantity, received, carrier, transport_batch, expected_on, "
    "order_line.status, order_line.entered from order_line join item on item.id = order_line.item_id "
    "join supplier on supplier.id = order_line.supplier_id"
)


async def list_deliveries(read: Reader, site_id: str) -> list[OrderLineView]:
    """Open lines, the soonest first."""
    rows = await read.rows(
        f"{_SELECT} where order_line.site_id = $1 and order_line.status = 'open' "
        "order by expected_on, purchase_order, line limit 500",
        site_id,
    )
    return await order_lines(read, site_id, rows)


async def lines_of_item(
    read: Reader, site_id: str, item_id: str, supplier_id: str | None
) -> list[OrderLineView]:
    """Open lines of one item under any of its codes, from one supplier where the code says so."""
    which = among(read, "item.id", await same_ids(read, item_id), 2)
    whose = among(read, "supplier.id", await same_ids(read, supplier_id), 3) if supplier_id else None
    rows = await read.rows(
        f"{_SELECT} where order_line.site_id = $1 and order_line.status = 'open' and {which.where} "
        f"{'and ' + whose.where if whose else ''} order by expected_on, purchase_order, line",
        site_id,
        which.argument,
        *([whose.argument] if whose else []),
    )
    return await order_lines(read, site_id, rows)


async def order_lines(read: Reader, site_id: str, rows: Sequence[Row]) -> list[OrderLineView]:
    """Rows as lines, each with the item that is kept, and the identifiers of that item and supplier under any name."""
    known = await read.rows(
        "select item_id, supplier_id, scheme, value from item_identifier where site_id = $1 order by value",
        site_id,
    )
    kept = await aliases_at(read, site_id, "supplier")
    one = await aliases_at(read, site_id, "item")
    which = among(read, "id", {one[row[3]] for row in rows if row[3] in one})
    meant = (
        {row[0]: item_ref(row) for row in await read.rows(f"{_ITEM} where {which.where}", which.argument)}
        if one
        else {}
    )
    return [
        OrderLineView(
            id=row[0],
            purchase_order=row[1],
            line=row[2],
            item=meant.get(one.get(row[3], ""), item_ref(row[3:8])),
            supplier=SupplierRef(row[8], row[9], row[10]),
            quantity=Decimal(row[11]),
            received=Decimal(row[12]),
            open=Decimal(row[11]) - Decimal(row[12]),
            carrier=row[13],
            transport_batch=row[14],
            expected_on=row[15],
            status=row[16],
            identifiers=[
                Identifier(scheme, value)
                for item_id, supplier_id, scheme, value in known
                if one.get(item_id, item_id) == one.get(row[3], row[3])
                and (supplier_id is None or kept.get(supplier_id, supplier_id) == kept.get(row[8], row[8]))
            ],
            ordered=said(row[17]),
            ordered_as=row[4] if row[3] in one else None,
        )
        for row in rows
    ]


def said(entered: str | None) -> str | None:
    """A quantity as it was said, from its column: `3 box`."""
    return msgspec.json.decode(entered, type=Converted).said if entered is not None else None


async def list_locations(read: Reader, site_id: str) -> list[LocationView]:
    """By code."""
    rows = await read.rows(
        "select id, code, name, kind from location where site_id = $1 order by code", site_id
    )
    return [LocationView(row[0], row[1], msgspec.json.decode(row[2], type=Words), row[3]) for row in rows]


async def list_items(read: Reader, site_id: str) -> list[ListedItem]:
    """By code."""
    rows = await read.rows(f"{_ITEM} where site_id = $1 order by code", site_id)
    kept, codes = await aliases_at(read, site_id, "item"), {row[0]: row[1] for row in rows}
    found = [item_ref(row) for row in rows]
    return [
        ListedItem(each.id, each.code, each.name, each.unit, each.kind, codes.get(kept.get(each.id, "")))
        for each in found
    ]
