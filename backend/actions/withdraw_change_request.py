"""Give up a change that was never approved (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRequest
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import promises_of
from backend.store.verb import verb


class WithdrawChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why."""

    id: str
    change_id: str
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def withdraw_change_request(tx: Change, who: Who, command: WithdrawChangeRequest) -> ChangeRequest:
    """Withdraw it; what was promised for it is not asked for any more."""
    request = await as_read(tx, ChangeRequest, "change_request", command.change_id, command.version)
    status = take(CHANGE_STEPS, "withdraw", request.status)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    for each in await promises_of(tx, "change_request", request.id):
        if each.done_at is None:
            tx.update(each, done_at=tx.now, outcome=why)
    changed = tx.update(request, status=status, conclusion=why, closed_at=tx.now)
    tx.record("change_withdrawn", "change_request", request.id, reason=why, change=request.number)
    return changed
