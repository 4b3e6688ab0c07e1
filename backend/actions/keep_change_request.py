"""Keep what a draft of a change says now (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import Affected, ChangeRequest
from backend.domain.days import is_day_from
from backend.domain.errors import Reason, Refused
from backend.domain.people import Role, Who
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class KeepChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of the draft, as it shall be."""

    id: str
    change_id: str
    title: str
    why: str
    risk: str
    affected: list[Affected]
    told: list[Role]
    trained: list[Role]
    due_on: str
    version: int | None = None
    device_at: str | None = None


@verb
async def keep_change_request(tx: Change, who: Who, command: KeepChangeRequest) -> ChangeRequest:
    """Keep it; what is under review or approved stands as it was signed."""
    request = await as_read(tx, ChangeRequest, "change_request", command.change_id, command.version)
    if request.status != "draft":
        raise Refused(Reason("change_not_draft", {"change": request.number, "status": request.status}))
    if not is_day_from(command.due_on, tx.today):
        raise Refused(Reason("due_day_wrong", {"due_on": command.due_on}, "due_on"))
    changed = tx.update(
        request,
        title=command.title.strip(),
        why=command.why.strip(),
        risk=command.risk.strip(),
        affected=command.affected,
        told=command.told,
        trained=command.trained,
        due_on=command.due_on,
    )
    tx.record("change_kept", "change_request", request.id, change=request.number)
    return changed
