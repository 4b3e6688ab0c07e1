"""Lifting holds: stock that nothing holds any more stands as the table of `domain.holds` has it."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.genealogy import Consumption
from backend.domain.holds import BY_HAND, PARENT_HELD, WITH_PARENT, Restores, restores
from backend.domain.inspections import Inspection
from backend.domain.lots import PORTION_STEPS, RESTORED_BY, Hold, Lot, Portion, Receipt
from backend.domain.signatures import Release
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.descent import inspect_merger, made_of
from backend.store.stock import follow_portions, step_portions
from backend.store.superseding import end_unused


async def lift(tx: Change, holds: Iterable[Hold], ended_by: str, how: Restores | None = None) -> list[str]:
    """Lift these, ended by this action; numbers of the lots whose stock nothing holds any more. `how`: what the
    person has decided beside the table, a rejection.

    Raises LookupError where the table does not let such a hold end like this.
    """
    free = set[str]()
    for hold in holds:
        restored = how or restores(hold.code, ended_by)
        if restored is None:
            raise LookupError(f"{hold.code} is not ended by {ended_by}")
        tx.update(hold, lifted_at=tx.now)
        lot = await tx.get(Lot, hold.lot_id)
        for receipt in await _receipts(tx, hold):
            held = await _is_held(tx, receipt)
            if restored == "rejected":
                await step_portions(tx, lot, "reject", receipt.id, ("held",))
            elif restored == "anew":
                await _decide_anew(tx, receipt)
            if not held and restored != "rejected":
                await _restore(tx, receipt)
            if not held:
                free.add(lot.number)
    return sorted(free)


async def lift_with_parent(tx: Change, parent: Lot) -> list[str]:
    """What was made of a lot whose hold by hand has ended, unless another lot in it is held by hand; by number."""
    portions = await tx.all(Portion, "lot_id = $1 order by id", parent.id)
    freed = []
    for each in await made_of(tx, [portion.id for portion in portions]):
        where = "lot_id = $1 and code = $2 and lifted_at is null order by id"
        mine = await tx.all(Hold, where, each.id, PARENT_HELD)
        if mine and not await _held_above(tx, each, parent):
            await lift(tx, mine, WITH_PARENT)
            freed.append(each.number)
    return freed


async def _receipts(tx: Change, hold: Hold) -> list[Receipt]:
    """What a hold is about."""
    if hold.receipt_id is not None:
        return [await tx.get(Receipt, hold.receipt_id)]
    return await tx.all(Receipt, "lot_id = $1 order by id", hold.lot_id)


async def _is_held(tx: Change, receipt: Receipt) -> bool:
    """Whether some hold that this change has not lifted is about it."""
    where = "lot_id = $1 and lifted_at is null and (receipt_id is null or receipt_id = $2)"
    found = await tx.all(Hold, where, receipt.lot_id, receipt.id)
    return any([(await tx.get(Hold, hold.id)).lifted_at is None for hold in found])


async def _held_stock(tx: Change, receipt: Receipt) -> list[Portion]:
    found = await tx.all(Portion, "receipt_id = $1 and status = 'held' order by id", receipt.id)
    return [now for each in found if (now := await tx.get(Portion, each.id)).status == "held"]


async def _decide_anew(tx: Change, receipt: Receipt) -> None:
    """Its stock stands under no decision any more; a merger is inspected as what it is, since it must be decided."""
    ended = set[str]()
    for portion in await _held_stock(tx, receipt):
        if portion.release_id is not None:
            ended.add(portion.release_id)
            tx.update(portion, release_id=None)
    await end_unused(tx, ended)
    where = "receipt_id = $1 and number is null and superseded_at is null"
    for whole in await tx.all(Release, where, receipt.id):
        tx.update(whole, superseded_at=tx.now)
    origin = await tx.get(Receipt, receipt.origin_id or receipt.id)
    if origin.source == "merge":
        await inspect_merger(tx, await tx.get(Lot, origin.lot_id), origin)


async def _restore(tx: Change, receipt: Receipt) -> None:
    """Each portion as its decision has it; without one it is inspected."""
    for portion in await _held_stock(tx, receipt):
        decision = await _decision(tx, receipt, portion)
        step = RESTORED_BY.get(decision, "resume") if decision is not None else "resume"
        tx.update(portion, status=take(PORTION_STEPS, step, portion.status))
    await follow_portions(tx, await tx.get(Lot, receipt.lot_id))


async def _decision(tx: Change, receipt: Receipt, portion: Portion) -> str | None:
    """What it stands decided as; None: nothing in force. What was merged of released stock has none of its own."""
    if portion.release_id is not None:
        release = await tx.get(Release, portion.release_id)
        return release.decision if release.superseded_at is None else None
    whole = await tx.first(
        Release, "receipt_id = $1 and number is null and superseded_at is null", receipt.id
    )
    if whole is not None:
        return whole.decision if (await tx.get(Release, whole.id)).superseded_at is None else None
    origin = await tx.get(Receipt, receipt.origin_id or receipt.id)
    return "release" if origin.source == "merge" and await _merged_of_released(tx, origin) else None


async def _merged_of_released(tx: Change, merged: Receipt) -> bool:
    """Whether all of it was released when it was merged, and nobody has asked for an inspection of it since."""
    if any(each.receipt_id == merged.id for each in tx.pending(Inspection)):
        return False
    if await tx.first(Inspection, "receipt_id = $1", merged.id) is not None:
        return False
    edges = await tx.all(Consumption, "child_lot_id = $1 and kind = 'merged' order by id", merged.lot_id)
    return all([(await tx.get(Portion, edge.portion_id)).status == "released" for edge in edges])


async def _held_above(tx: Change, lot: Lot, but: Lot) -> bool:
    """Whether some other lot that went into this one is held by hand."""
    rows = await tx.rows(
        "with recursive up(id) as (select lot.id from lot where lot.id = $1 union "
        "select parent_lot_id from consumption join up on child_lot_id = up.id) "
        "select count(*) from hold where lot_id in (select id from up) "
        "and lot_id not in ($1, $2) and code = $3 and lifted_at is null",
        lot.id,
        but.id,
        BY_HAND,
    )
    return int(rows[0][0]) > 0
