"""Say that a lot's records must not be removed, whatever their time of keeping: a dispute, an inquiry (AUD-10)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.retention import LegalHold
from backend.store.change import Change
from backend.store.stock import lot_named
from backend.store.verb import verb


class SetLegalHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which lot, and why: the dispute or inquiry, by its own number."""

    id: str
    lot_number: str
    reason: str
    device_at: str | None = None


@verb
async def set_legal_hold(tx: Change, who: Who, command: SetLegalHold) -> LegalHold:
    """Beside others that there are; the stock is not touched."""
    lot = await lot_named(tx, command.lot_number)
    if not command.reason.strip():
        raise Refused(Reason("reason_missing", field="reason"))
    why = command.reason.strip()
    hold = tx.insert(LegalHold(tx.new_id(), who.site_id, lot.id, why, who.person_id, tx.now))
    tx.record("legal_hold_set", "lot", lot.id, reason=why, lot=lot.number)
    return hold
