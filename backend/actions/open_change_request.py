"""Open a change request as a draft (QUA-3)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from backend.domain.change_requests import Affected, ChangeRequest
from backend.domain.errors import Reason, Refused
from backend.domain.people import Role, Who
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.verb import verb

DAYS = 30
"""Until when it should be closed, unless somebody says otherwise."""


class OpenChangeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whatever is known of it already."""

    id: str
    title: str
    why: str = ""
    risk: str = ""
    affected: list[Affected] = []
    told: list[Role] = []
    trained: list[Role] = []
    due_on: str | None = None
    device_at: str | None = None


@verb
async def open_change_request(tx: Change, who: Who, command: OpenChangeRequest) -> ChangeRequest:
    """Open it; its author owns it."""
    if not command.title.strip():
        raise Refused(Reason("title_missing", field="title"))
    request = tx.insert(
        ChangeRequest(
            id=tx.new_id(),
            site_id=who.site_id,
            number=await number(tx, "change_request"),
            title=command.title.strip(),
            why=command.why.strip(),
            risk=command.risk.strip(),
            affected=command.affected,
            told=command.told,
            trained=command.trained,
            owner_id=who.person_id,
            due_on=command.due_on or (tx.today + timedelta(days=DAYS)).isoformat(),
            opened_by=who.person_id,
            opened_at=tx.now,
        )
    )
    tx.due("change_reminder", request.id, f"{request.due_on}T00:00:00.000000Z")
    tx.record("change_opened", "change_request", request.id, change=request.number)
    return request
