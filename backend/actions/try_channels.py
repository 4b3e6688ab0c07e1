"""Tell oneself something, to see that it arrives on every channel that one has."""

from __future__ import annotations

import msgspec

from backend.domain.people import Who
from backend.domain.telling import Channel
from backend.store.change import Change
from backend.store.verb import verb


class TryChannels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of mine."""

    id: str
    device_at: str | None = None


@verb(own=True)
async def try_channels(tx: Change, who: Who, command: TryChannels) -> int:
    """How many channels of one's own there are."""
    mine = await tx.all(Channel, "person_id = $1 and ended_at is null and roles = '[]'", who.person_id)
    tx.tell(who.person_id, "channel_test", "person", who.person_id)
    tx.record("channels_tried", "person", who.person_id, count=len(mine))
    return len(mine)
