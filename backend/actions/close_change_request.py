"""Close a change once everything that it takes is done (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRequest, against_closing
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import promises_of
from backend.store.verb import verb


class CloseChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and what came of it."""

    id: str
    change_id: str
    conclusion: str
    version: int | None = None
    device_at: str | None = None


@verb
async def close_change_request(tx: Change, who: Who, command: CloseChangeRequest) -> ChangeRequest:
    """Close it."""
    request = await as_read(tx, ChangeRequest, "change_request", command.change_id, command.version)
    status = take(CHANGE_STEPS, "close", request.status)
    promises = await promises_of(tx, "change_request", request.id)
    if found := against_closing(promises, command.conclusion):
        raise Refused(*found)
    conclusion = command.conclusion.strip()
    changed = tx.update(request, status=status, conclusion=conclusion, closed_at=tx.now)
    tx.record("change_closed", "change_request", request.id, reason=conclusion, change=request.number)
    return changed
