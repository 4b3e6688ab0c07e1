"""What brings a card to a channel, by its kind; each is loaded with its first card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from backend.domain.telling import ROBOTS, Channel, Sent
from backend.domain.webhooks import read_inside
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.outside.web_push import PushKey


def channel_sender(settings: Settings) -> Callable[[Channel, Any], Awaitable[Sent]]:
    """One for all kinds; a trial run says in each card what it is."""
    key, inside = push_key(settings), read_inside(settings.inside)

    async def send(channel: Channel, card: Any) -> Sent:
        if settings.trial == "yes":
            from backend.outside.trial_mark import MARK

            card = replace(card, title=f"{MARK} · {card.title}")
        if channel.kind in ROBOTS:
            from backend.outside import robots

            return await robots.send(channel.kind, channel.address, channel.secret, card)
        if channel.kind == "web_push":
            from backend.outside import web_push

            return await web_push.send(key(), channel.address, channel.secret, card, inside)
        from backend.outside import apprised

        address = channel.address
        if channel.kind == "email":
            if settings.mail is None:
                return Sent("no_mail_server", final=True)
            address = apprised.mail_address(settings.mail, address)
        return Sent(await apprised.send(address, card))

    return send


def push_key(settings: Settings) -> Callable[[], PushKey]:
    """This house's key for browsers' push services, made when it is first asked for."""

    @cache
    def made() -> PushKey:
        from backend.outside.web_push import PushKey

        return PushKey(settings.data, settings.public_origin)

    return made
