"""Say what a revocation means for what was used and shipped, or withdraw one that nobody has signed second (REL-7)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.holds import REVOKED
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.people import Who
from backend.domain.revocations import REVOCATION_STEPS, Conclusion, Revocation
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.lifting import lift
from backend.store.revoking import keeps, others_on
from backend.store.verb import verb


class CloseRevocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`conclusion` of the assessment; None: withdrawn, and the stock stands as it was decided."""

    id: str
    revocation_id: str
    conclusion: Conclusion | None
    reason: str
    device_at: str | None = None


@verb
async def close_revocation(tx: Change, who: Who, command: CloseRevocation) -> Revocation:
    """An assessment lifts no hold: each is lifted by a person, and the stock decided anew."""
    revocation = await tx.get(Revocation, command.revocation_id)
    step = "withdraw" if command.conclusion is None else "assess"
    status = take(REVOCATION_STEPS, step, revocation.status)
    if not command.reason.strip():
        raise refuse("reason_missing", field="reason")
    closed = tx.update(
        revocation,
        status=status,
        conclusion=command.conclusion,
        assessment=command.reason.strip(),
        assessed_by=who.person_id,
        assessed_at=tx.now,
    )
    if command.conclusion is None:
        await _free(tx, revocation)
    lot = await tx.get(Lot, revocation.lot_id)
    tx.record(
        "revocation_closed",
        "lot",
        lot.id,
        reason=command.reason.strip(),
        lot=lot.number,
        revocation=revocation.number,
        status=status,
    )
    return closed


async def _free(tx: Change, revocation: Revocation) -> None:
    held = await tx.all(
        Portion,
        "release_id = $1 or receipt_id = $2 order by id",
        revocation.release_id,
        revocation.receipt_id,
    )
    for receipt_id in sorted({portion.receipt_id for portion in held}):
        where = "receipt_id = $1 and code = $2 and lifted_at is null order by id"
        holds = await tx.all(Hold, where, receipt_id, REVOKED)
        others = await others_on(tx, revocation, receipt_id)
        free = [hold for hold in holds if not any(keeps(each, hold) for each in others)]
        await lift(tx, free, "close_revocation")
