"""Send again what was given up: the reason was seen to, a robot's key or a closed chat."""

from __future__ import annotations

import msgspec

from backend.domain.errors import NotFound, Reason
from backend.domain.people import Who
from backend.domain.sessions import Outgoing
from backend.store.change import Change
from backend.store.verb import verb


class RetryMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which."""

    id: str
    message_id: str
    device_at: str | None = None


@verb
async def retry_message(tx: Change, who: Who, command: RetryMessage) -> str:
    """It waits again, from its first attempt on; what went or waits already stays as it is."""
    row = await tx.first(Outgoing, "id = $1 and site_id = $2", command.message_id, who.site_id)
    if row is None:
        raise NotFound(Reason("not_found", {"kind": "outgoing", "id": command.message_id}))
    if row.state == "failed":
        tx.update(row, state="waiting", attempts=0, next_at=tx.now)
        tx.record("message_retried", "person", row.person_id, error=row.last_error)
    return row.id
