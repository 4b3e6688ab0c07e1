"""Lift a hold that no nonconformity report decides on; how its stock stands then, `domain.holds` says."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.events import Value
from backend.domain.holds import BY_HAND, NOT_QUALIFIED, REVOKED, SUPPLIER_SUSPENDED, restores
from backend.domain.lots import Hold, Lot
from backend.domain.people import Who
from backend.domain.revocations import Revocation
from backend.store.change import Change
from backend.store.lifting import lift, lift_with_parent
from backend.store.qualifying import against_delivery
from backend.store.stock import lot_named
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
        hold for hold in holds if hold.code == command.code and restores(hold.code, "lift_hold") is not None
    ]
    reasons = []
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if not lifted:
        reasons.append(Reason("hold_not_lifted_here", {"hold": command.code}, "code"))
    waiting = await tx.first(Revocation, "lot_id = $1 and status in ('signed_once', 'in_force')", lot.id)
    if command.code == REVOKED and waiting is not None:
        reasons.append(Reason("revocation_open", {"revocation": waiting.number, "rule": "REL-7"}, "code"))
    if reasons:
        raise Refused(*reasons)
    await lift(tx, lifted, "lift_hold")
    freed = await lift_with_parent(tx, lot) if command.code == BY_HAND else []
    tx.record(
        "hold_lifted",
        "lot",
        lot.id,
        reason=command.reason.strip(),
        lot=lot.number,
        hold=command.code,
        **({"made_of_it": freed} if freed else {}),
        **await _supplier_stands(tx, lot, command.code),
    )
    return await tx.get(Lot, lot.id)


async def _supplier_stands(tx: Change, lot: Lot, code: str) -> dict[str, Value]:
    """For the log, of a hold because of its supplier: what still stands against that supplier (LOT-13)."""
    if code not in (NOT_QUALIFIED, SUPPLIER_SUSPENDED) or lot.supplier_id is None:
        return {}
    today = tx.today.isoformat()
    reasons = await against_delivery(tx, lot.site_id, lot.supplier_id, lot.item_id, today)
    return {"not_qualified": [reason.code for reason in reasons]}
