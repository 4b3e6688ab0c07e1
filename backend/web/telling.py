"""How I am told, on which channels, and what became of what was sent."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromQuery, JSONBody
from litestar.response import Redirect

from backend.actions.add_channel import AddChannel, add_channel
from backend.actions.add_group_channel import AddGroupChannel, add_group_channel
from backend.actions.end_channel import EndChannel, end_channel
from backend.actions.retry_message import RetryMessage, retry_message
from backend.actions.set_telling import SetTelling, set_telling
from backend.actions.try_channels import TryChannels, try_channels
from backend.domain.telling import ChannelAdded
from backend.views.telling import MessageLine, TellingPage, messages, my_notice, place_of, telling_page
from backend.web.asking import Has, Id, Me, ask_right
from backend.web.problems import NotSignedIn
from backend.web.session import COOKIE, find


class Plainly(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing but that it is asked for."""

    id: str
    device_at: str | None = None


@get("/api/telling", operation_id="get_telling")
async def telling(me: Me, parts: Has) -> TellingPage:
    """Quiet hours, digest, deputy, channels."""
    return await telling_page(me.reads(parts.store), me.who)


@put("/api/telling", operation_id="set_telling")
async def wish(data: JSONBody[SetTelling], me: Me, parts: Has) -> TellingPage:
    """From now on."""
    await set_telling(parts.store, me.who, data)
    return await telling_page(me.reads(parts.store), me.who)


class PushFor(msgspec.Struct):
    """For what a browser subscribes: this house's public key, an uncompressed point of P-256, base64url."""

    key: str


@get("/api/push-key", operation_id="get_push_key")
async def push_key(me: Me, parts: Has) -> PushFor:
    """Before this browser becomes a channel (`kind` web_push, `address` its endpoint, `secret` p256dh.auth)."""
    return PushFor(parts.push_key())


@post("/api/channels", operation_id="add_channel")
async def channel(data: JSONBody[AddChannel], me: Me, parts: Has) -> ChannelAdded:
    """One more of my own."""
    return await add_channel(parts.store, me.who, data)


@post("/api/group-channels", operation_id="add_group_channel")
async def group(data: JSONBody[AddGroupChannel], me: Me, parts: Has) -> ChannelAdded:
    """A group that hears what people of some roles are told."""
    return await add_group_channel(parts.store, me.who, data)


@post("/api/channels/{channel_id:str}/end", operation_id="end_channel", status_code=200)
async def end(channel_id: Id, data: JSONBody[Plainly], me: Me, parts: Has) -> TellingPage:
    """At once."""
    await end_channel(
        parts.store, me.who, EndChannel(id=data.id, channel_id=channel_id, device_at=data.device_at)
    )
    return await telling_page(me.reads(parts.store), me.who)


@post("/api/channel-tests", operation_id="try_channels")
async def test(data: JSONBody[TryChannels], me: Me, parts: Has) -> int:
    """Tell me something on every channel of mine."""
    return await try_channels(parts.store, me.who, data)


@get("/api/messages", operation_id="list_messages")
async def sent(me: Me, parts: Has, only: FromQuery[str | None] = None) -> list[MessageLine]:
    """What was delivered, is tried again, was given up, and why."""
    await ask_right(me, parts, "retry_message")
    return await messages(me.reads(parts.store), me.who.site_id, only)


@post("/api/messages/{message_id:str}/retry", operation_id="retry_message", status_code=200)
async def retry(message_id: Id, data: JSONBody[Plainly], me: Me, parts: Has) -> list[MessageLine]:
    """Send it again."""
    command = RetryMessage(id=data.id, message_id=message_id, device_at=data.device_at)
    await retry_message(parts.store, me.who, command)
    return await messages(me.reads(parts.store), me.who.site_id)


@get("/n/{handle:str}", include_in_schema=False)
async def card(request: Request[Any, Any, Any], handle: Id, parts: Has) -> Redirect:
    """A card's link: to its matter for the one it is for; to their own notices for anybody else (AUD-8)."""
    try:
        me = await find(parts, request.cookies.get(COOKIE))
    except NotSignedIn:
        return Redirect("/#/notices")
    notice = await my_notice(me.reads(parts.store), handle, me.who.person_id)
    return Redirect("/#/notices" if notice is None else await place_of(me.reads(parts.store), notice))


HANDLERS = [telling, wish, push_key, channel, group, end, test, sent, retry, card]
