"""Consume a released lot into a production lot: the ledger, the genealogy, never what is not released (LOT-11)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused, refuse
from backend.domain.genealogy import Consumption
from backend.domain.items import Item
from backend.domain.lots import USABLE, Lot, Portion
from backend.domain.material_units import Converted
from backend.domain.people import Who
from backend.domain.retests import due
from backend.store.change import Change
from backend.store.drawing import drawn_from
from backend.store.measuring import whole_in_stock
from backend.store.reader import Reader
from backend.store.stock import follow_portions, move
from backend.store.verb import verb


class ConsumeLot(msgspec.Struct, frozen=True, kw_only=True):
    """How much of which lot goes into which; quantity as text, in the parent's stock unit or another of
    its units."""

    id: str
    lot_id: str
    parent_number: str
    quantity: str
    device_at: str | None = None


class Consumed(msgspec.Struct, frozen=True):
    """The two lots, and what was taken."""

    child: Lot
    parent: Lot
    quantity: Decimal


@verb
async def consume_lot(tx: Change, who: Who, command: ConsumeLot) -> Consumed:
    """Take from what may be used: what is released first, then by concession, then at risk; the oldest first."""
    child = await tx.get(Lot, command.lot_id)
    if child.status != "in_production" or child.site_id != who.site_id:
        raise refuse("lot_not_in_production", lot=child.number, status=child.status)
    parent = await tx.first(Lot, "site_id = $1 and number = $2", who.site_id, command.parent_number.strip())
    if parent is None:
        raise refuse("lot_unknown", field="parent_number", lot=command.parent_number)
    item = await tx.get(Item, parent.item_id)
    portions = await tx.all(Portion, "lot_id = $1 order by id", parent.id)
    usable = await drawn_from(tx, portions, USABLE)
    there = sum((portion.quantity for portion in usable), Decimal(0))
    said = await whole_in_stock(tx, item, command.quantity, there)
    quantity = said.quantity
    _refuse(tx, parent, there, quantity)
    if await _is_descendant(tx, parent.id, child.id):
        raise refuse("genealogy_cycle", field="parent_number", lot=parent.number)
    left = quantity
    for portion in usable:
        taken = min(left, portion.quantity)
        if taken > 0:
            left -= taken
            _take(tx, child, portion, taken, said.entered)
            tx.update(portion, quantity=portion.quantity - taken)
    parent = await follow_portions(tx, parent)
    tx.record(
        "lot_consumed",
        "lot",
        child.id,
        lot=child.number,
        parent=parent.number,
        quantity=format(quantity, "f"),
    )
    return Consumed(child, parent, quantity)


def _refuse(tx: Change, parent: Lot, released: Decimal, quantity: Decimal) -> None:
    reasons = []
    if quantity <= 0:
        reasons.append(Reason("quantity_not_positive", {"quantity": format(quantity, "f")}, "quantity"))
    if quantity > released:
        facts = {"lot": parent.number, "status": parent.status, "released": format(released, "f")}
        reasons.append(Reason("not_enough_released", dict(facts), "quantity"))
    reasons += [
        msgspec.structs.replace(reason, field="parent_number") for reason in due(parent, tx.today.isoformat())
    ]
    if reasons:
        raise Refused(*reasons)


def _take(tx: Change, child: Lot, portion: Portion, taken: Decimal, entered: Converted | None) -> None:
    tx.insert(
        Consumption(
            tx.new_id(), child.site_id, portion.lot_id, child.id, portion.id, taken, tx.who.person_id, tx.now
        )
    )
    move(tx, portion, "consumed", taken, portion.location_id, None, entered)


async def _is_descendant(read: Reader, lot_id: str, of: str) -> bool:
    """Whether `lot_id` was itself made from `of`: such an edge would close a cycle (LOT-10)."""
    found = await read.rows(
        "with recursive down(id) as (select child_lot_id from consumption where parent_lot_id = $1 "
        "union select child_lot_id from consumption join down on parent_lot_id = down.id) "
        "select 1 from down where id = $2 limit 1",
        of,
        lot_id,
    )
    return lot_id == of or bool(found)
