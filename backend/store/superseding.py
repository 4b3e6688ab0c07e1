"""A change to what was signed: the decisions end, their stock is decided anew, people are told (REL-5, 11.70)."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domain.holds import EVIDENCE_CHANGED
from backend.domain.lots import DECIDED, PORTION_STEPS, Lot, Portion, Receipt
from backend.domain.signatures import Release
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.descent import carried_into, decided_stock, hold_carried, made_of
from backend.store.stock import follow_portions


async def suspend_decisions(tx: Change, receipt_id: str) -> list[Release]:
    """End the decisions in force on a receipt and on what was split off it, whatever lies under them by now, and hold
    what it was merged into; what was rejected stays so until it is signed again."""
    await _hold_mergers(tx, receipt_id)
    decisions = await tx.all(
        Release,
        "(receipt_id = $1 or receipt_id in (select id from receipt where origin_id = $1)) "
        "and superseded_at is null order by decided_at, id",
        receipt_id,
    )
    if not decisions:
        return []
    for decision in decisions:
        tx.update(decision, superseded_at=tx.now)
    receipt = await tx.get(Receipt, receipt_id)
    portions = await tx.all(
        Portion,
        "receipt_id = $1 or receipt_id in (select id from receipt where origin_id = $1) order by id",
        receipt_id,
    )
    portions = list({each.id: each for each in (*portions, *await under_decisions(tx, decisions))}.values())
    for portion in portions:
        current = await tx.get(Portion, portion.id)
        status = (
            take(PORTION_STEPS, "suspend", current.status) if current.status in DECIDED else current.status
        )
        if (status, current.release_id) != (current.status, None):
            tx.update(current, status=status, release_id=None)
    for lot_id in sorted({portion.lot_id for portion in portions}):
        await follow_portions(tx, await tx.get(Lot, lot_id))
    lot = await tx.get(Lot, receipt.lot_id)
    children = [child.number for child in await made_of(tx, [portion.id for portion in portions])]
    people = {decision.person_id for decision in decisions}
    for person_id in sorted(people - {tx.who.person_id}):
        tx.tell(
            person_id, "release_suspended", "receipt", receipt_id, lot=lot.number, made_of_it=len(children)
        )
    await tx.tell_role(
        ("supervisor", "quality_manager"),
        "release_suspended",
        "receipt",
        receipt_id,
        lot=lot.number,
        made_of_it=len(children),
    )
    return decisions


async def under_decisions(tx: Change, decisions: Iterable[Release]) -> list[Portion]:
    """What lies under these; split off a part with an inspection of its own, its origin is still the delivery."""
    return [
        portion
        for decision in decisions
        for portion in await tx.all(Portion, "release_id = $1 order by id", decision.id)
    ]


async def end_unused(tx: Change, release_ids: Iterable[str]) -> None:
    """A decision ends when no stock stands under it any more, of this lot or of what was split off it."""
    for release_id in sorted(release_ids):
        stood = await tx.all(Portion, "release_id = $1 order by id", release_id)
        release = await tx.get(Release, release_id)
        left = [each.id for each in stood if (await tx.get(Portion, each.id)).release_id == release_id]
        if not left and release.superseded_at is None:
            tx.update(release, superseded_at=tx.now)


async def _hold_mergers(tx: Change, receipt_id: str) -> None:
    """Where the stock went on among other stock, it rests on evidence that no longer stands."""
    carried = [each for each in await carried_into(tx, receipt_id) if each.merged]
    usable = [each for each in carried if await decided_stock(tx, each.receipt.id)]
    if usable:
        parent = await tx.get(Lot, (await tx.get(Receipt, receipt_id)).lot_id)
        await hold_carried(tx, usable, parent, EVIDENCE_CHANGED, [None])
