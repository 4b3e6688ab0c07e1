"""Say what became of a lot's labels: used, destroyed, returned, or missing and why (QUA-9)."""

from __future__ import annotations

import msgspec

from backend.domain.label_counts import LabelBalance, LabelCount, LabelFate, accounted, balance
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class ReconcileLabels(msgspec.Struct, frozen=True, kw_only=True):
    """How many met which fate, beside what was counted before."""

    id: str
    lot_id: str
    used: int = 0
    destroyed: int = 0
    returned: int = 0
    missing: int = 0
    reason: str | None = None
    device_at: str | None = None


@verb
async def reconcile_labels(tx: Change, who: Who, command: ReconcileLabels) -> LabelBalance:
    """Add them to the count; never more than were printed."""
    lot = await tx.get(Lot, command.lot_id)
    before = balance(await tx.all(LabelCount, "lot_id = $1", lot.id))
    fates: dict[LabelFate, int] = {
        "used": command.used,
        "destroyed": command.destroyed,
        "returned": command.returned,
        "missing": command.missing,
    }
    reason = (command.reason or "").strip() or None
    after = accounted(before, fates, reason)
    for kind, count in fates.items():
        if count > 0:
            tx.insert(
                LabelCount(tx.new_id(), lot.site_id, lot.id, kind, count, reason, who.person_id, tx.now)
            )
    tx.record("labels_reconciled", "lot", lot.id, reason=reason, lot=lot.number, **fates)
    return after
