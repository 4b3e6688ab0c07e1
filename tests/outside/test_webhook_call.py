"""Where a webhook is never sent: two hundred ways to write or reach an address inside, none of which arrives."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from backend.domain.telling import Sent
from backend.domain.webhooks import Inside, read_inside
from backend.outside.webhook_call import call

INSIDE = (
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
    "192.168.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.0.1", "192.88.99.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2001::1", "2001:db8::1",
)  # fmt: skip
NUMBERS = (
    "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0x7f.1", "0",
    "0x0", "00.0.0.0", "127.0.0.01", "127.000.000.001", "3232235521", "0xa9fea9fe", "2852039166", "1.1.1.1.1",
    "127.0.0.1.", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:0x7f.1]", "[::1%25lo]", "[fe80::1%25eth0]",
)  # fmt: skip
TEXTS = (
    "https://good.example@127.0.0.1/", "https://127.0.0.1@good.example/", "https://good.example\\@127.0.0.1/",
    "https://127.0.0.1#@good.example/", "https://127.0.0.1%00.good.example/", "https://127。0。0。1/",
    "https://①②⑦.⓪.⓪.①/", "https://127.0.0.1\t/", "https://127.0.0.1\n.good.example/", "https:127.0.0.1/",
    "https:///127.0.0.1/", "https://[127.0.0.1]/", "//127.0.0.1/", "gopher://127.0.0.1/", "ftp://127.0.0.1/",
    "file:///etc/passwd", "unix:///run/docker.sock", "https://localhost%2f@good.example/", "https://",
    "https://127.0.0.1:0x50/", "https://good.example:99999/", "javascript:alert(1)", "http://[::]:80:80/",
)  # fmt: skip
NAMES = ("localhost", "LOCALHOST", "localhost.", "mes.example", "metadata.google.internal", "a.b.c.example")


class Resolver(AbstractResolver):
    """Names mean what they are told to mean, one answer after the other; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = deque(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        return [
            ResolveResult(
                hostname=host, host=each, port=port, family=socket.AF_INET6 if ":" in each else socket.AF_INET,
                proto=0, flags=socket.AI_NUMERICHOST,
            )
            for each in found
        ]  # fmt: skip

    async def close(self) -> None:
        pass


class Inner:
    """A server inside that must never hear anything."""

    def __init__(self) -> None:
        self.hits = 0
        self.port = 0

    async def hear(self, _: web.Request) -> web.Response:
        self.hits += 1
        return web.Response(text="secret " * 100_000)


@pytest.fixture
async def inner() -> AsyncIterator[Inner]:
    made = Inner()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", made.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


def tricks(port: int) -> list[tuple[str, Resolver | None]]:
    """An address as text, and what its name means."""
    hosts = [f"[{each}]" if ":" in each else each for each in INSIDE]
    written = [f"{scheme}://{host}:{port}/in" for scheme in ("https", "http") for host in (*hosts, *NUMBERS)]
    named: list[tuple[str, Resolver | None]] = [
        (f"{scheme}://{name}:{port}/in", Resolver([each]))
        for scheme, name, inside in (("https", "mes.example", INSIDE), ("http", "mes.example", INSIDE))
        for each in inside
    ]
    named += [(f"https://{name}:{port}/in", Resolver(["127.0.0.1"])) for name in NAMES]
    named += [
        (f"https://mes.example:{port}/in", Resolver(["8.8.8.8", "127.0.0.1"])),
        (f"https://mes.example:{port}/in", Resolver(["127.0.0.1"], ["8.8.8.8"])),
    ]
    return [*((text, None) for text in (*written, *TEXTS)), *named]


async def test_two_hundred_ways_inside_and_none_arrives(inner: Inner) -> None:
    tried = tricks(inner.port)
    assert len(tried) >= 200
    for address, resolver in tried:
        sent, status = await call(address, {}, b"{}", Inside(), resolver)
        assert sent.final and sent.why in ("webhook_inside", "webhook_plain", "webhook_address"), address
        assert status is None
    assert inner.hits == 0


async def naive_call(address: str, resolver: AbstractResolver) -> None:
    """The broken twin: looks at the text, resolves, looks, and lets the client resolve once more."""
    host = address.partition("://")[2].partition(":")[0]
    found = await resolver.resolve(host)
    if host in ("localhost", "127.0.0.1") or any(Inside().refuses(each["host"]) for each in found):
        return
    connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session, session.post(address) as answer:
        await answer.read()


async def test_a_name_that_means_something_else_a_moment_later(inner: Inner) -> None:
    address = f"http://mes.example:{inner.port}/in"
    await naive_call(address, Resolver(["8.8.8.8"], ["127.0.0.1"]))
    assert inner.hits == 1, "the twin is led inside"
    sent, _ = await call(address, {}, b"{}", read_inside("8.8.8.8/32"), Resolver(["127.0.0.1"]))
    assert (sent.why, inner.hits) == ("webhook_inside", 1)


async def test_what_the_operator_allows_is_reached_and_little_is_read(inner: Inner) -> None:
    allowed = read_inside("127.0.0.1/32")
    sent, status = await call(
        f"http://mes.example:{inner.port}/in", {}, b"{}", allowed, Resolver(["127.0.0.1"])
    )
    assert (sent, status, inner.hits) == (Sent(), 200, 1)
    other, _ = await call(f"http://127.0.0.2:{inner.port}/in", {}, b"{}", allowed)
    assert other.why == "webhook_inside"


async def test_a_server_that_never_ends_its_answer_is_left() -> None:
    leave = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=500)
        await answer.prepare(request)
        await leave.wait()
        return answer

    app = web.Application()
    app.router.add_post("/in", drip)
    runner: Any = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    limits = aiohttp.ClientTimeout(total=0.3)
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    sent, _ = await call(address, {}, b"{}", read_inside("127.0.0.0/8"), limits=limits)
    leave.set()
    await runner.cleanup()
    assert (sent.why, sent.final) == ("no_answer", False)


@pytest.mark.parametrize(
    ("address", "inside", "why"),
    [
        ("https://nobody.invalid/in", "", "name_unknown"),
        ("http://127.0.0.1:9/in", "127.0.0.0/8", "not_reached"),
        ("https://127.0.0.1:{port}/in", "127.0.0.0/8", "not_trusted"),
    ],
)
async def test_why_nothing_came_of_a_call_has_a_name(address: str, inside: str, why: str) -> None:
    plain: Any = web.AppRunner(web.Application())
    await plain.setup()
    await web.TCPSite(plain, "127.0.0.1", 0).start()
    port = plain.addresses[0][1]
    sent, status = await call(address.format(port=port), {}, b"{}", read_inside(inside))
    await plain.cleanup()
    assert (sent.why, sent.final, status) == (why, False, None)
