"""Hand a change in for review, with what it takes: actions with owners and days (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRequest, against_submitting
from backend.domain.errors import Refused
from backend.domain.ncrs import PlannedFollowUp
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.promising import against_promises, promise
from backend.store.verb import verb


class SubmitChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and the actions that come to it."""

    id: str
    change_id: str
    actions: list[PlannedFollowUp] = []
    version: int | None = None
    device_at: str | None = None


@verb
async def submit_change_request(tx: Change, who: Who, command: SubmitChangeRequest) -> ChangeRequest:
    """Submit it; quality managers are asked."""
    request = await as_read(tx, ChangeRequest, "change_request", command.change_id, command.version)
    status = take(CHANGE_STEPS, "submit", request.status)
    found = [*against_submitting(request), *await against_promises(tx, command.actions, "actions")]
    if found:
        raise Refused(*found)
    for each in command.actions:
        promise(tx, "change_request", request.id, request.number, each)
    changed = tx.update(request, status=status, submitted_at=tx.now, returned=None)
    facts = {"change": request.number, "title": request.title, "by": who.printed_name}
    await tx.tell_who_may("approve_change_request", "change_waiting", "change_request", request.id, **facts)
    tx.record("change_submitted", "change_request", request.id, change=request.number)
    return changed
