"""Another system that webhooks are sent to: it verifies each with the library that receivers use, and answers as told.

What it took is what it said 2xx to; what it was sent is kept apart, with its headers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import aiohttp
from aiohttp import web
from standardwebhooks.webhooks import Webhook

from backend.domain.telling import Sent
from backend.domain.webhooks import read_inside
from backend.outside import webhook_call

HERE = read_inside("127.0.0.0/8")


class Told(NamedTuple):
    """One request: its id, its body, and whether the library finds the signature right."""

    id: str
    body: dict[str, Any]
    signed: bool


class Receiver:
    """`plan`: what it answers next; a status, "die" (the connection is cut after reading) or "sleep" (no answer)."""

    def __init__(self) -> None:
        self.secret = "whsec_"
        self.plan: list[int | str] = []
        self.sent: list[Told] = []
        self.taken: list[Told] = []
        self.address = ""
        self.leave = asyncio.Event()

    async def hear(self, request: web.Request) -> web.StreamResponse:
        """One webhook."""
        raw = await request.read()
        headers = request.headers
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        expected = Webhook(self.secret).sign(headers["webhook-id"], at, raw.decode())
        told = Told(
            headers["webhook-id"], json.loads(raw), expected in headers["webhook-signature"].split(" ")
        )
        self.sent.append(told)
        answer = self.plan.pop(0) if self.plan else 204
        if answer == "die":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if answer == "sleep":
            await self.leave.wait()
            return web.Response()
        assert isinstance(answer, int)
        if 200 <= answer < 300:
            self.taken.append(told)
        return web.Response(
            status=answer, text="y" * 5000 if answer >= 300 else "", headers={"location": "/elsewhere"}
        )


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in", receiver.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    receiver.address = f"http://127.0.0.1:{port}/in"
    try:
        yield receiver
    finally:
        receiver.leave.set()
        await runner.cleanup()


async def call(address: str, headers: dict[str, str], body: bytes) -> tuple[Sent, int | None]:
    """The real sender, allowed to this machine, with little patience."""
    limits = aiohttp.ClientTimeout(total=1)
    return await webhook_call.call(address, headers, body, HERE, limits=limits)
