"""A second person accepts that labels of a lot are missing, with a reason; until then it can't be released (QUA-9)."""

from __future__ import annotations

import msgspec

from backend.domain.label_counts import LabelBalance, LabelCount, accepted, balance
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class AcceptMissingLabels(msgspec.Struct, frozen=True, kw_only=True):
    """How many the person was shown as missing and not accepted, and why that may be."""

    id: str
    lot_id: str
    count: int
    reason: str
    device_at: str | None = None


@verb
async def accept_missing_labels(tx: Change, who: Who, command: AcceptMissingLabels) -> LabelBalance:
    """Nobody accepts what they counted."""
    lot = await tx.get(Lot, command.lot_id)
    counts = await tx.all(LabelCount, "lot_id = $1 order by at, id", lot.id)
    reason = accepted(counts, who.person_id, command.count, command.reason)
    row = LabelCount(
        tx.new_id(), lot.site_id, lot.id, "accepted", command.count, reason, who.person_id, tx.now
    )
    tx.insert(row)
    tx.record("missing_labels_accepted", "lot", lot.id, reason=reason, lot=lot.number, count=command.count)
    return balance([*counts, row])
