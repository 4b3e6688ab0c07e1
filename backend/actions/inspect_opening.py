"""Inspect what was taken over in place of believing the paper: from then on it is decided by its results (ADR 38)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, refuse
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Receipt
from backend.domain.opening import OpenedInspection
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.openings import effective, open_for, stage_of
from backend.store.verb import verb


class InspectOpening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which receipt of opening stock, and why its paper is not enough."""

    id: str
    receipt_id: str
    reason: str
    device_at: str | None = None


@verb
async def inspect_opening(tx: Change, who: Who, command: InspectOpening) -> OpenedInspection:
    """Open its inspection by the plan in force; one that is there already is refused."""
    reason = command.reason.strip()
    if not reason:
        raise refuse("reason_missing", field="reason")
    receipt = await tx.get(Receipt, command.receipt_id)
    lot = await tx.get(Lot, receipt.lot_id)
    if receipt.source != "opening":
        raise refuse("not_opening_stock", field="receipt_id", lot=lot.number)
    known = await tx.first(Inspection, "receipt_id = $1 order by number", receipt.id)
    if known is not None:
        raise refuse("inspection_there", field="receipt_id", inspection=known.number)
    stage = await stage_of(tx, lot)
    if await effective(tx, lot, stage) is None:
        raise Refused(Reason("plan_not_effective", {"lot": lot.number}))
    opened = await open_for(tx, lot, receipt, stage)
    assert opened is not None
    tx.record("opening_inspected", "lot", lot.id, reason=reason, lot=lot.number, inspection=opened.number)
    return opened
