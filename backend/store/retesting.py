"""The retest date of a lot in the database: its clock, its hold, and how it moves on (REL-8)."""

from __future__ import annotations

from datetime import date, timedelta

from backend.domain.days import day_after, start_of
from backend.domain.holds import RETEST_DUE
from backend.domain.inspections import Inspection
from backend.domain.lots import DECIDED, Hold, Lot, Portion, Receipt
from backend.domain.retests import accepted, due
from backend.domain.sites import Site
from backend.store.aliases import as_kept
from backend.store.change import Change
from backend.store.lifting import lift
from backend.store.reader import Reader
from backend.store.stock import step_portions


async def retests_of(read: Reader, lot: Lot) -> list[Inspection]:
    """Retests of a lot, and of what it was split off."""
    where = (
        "purpose = 'retest' and (lot_id = $1 or receipt_id in "
        "(select origin_id from receipt where receipt.lot_id = $1 and origin_id is not null)) order by id"
    )
    return await read.all(Inspection, where, lot.id)


async def lying_of(read: Reader, lot: Lot) -> list[Receipt]:
    """Its entries of which something lies here that is not rejected, the oldest first."""
    portions = await read.all(Portion, "lot_id = $1 and status <> 'rejected' order by id", lot.id)
    lying = {portion.receipt_id for portion in portions if portion.quantity > 0}
    receipts = await read.all(Receipt, "lot_id = $1 order by received_at, id", lot.id)
    return [receipt for receipt in receipts if receipt.id in lying]


async def is_renewing(read: Reader, lot: Lot) -> bool:
    """Whether its retests were accepted and no decision has followed yet (REL-8)."""
    if lot.retest_on is None:
        return False
    return accepted(lot, await lying_of(read, lot), await retests_of(read, lot))


async def wind(tx: Change, lot: Lot) -> None:
    """Wake up when the day after the lot's retest date begins at the site."""
    if lot.retest_on is not None:
        site = await tx.get(Site, lot.site_id)
        day = date.fromisoformat(lot.retest_on) + timedelta(days=1)
        tx.due("retest_due", lot.id, start_of(day, site.zone))


async def hold_when_due(tx: Change, lot: Lot) -> bool:
    """Hold what may be used of a lot whose retest date has passed; whether it was held now."""
    if [reason.code for reason in due(lot, tx.today.isoformat())] != ["retest_due"]:
        return False
    portions = [
        await tx.get(Portion, each.id) for each in await tx.all(Portion, "lot_id = $1 order by id", lot.id)
    ]
    lying = any(portion.quantity > 0 for portion in portions)
    if not lying or await _holds(tx, lot):
        return False
    tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, None, RETEST_DUE, None, tx.now))
    await step_portions(tx, lot, "hold", only=DECIDED)
    facts = {"lot": lot.number, "retest_on": lot.retest_on or ""}
    await tx.tell_role(("supervisor", "quality_engineer"), "retest_due", "lot", lot.number, **facts)
    return True


async def move_on(tx: Change, lot: Lot) -> Lot:
    """After an accepted retest and its signed decision: the next date, counted from today; the hold ends."""
    item = await as_kept(tx, lot.item_id)
    await lift(tx, await _holds(tx, lot), "sign_release")
    moved = tx.update(await tx.get(Lot, lot.id), retest_on=day_after(item.retest_days, tx.today))
    await wind(tx, moved)
    return moved


async def _holds(tx: Change, lot: Lot) -> list[Hold]:
    return await tx.all(
        Hold, "lot_id = $1 and code = $2 and lifted_at is null order by id", lot.id, RETEST_DUE
    )
