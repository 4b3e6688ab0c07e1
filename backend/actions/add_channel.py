"""Add a channel on which one is told too: a robot in WeCom, DingTalk or Feishu, e-mail, what apprise reaches, or this
browser itself."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.push import read_keys
from backend.domain.telling import LONGEST_NAME, Channel, ChannelAdded, Kind, read_address
from backend.store.change import Change
from backend.store.verb import verb


class AddChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`address` as it was copied; `secret`: with which a robot's messages are signed; a browser's keys."""

    id: str
    kind: Kind
    name: str
    address: str
    secret: str | None = None
    urgent_only: bool = False
    device_at: str | None = None


@verb(own=True)
async def add_channel(tx: Change, who: Who, command: AddChannel) -> ChannelAdded:
    """Keep it; what one is told from now on goes there too."""
    address = read_address(command.kind, command.address)
    if address is None or command.kind == "telegram_group":
        raise Refused(Reason("channel_address", {"kind": command.kind}, "address"))
    if command.kind == "web_push" and read_keys(command.secret) is None:
        raise Refused(Reason("push_keys", field="secret"))
    name = command.name.strip()[:LONGEST_NAME] or command.kind
    secret = (command.secret or "").strip() or None
    channel = tx.insert(
        Channel(
            tx.new_id(), who.site_id, who.person_id, command.kind, name, address, secret, [],
            command.urgent_only, tx.now,
        )
    )  # fmt: skip
    tx.record("channel_added", "person", who.person_id, kind=channel.kind, name=name)
    return ChannelAdded(channel.id, channel.kind, name)
