"""Lift a legal hold: the time of keeping counts again as it did (AUD-10)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.domain.retention import LegalHold
from backend.store.change import Change
from backend.store.verb import verb


class LiftLegalHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why it is over."""

    id: str
    hold_id: str
    reason: str
    device_at: str | None = None


@verb
async def lift_legal_hold(tx: Change, who: Who, command: LiftLegalHold) -> LegalHold:
    """Others of the same lot stay."""
    hold, why = await tx.get(LegalHold, command.hold_id), command.reason.strip()
    lot = await tx.get(Lot, hold.lot_id)
    reasons = [] if why else [Reason("reason_missing", field="reason")]
    if hold.lifted_at is not None:
        reasons.append(Reason("legal_hold_lifted", {"lot": lot.number}))
    if reasons:
        raise Refused(*reasons)
    lifted = tx.update(hold, lifted_by=who.person_id, lifted_at=tx.now, lift_reason=why)
    tx.record("legal_hold_lifted", "lot", lot.id, reason=why, lot=lot.number)
    return lifted
