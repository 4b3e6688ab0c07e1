"""Inspect again a lot whose retest date has passed or draws near; its first results stay (REL-8)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Portion, Receipt
from backend.domain.people import Who
from backend.domain.retests import due
from backend.store.change import Change
from backend.store.openings import Marks, effective, open_for, stage_of
from backend.store.retesting import hold_when_due, retests_of
from backend.store.stock import lot_named
from backend.store.verb import verb


class OpenRetest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lot; `plan_id`: by another plan of the material than the one that it came in by."""

    id: str
    lot_number: str
    plan_id: str | None = None
    device_at: str | None = None


@verb
async def open_retest(tx: Change, who: Who, command: OpenRetest) -> Inspection:
    """Open it about the oldest entry of which something lies here. What is due is held now, if it was not yet."""
    lot = await lot_named(tx, command.lot_number)
    receipt = await _receipt(tx, lot)
    stage = await stage_of(tx, lot)
    reasons = await _against(tx, lot, receipt)
    if await effective(tx, lot, stage, command.plan_id) is None:
        reasons.append(Reason("plan_not_effective", {"lot": lot.number}, "plan_id"))
    if reasons or receipt is None:
        raise Refused(*reasons)
    await hold_when_due(tx, lot)
    marks = Marks("retest", retest_for=lot.retest_on, plan_id=command.plan_id)
    opened = await open_for(tx, lot, receipt, stage, marks=marks)
    assert opened is not None
    tx.record(
        "retest_opened",
        "inspection",
        opened.id,
        lot=lot.number,
        inspection=opened.number,
        retest_on=lot.retest_on,
    )
    return await tx.get(Inspection, opened.id)


async def _against(tx: Change, lot: Lot, receipt: Receipt | None) -> list[Reason]:
    if receipt is None:
        return [Reason("nothing_to_retest", {"lot": lot.number}, "lot_number")]
    if lot.retest_on is None:
        return [Reason("retest_day_missing", {"lot": lot.number}, "lot_number")]
    expired = [reason for reason in due(lot, tx.today.isoformat()) if reason.code == "lot_expired"]
    for each in await retests_of(tx, lot, receipt.origin_id or receipt.id):
        if each.retest_for == lot.retest_on and each.status != "failed" and each.lot_id == lot.id:
            return [*expired, Reason("retest_open_already", {"inspection": each.number}, "lot_number")]
    return expired


async def _receipt(tx: Change, lot: Lot) -> Receipt | None:
    for receipt in await tx.all(Receipt, "lot_id = $1 order by received_at, id", lot.id):
        portions = await tx.all(Portion, "receipt_id = $1 order by id", receipt.id)
        if any(portion.quantity > 0 for portion in portions):
            return receipt
    return None
