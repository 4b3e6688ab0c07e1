"""Send a change back to its author, with what is missing (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRequest
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class ReturnChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and why."""

    id: str
    change_id: str
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def return_change_request(tx: Change, who: Who, command: ReturnChangeRequest) -> ChangeRequest:
    """Return it as a draft."""
    request = await as_read(tx, ChangeRequest, "change_request", command.change_id, command.version)
    status = take(CHANGE_STEPS, "return", request.status)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    changed = tx.update(request, status=status, returned=why)
    facts = {"change": request.number, "title": request.title, "why": why}
    tx.tell(request.owner_id, "change_returned", "change_request", request.id, **facts)
    tx.record("change_returned", "change_request", request.id, reason=why, change=request.number)
    return changed
