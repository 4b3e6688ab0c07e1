"""The chat in the page: the bot's own dispatcher behind a WebSocket."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

from backend.web.asking import Has
from backend.web.problems import NotSignedIn
from backend.web.session import COOKIE, find

SIGNED_OUT = 4401
FOREIGN = 4403
STILL_SIGNED_IN = 10.0
"""Seconds between looks at the session: a chat ends soon after its session does."""


@websocket("/api/chat")
async def chat(socket: WebSocket[Any, Any, Any], parts: Has) -> None:
    """Text, presses and pictures in; messages, edits and answers out. Only for our own page.

    `{"method": "ready"}` once everything that was said before has been shown, `{"method": "taken", "id"}` once what
    came under that id is handled and kept: the page sends again whatever was not taken, and it counts once (DUP-1).
    """
    origin = socket.headers.get("origin")
    await socket.accept()
    if origin is not None and origin.partition("://")[2] != socket.headers.get("host"):
        await socket.close(FOREIGN)
        return
    secret = socket.cookies.get(COOKIE)
    try:
        me = await find(parts, secret)
    except NotSignedIn:
        await socket.close(SIGNED_OUT)
        return
    talk = parts.page_chat(parts.store, me.who, socket.send_json)
    await talk.open()
    try:
        await socket.send_json({"method": "ready"})
        while True:
            try:
                said = await asyncio.wait_for(socket.receive_json(), STILL_SIGNED_IN)
            except TimeoutError:
                await find(parts, secret)
                await talk.deliver()
                continue
            me = await find(parts, secret)
            await talk.receive(said)
            if isinstance(said, dict):
                await socket.send_json({"method": "taken", "id": said.get("id")})
    except NotSignedIn:
        await socket.close(SIGNED_OUT)
    except WebSocketDisconnect:
        return
    finally:
        await talk.close()


HANDLERS = [chat]
