"""Stock in doubt through a gauge: held while what the gauge measured is assessed, put back as it was decided where
that has no effect (RES-7)."""

from __future__ import annotations

from backend.domain.gauges import Assessment
from backend.domain.holds import DOUBT
from backend.domain.lots import Hold, Lot, Receipt
from backend.store.change import Change
from backend.store.descent import Carried, carried_from, carried_into, decided_stock, hold_carried
from backend.store.lifting import lift


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
        if mine and not await _doubted_besides(tx, each.id, assessment.id):
            await lift(tx, mine, "close_assessment")


async def _doubted_besides(tx: Change, receipt_id: str, assessment_id: str) -> bool:
    for origin in await carried_from(tx, receipt_id):
        found = await tx.all(Assessment, "receipt_id = $1 and status = 'open' order by id", origin)
        if any(each.id != assessment_id for each in found):
            return True
    return False
