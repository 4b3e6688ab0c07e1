"""Let a group hear what people of some roles are told: cards without values, whose links are for the one named."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Role, Who
from backend.domain.telling import LONGEST_NAME, Channel, ChannelAdded, Kind, read_address
from backend.store.change import Change
from backend.store.verb import verb


class AddGroupChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which group, and of which roles it hears."""

    id: str
    kind: Kind
    name: str
    address: str
    roles: list[Role]
    secret: str | None = None
    urgent_only: bool = False
    device_at: str | None = None


@verb
async def add_group_channel(tx: Change, who: Who, command: AddGroupChannel) -> ChannelAdded:
    """Keep it; the same Telegram group again is the one that there is."""
    address = read_address(command.kind, command.address)
    if address is None or command.kind == "web_push" or not command.roles:
        raise Refused(Reason("channel_address", {"kind": command.kind}, "address"))
    same = "site_id = $1 and kind = 'telegram_group' and address = $2 and ended_at is null"
    known = await tx.first(Channel, same, who.site_id, address)
    if known is not None:
        return ChannelAdded(known.id, known.kind, known.name)
    name = command.name.strip()[:LONGEST_NAME] or command.kind
    channel = tx.insert(
        Channel(
            tx.new_id(), who.site_id, who.person_id, command.kind, name, address,
            (command.secret or "").strip() or None, sorted(set(command.roles)), command.urgent_only, tx.now,
        )
    )  # fmt: skip
    tx.record("channel_added", "person", who.person_id, kind=channel.kind, name=name, roles=channel.roles)
    return ChannelAdded(channel.id, channel.kind, name)
