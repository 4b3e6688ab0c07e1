"""One attempt to deliver a webhook: to an address that is looked at after its name was resolved, no redirection
followed, bounded in time and in what is read of the answer."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from backend.domain.telling import Sent
from backend.domain.webhooks import (
    INSIDE,
    LONGEST_ANSWER,
    PLAIN,
    Inside,
    against_address,
    meaning,
    plain_address,
)
from backend.outside.trouble import trouble

TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
READ = 4 * LONGEST_ANSWER
"""Bytes of an answer that are read."""


class Refusal(Exception):
    """Where nothing is sent, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class OutsideOnly(AbstractResolver):
    """Resolves names, and hands out no address that is refused: the connection goes to what was looked at, so that a
    name which means something else a moment later changes nothing."""

    def __init__(self, inside: Inside, plain: bool, resolver: AbstractResolver | None = None) -> None:
        self.inside, self.plain, self.resolver = inside, plain, resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All of a name's addresses, or none if one of them is refused."""
        found = await self.resolver.resolve(host, port, family)
        for each in found:
            if self.inside.refuses(each["host"]):
                raise Refusal(INSIDE)
            if self.plain and not self.inside.allows(plain_address(each["host"])):
                raise Refusal(PLAIN)
        return found

    async def close(self) -> None:
        """Nothing of its own."""
        await self.resolver.close()


async def call(
    address: str,
    headers: dict[str, str],
    body: bytes,
    inside: Inside,
    resolver: AbstractResolver | None = None,
    limits: aiohttp.ClientTimeout = TIMEOUT,
    means: Callable[[int, str, str | None], Sent] = meaning,
) -> tuple[Sent, int | None]:
    """What became of it, and the answer's status where there was one. `means`: of status, body and `Retry-After`."""
    wrong = against_address(address, inside)
    if wrong:
        return Sent(wrong[0].code, True), None
    plain = urlsplit(address).scheme == "http"
    resolves: Any = OutsideOnly(inside, plain, resolver)
    connector = aiohttp.TCPConnector(resolver=resolves, use_dns_cache=False, force_close=True)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=limits, auto_decompress=False) as session,
            session.post(address, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            said = (await answer.content.read(READ)).decode(errors="replace")
            return means(answer.status, said, answer.headers.get("retry-after")), answer.status
    except Refusal as refusal:
        return Sent(refusal.why, True), None
    except (aiohttp.ClientError, OSError, TimeoutError, UnicodeError) as error:
        return Sent(trouble(error)), None
