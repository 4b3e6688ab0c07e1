"""End a channel: nothing more is told there, at once. Lotgate itself ends a browser's that is gone."""

from __future__ import annotations

import msgspec

from backend.domain.errors import NotAllowed, NotFound, Reason
from backend.domain.people import Who
from backend.domain.sessions import Outgoing
from backend.domain.telling import Channel
from backend.store.change import Change
from backend.store.verb import verb

ENDED = "channel_ended"
MAY_END = {"administrator", "quality_manager"}
"""Who may end what somebody else has added."""


class EndChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which."""

    id: str
    channel_id: str
    device_at: str | None = None


@verb(own=True)
async def end_channel(tx: Change, who: Who, command: EndChannel) -> str:
    """End it, and what still waits for it; ended already, nothing changes."""
    channel = await tx.first(Channel, "id = $1 and site_id = $2", command.channel_id, who.site_id)
    if channel is None:
        raise NotFound(Reason("not_found", {"kind": "channel", "id": command.channel_id}))
    allowed = who.source == "system" or not MAY_END.isdisjoint(who.roles)
    if channel.person_id != who.person_id and not allowed:
        raise NotAllowed(Reason("not_allowed", {"action": "end_channel", "roles": list(who.roles)}))
    if channel.ended_at is None:
        tx.update(channel, ended_at=tx.now)
        for waiting in await tx.all(Outgoing, "channel_id = $1 and state = 'waiting'", channel.id):
            tx.update(waiting, state="failed", last_error=ENDED)
        tx.record("channel_ended", "person", channel.person_id, kind=channel.kind, name=channel.name)
    return channel.id
