"""What was made of a lot and under which numbers its stock goes on; holding that when the lot turns out bad
(REL-5, REL-6, LOT-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backend.domain.genealogy import Consumption
from backend.domain.holds import COMPONENT_REJECTED, OF_REPORT, REVOKED
from backend.domain.inspections import Inspection
from backend.domain.lots import DECIDED, PORTION_STEPS, Hold, Lot, Portion, Receipt
from backend.store.change import Change
from backend.store.closure import closure
from backend.store.many import among
from backend.store.openings import open_for, stage_of
from backend.store.reader import Reader
from backend.store.stock import step_portions

HELD = tuple(
    status for step in PORTION_STEPS if step.name == "hold" for status in step.sources if status != "held"
)
"""What a hold takes hold of."""


async def made_of(read: Reader, portion_ids: Sequence[str]) -> list[Lot]:
    """Every lot that something of these portions went into, however far down; by number."""
    direct = {
        each.child_lot_id
        for portion_id in portion_ids
        for each in await read.all(Consumption, "portion_id = $1", portion_id)
    }
    reached = await closure(read, sorted(direct))
    known = among(read, "id", reached)
    await read.all(Lot, known.where, known.argument)  # a change keeps them, as it has left them so far
    return sorted([await read.get(Lot, lot_id) for lot_id in reached], key=lambda lot: lot.number)


class Carried(NamedTuple):
    """A receipt in which stock of another one goes on; `merged`: among other stock."""

    receipt: Receipt
    merged: bool


_SAME_STOCK = (
    "(edge.kind = 'merged' and child.source = 'merge') or (edge.kind = 'split' and child.origin_id = "
    "(select coalesce(receipt.origin_id, receipt.id) from receipt where receipt.id = portion.receipt_id))"
)
_DOWN = (
    "with recursive down(id, merged) as (select receipt.id, 0 from receipt where receipt.id = $1 union "
    "select child.id, case when edge.kind = 'merged' then 1 else down.merged end from down "
    "join portion on portion.receipt_id = down.id "
    "join consumption edge on edge.parent_lot_id = portion.lot_id and edge.portion_id = portion.id "
    f"join receipt child on child.lot_id = edge.child_lot_id and ({_SAME_STOCK})) "
    "select id, max(merged) from down where id <> $1 group by id order by id"
)
_UP = (
    "with recursive up(id) as (select receipt.id from receipt where receipt.id = $1 union "
    "select portion.receipt_id from up "
    "join receipt child on child.id = up.id join consumption edge on edge.child_lot_id = child.lot_id "
    f"join portion on portion.id = edge.portion_id where {_SAME_STOCK}) select id from up order by id"
)


async def carried_into(read: Reader, receipt_id: str) -> list[Carried]:
    """Where the stock of a receipt goes on under other numbers, however often it was split and merged."""
    rows = await read.rows(_DOWN, receipt_id)
    return [Carried(await read.get(Receipt, id), bool(merged)) for id, merged in rows]


async def carried_from(read: Reader, receipt_id: str) -> list[str]:
    """Ids of the receipts whose stock a receipt holds, its own among them: what stands against one stands here."""
    return [id for (id,) in await read.rows(_UP, receipt_id)]


async def hold_carried(
    tx: Change, carried: Sequence[Carried], parent: Lot, code: str, ncr_ids: Sequence[str | None]
) -> list[Lot]:
    """Hold what stock goes on as, and tell who decides on it; by lot number. `ncr_ids`: of the reports, or [None].

    A merger of released stock was never inspected as what it is: its inspection opens now, since it must be decided.
    """
    held: dict[str, Lot] = {}
    for receipt, merged in carried:
        lot = await tx.get(Lot, receipt.lot_id)
        if code != OF_REPORT and await _stands(tx, receipt, code):
            continue
        for ncr_id in ncr_ids:
            tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, receipt.id, code, ncr_id, tx.now))
        held[lot.number] = await step_portions(tx, lot, "hold", receipt.id, HELD)
        if merged and receipt.source == "merge":
            await inspect_merger(tx, lot, receipt)
    for number in sorted(held):
        facts = {"lot": number, "parent": parent.number}
        await tx.tell_role(("supervisor", "quality_engineer"), "held_with_parent", "lot", number, **facts)
    return [held[number] for number in sorted(held)]


async def decided_stock(tx: Change, receipt_id: str) -> list[Portion]:
    """What of a receipt lies here and may be used, or waits for the next gate."""
    found = [
        await tx.get(Portion, portion.id)
        for portion in await tx.all(Portion, "receipt_id = $1 order by id", receipt_id)
    ]
    return [portion for portion in found if portion.quantity > 0 and portion.status in DECIDED]


async def _stands(tx: Change, receipt: Receipt, code: str) -> bool:
    """Whether this hold is in force against a receipt already."""
    if any((each.receipt_id, each.code) == (receipt.id, code) for each in tx.pending(Hold)):
        return True
    where = "receipt_id = $1 and code = $2 and lifted_at is null"
    return await tx.first(Hold, where, receipt.id, code) is not None


async def inspect_merger(tx: Change, lot: Lot, receipt: Receipt) -> None:
    """Open the inspection of stock that was merged of released stock, once: now it must be decided as what it is."""
    opened = any(each.receipt_id == receipt.id for each in tx.pending(Inspection))
    if not opened and await tx.first(Inspection, "receipt_id = $1", receipt.id) is None:
        await open_for(tx, lot, receipt, await stage_of(tx, lot))


async def hold_descendants(
    tx: Change, lot: Lot, portion_ids: Sequence[str], code: str = COMPONENT_REJECTED
) -> list[Lot]:
    """Hold whatever was made of these portions of a lot, and tell who decides on it (LOT-5)."""
    held = await made_of(tx, portion_ids)
    for each in held:
        where = "lot_id = $1 and receipt_id is null and code = $2 and lifted_at is null"
        if await tx.first(Hold, where, each.id, code) is not None:
            continue
        tx.insert(Hold(tx.new_id(), each.site_id, each.id, None, code, None, tx.now))
        await step_portions(tx, each, "hold", only=HELD)
        roles, facts = ("supervisor", "quality_engineer"), {"lot": each.number, "component": lot.number}
        if code == REVOKED:
            await tx.tell_role(roles, "component_revoked", "lot", each.number, **facts)
        elif code == COMPONENT_REJECTED:
            await tx.tell_role(roles, "component_rejected", "lot", each.number, **facts)
        else:
            await tx.tell_role(roles, "component_held", "lot", each.number, **facts)
    return held
