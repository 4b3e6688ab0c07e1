"""Lots in production, with what went into them so far."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.store.reader import Reader
from backend.views.lots import ItemRef, LotLine, item_ref, lot_line


class ConsumedLine(msgspec.Struct, frozen=True):
    """A quantity of a lot that went in."""

    parent_number: str
    item: ItemRef
    quantity: Decimal
    unit: str


class ProductionLot(msgspec.Struct, frozen=True):
    """A lot being made."""

    lot: LotLine
    production_order: str | None
    consumed: list[ConsumedLine]


async def production_lot(read: Reader, lot_id: str) -> ProductionLot:
    """By id."""
    order = await read.rows("select production_order from lot where id = $1", lot_id)
    rows = await read.rows(
        "select lot.number, item.id, item.code, item.name, item.unit, item.kind, consumption.quantity "
        "from consumption join lot on lot.id = consumption.parent_lot_id join item on item.id = lot.item_id "
        "where child_lot_id = $1 order by consumption.id",
        lot_id,
    )
    consumed = [ConsumedLine(row[0], item_ref(row[1:6]), Decimal(row[6]), row[4]) for row in rows]
    return ProductionLot(await lot_line(read, lot_id), order[0][0] if order else None, consumed)


async def list_production(read: Reader, site_id: str) -> list[ProductionLot]:
    """The newest first."""
    rows = await read.rows(
        "select id from lot where site_id = $1 and status = 'in_production' order by created_at desc limit 50",
        site_id,
    )
    return [await production_lot(read, lot_id) for (lot_id,) in rows]
