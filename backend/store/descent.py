"""What was made of a lot, and holding it when the lot turns out bad (REL-6, LOT-5)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.genealogy import Consumption
from backend.domain.lots import Hold, Lot, Receipt
from backend.store.change import Change
from backend.store.reader import Reader
from backend.store.stock import step_portions

HELD = ("quarantine", "inspecting", "production_released", "conditional", "conceded", "released")


async def made_of(read: Reader, portion_ids: Sequence[str]) -> list[Lot]:
    """Every lot that something of these portions went into, however far down; by number."""
    direct = {
        each.child_lot_id
        for portion_id in portion_ids
        for each in await read.all(Consumption, "portion_id = $1", portion_id)
    }
    found: dict[str, Lot] = {}
    for child_id in sorted(direct):
        rows = await read.rows(
            "with recursive down(id) as (select id from lot where id = $1 union select child_lot_id "
            "from consumption join down on parent_lot_id = down.id) select id from down",
            child_id,
        )
        for (lot_id,) in rows:
            found[lot_id] = await read.get(Lot, lot_id)
    return sorted(found.values(), key=lambda lot: lot.number)


async def split_from(read: Reader, receipt_id: str) -> list[Receipt]:
    """Receipts that were split off a receipt, and off those: its inspections speak for them too (LOT-3)."""
    return await read.all(Receipt, "origin_id = $1 order by id", receipt_id)


async def hold_descendants(tx: Change, lot: Lot, portion_ids: Sequence[str]) -> list[Lot]:
    """Hold whatever was made of these portions of a lot, and tell who decides on it."""
    held = await made_of(tx, portion_ids)
    for each in held:
        tx.insert(Hold(tx.new_id(), each.site_id, each.id, None, "component_rejected", None, tx.now))
        await step_portions(tx, each, "hold", only=HELD)
        await tx.tell_role(
            ("supervisor", "quality_engineer"),
            "component_rejected",
            "lot",
            each.number,
            lot=each.number,
            component=lot.number,
        )
    return held
