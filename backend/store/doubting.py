"""Stock in doubt through something else: held while a gauge that measured it is assessed, or a lot that went into it
is held by hand; put back as it was decided where that has no effect (RES-7, LOT-5)."""

from __future__ import annotations

from backend.domain.gauges import Assessment
from backend.domain.inspections import Inspection
from backend.domain.lots import PORTION_STEPS, RESTORED_BY, Hold, Lot, Portion, Receipt
from backend.domain.signatures import Release
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.descent import (
    PARENT_HELD,
    Carried,
    carried_from,
    carried_into,
    decided_stock,
    hold_carried,
    made_of,
)
from backend.store.stock import follow_portions

DOUBT = "gauge_in_doubt"


async def hold_in_doubt(tx: Change, receipt: Receipt) -> list[Lot]:
    """Hold what may be used of a receipt and of what its stock was split and merged into."""
    everything = [Carried(receipt, False), *await carried_into(tx, receipt.id)]
    usable = [each for each in everything if await decided_stock(tx, each.receipt.id)]
    lot = await tx.get(Lot, receipt.lot_id)
    # Nothing has to be decided anew unless somebody concludes so: no inspection opens by itself.
    return await hold_carried(tx, [Carried(each.receipt, False) for each in usable], lot, DOUBT, [None])


async def end_doubt(tx: Change, assessment: Assessment) -> None:
    """Lift the holds of an assessment that is closed, unless another one reaches the same stock."""
    receipt = await tx.get(Receipt, assessment.receipt_id)
    for each in [receipt, *(carried.receipt for carried in await carried_into(tx, receipt.id))]:
        holds = await tx.all(Hold, "lot_id = $1 and lifted_at is null order by id", each.lot_id)
        mine = [hold for hold in holds if hold.receipt_id == each.id and hold.code == DOUBT]
        if not mine or await _doubted_besides(tx, each.id, assessment.id):
            continue
        for hold in mine:
            tx.update(hold, lifted_at=tx.now)
        if not any(hold not in mine and hold.receipt_id in (None, each.id) for hold in holds):
            await _restore(tx, each)


async def _doubted_besides(tx: Change, receipt_id: str, assessment_id: str) -> bool:
    for origin in await carried_from(tx, receipt_id):
        found = await tx.all(Assessment, "receipt_id = $1 and status = 'open' order by id", origin)
        if any(each.id != assessment_id for each in found):
            return True
    return False


async def restore(tx: Change, receipt_id: str) -> None:
    """What is held of a receipt stands again as it was decided."""
    await _restore(tx, await tx.get(Receipt, receipt_id))


async def _restore(tx: Change, receipt: Receipt) -> None:
    """Each portion as its decision has it; what was merged of released stock has none of its own."""
    for portion in await tx.all(Portion, "receipt_id = $1 and status = 'held' order by id", receipt.id):
        portion = await tx.get(Portion, portion.id)
        decision = await _decision(tx, receipt, portion)
        step = RESTORED_BY.get(decision, "resume") if decision is not None else "resume"
        tx.update(portion, status=take(PORTION_STEPS, step, portion.status))
    await follow_portions(tx, await tx.get(Lot, receipt.lot_id))


async def _decision(tx: Change, receipt: Receipt, portion: Portion) -> str | None:
    """What it stands decided as; None: nothing in force."""
    if portion.release_id is not None:
        release = await tx.get(Release, portion.release_id)
        return release.decision if release.superseded_at is None else None
    whole = await tx.first(
        Release, "receipt_id = $1 and number is null and superseded_at is null", receipt.id
    )
    if whole is not None:
        return whole.decision
    origin = await tx.get(Receipt, receipt.origin_id or receipt.id)
    inspected = await tx.first(Inspection, "receipt_id = $1", origin.id) is not None
    return "release" if origin.source == "merge" and not inspected else None


async def free_descendants(tx: Change, lot: Lot) -> list[str]:
    """Numbers of the lots whose hold ends with this one's: nothing else that went into them is held by hand."""
    portions = await tx.all(Portion, "lot_id = $1 order by id", lot.id)
    freed = []
    for each in await made_of(tx, [portion.id for portion in portions]):
        holds = await tx.all(Hold, "lot_id = $1 and lifted_at is null order by id", each.id)
        mine = [hold for hold in holds if hold.code == PARENT_HELD]
        if not mine or await _held_above(tx, each, lot):
            continue
        for hold in mine:
            tx.update(hold, lifted_at=tx.now)
        others = {hold.receipt_id for hold in holds if hold not in mine}
        receipts = await tx.all(Receipt, "lot_id = $1 order by id", each.id)
        for receipt in receipts:
            if not others & {None, receipt.id}:
                await _restore(tx, receipt)
        freed.append(each.number)
    return freed


async def _held_above(tx: Change, lot: Lot, but: Lot) -> bool:
    """Whether some other lot that went into this one is held by hand."""
    rows = await tx.rows(
        "with recursive up(id) as (select lot.id from lot where lot.id = $1 union "
        "select parent_lot_id from consumption join up on child_lot_id = up.id) "
        "select count(*) from hold where lot_id in (select id from up) "
        "and lot_id not in ($1, $2) and code = 'by_hand' and lifted_at is null",
        lot.id,
        but.id,
    )
    return int(rows[0][0]) > 0
