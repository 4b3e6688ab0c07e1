"""Say that notices were seen."""

from __future__ import annotations

import msgspec

from backend.domain.notices import Notice
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class MarkSeen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which; those of others and those seen already are passed over."""

    id: str
    notice_ids: list[str]
    device_at: str | None = None


@verb(own=True)
async def mark_seen(tx: Change, who: Who, command: MarkSeen) -> int:
    """How many were new."""
    count = 0
    for notice_id in dict.fromkeys(command.notice_ids):
        notice = await tx.first(
            Notice, "id = $1 and person_id = $2 and seen_at is null", notice_id, who.person_id
        )
        if notice is not None:
            tx.update(notice, seen_at=tx.now)
            count += 1
    if count:
        tx.record("notices_seen", "person", who.person_id, count=count)
    return count
