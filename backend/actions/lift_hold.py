"""Lift a hold that no nonconformity report decides on; its stock has to be decided anew."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.lots import ENDED_OTHERWISE, Hold, Lot, Portion
from backend.domain.people import Who
from backend.domain.revocations import HOLD, Revocation
from backend.store.change import Change
from backend.store.doubting import free_descendants
from backend.store.stock import lot_named, step_portions
from backend.store.verb import verb


class LiftHold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lot whose holds with this code are lifted, and why they may be."""

    id: str
    lot_number: str
    code: str
    reason: str
    device_at: str | None = None


@verb
async def lift_hold(tx: Change, who: Who, command: LiftHold) -> Lot:
    """Lift it. A hold by a nonconformity report ends by the report's disposition only, one by a
    date or a gauge by a retest or a conclusion."""
    lot = await lot_named(tx, command.lot_number)
    holds = await tx.all(Hold, "lot_id = $1 and lifted_at is null order by id", lot.id)
    lifted = [
        hold
        for hold in holds
        if hold.code == command.code and hold.ncr_id is None and hold.code not in ENDED_OTHERWISE
    ]
    reasons = []
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if not lifted:
        reasons.append(Reason("hold_not_lifted_here", {"hold": command.code}, "code"))
    waiting = await tx.first(Revocation, "lot_id = $1 and status in ('signed_once', 'in_force')", lot.id)
    if command.code == HOLD and waiting is not None:
        reasons.append(Reason("revocation_open", {"revocation": waiting.number, "rule": "REL-7"}, "code"))
    if reasons:
        raise Refused(*reasons)
    for hold in lifted:
        tx.update(hold, lifted_at=tx.now)
    still = {hold.receipt_id for hold in holds if hold not in lifted}
    if None not in still:
        portions = await tx.all(Portion, "lot_id = $1 order by id", lot.id)
        for receipt_id in sorted({portion.receipt_id for portion in portions} - still):
            lot = await step_portions(tx, lot, "resume", receipt_id, ("held",))
    freed = await free_descendants(tx, lot) if command.code == "by_hand" else []
    tx.record(
        "hold_lifted",
        "lot",
        lot.id,
        reason=command.reason.strip(),
        lot=lot.number,
        hold=command.code,
        **({"made_of_it": freed} if freed else {}),
    )
    return lot
