"""Senders of our own against a local server that answers as WeCom, DingTalk and Feishu do: 200, and the truth in the
body. E-mail and the rest through apprise, against a local mail server.

The bodies are those that the services document or are known to answer (see backend/outside/robots.py).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web

from backend.domain import telling
from backend.outside import apprised, robots
from bot.cards import Card

CARD = Card("✍️ A release waits · L26-000012", ["For: Sun Li"], "https://lotgate.example/n/x", "Open")
ANSWERS = [
    # service, HTTP status, body -> taken, final, seconds to wait
    ("wecom", 200, {"errcode": 0, "errmsg": "ok"}, (True, False, 0)),
    ("wecom", 200, {"errcode": 45009, "errmsg": "api freq out of limit, hint: [1]"}, (False, False, 60)),
    ("wecom", 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1592021214_50_55]"}, (False, True, 0)),
    ("wecom", 200, {"errcode": 40008, "errmsg": "invalid message type"}, (False, True, 0)),
    ("wecom", 200, {"errcode": -1, "errmsg": "system busy"}, (False, False, 0)),
    ("dingtalk", 200, {"errcode": 0, "errmsg": "ok"}, (True, False, 0)),
    ("dingtalk", 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, (False, False, 60)),
    ("dingtalk", 200, {"errcode": 410100, "errmsg": "发送速度太快而限流"}, (False, False, 60)),
    ("dingtalk", 200, {"errcode": 310000, "errmsg": "sign not match"}, (False, True, 0)),
    ("dingtalk", 200, {"errcode": 310000, "errmsg": "keywords not in content"}, (False, True, 0)),
    ("dingtalk", 200, {"errcode": 300005, "errmsg": "token is not exist"}, (False, True, 0)),
    ("dingtalk", 200, {"errcode": -1, "errmsg": "系统繁忙"}, (False, False, 0)),
    ("feishu", 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": "success"}, (True, False, 0)),
    ("feishu", 200, {"StatusCode": 0, "StatusMessage": "success"}, (True, False, 0)),
    ("feishu", 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"},
     (False, True, 0)),
    ("feishu", 200, {"code": 19024, "msg": "Key Words Not Found"}, (False, True, 0)),
    ("feishu", 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}, (False, True, 0)),
    ("feishu", 200, {"code": 9499, "msg": "too many request"}, (False, False, 60)),
    ("feishu", 200, {"code": 9499, "msg": "Bad Request", "data": {}}, (False, True, 0)),
    ("feishu", 429, {"code": 11232, "msg": "frequency limited psm[lark]"}, (False, False, 60)),
    ("feishu", 200, {"code": 987654, "msg": "something new"}, (False, False, 0)),
    ("wecom", 502, "<html>Bad Gateway</html>", (False, False, 0)),
    ("wecom", 404, "not here", (False, True, 0)),
]  # fmt: skip


class Service:
    """A local server: what it is asked, and what it answers next."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.next: tuple[int, str] = (200, "")
        self.base = ""

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append((request.raw_path, await request.json()))
        return web.Response(status=self.next[0], text=self.next[1], content_type="application/json")


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    app = web.Application()
    app.router.add_post("/{rest:.*}", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}/robot?key="
    yield made
    await runner.cleanup()


async def test_the_body_decides(service: Service) -> None:
    for kind, status, body, (taken, final, wait) in ANSWERS:
        service.next = (status, body if isinstance(body, str) else json.dumps(body))
        sent = await robots.send(kind, "the-key", None, CARD, service.base)
        assert (sent.why is None, sent.final, sent.wait) == (taken, final, wait), (kind, body, sent)
        assert sent.why is None or ("the-key" not in sent.why and sent.why.startswith(kind))


def naive(status: int) -> bool:
    """The broken twin: as a library does that looks at the status alone."""
    return status == 200


def test_a_status_alone_calls_most_refusals_a_success() -> None:
    lost = [body for _, status, body, (taken, *_) in ANSWERS if naive(status) and not taken]
    assert len(lost) > 10


async def test_nobody_there_is_tried_again(service: Service) -> None:
    sent = await robots.send("wecom", "k", None, CARD, "http://127.0.0.1:9/")
    assert sent.why is not None and not sent.final


async def test_messages_are_signed_as_each_service_checks(service: Service) -> None:
    service.next = (200, '{"errcode": 0}')
    await robots.send("dingtalk", "k", "SECabc", CARD, service.base, lambda: 1700000000.5)
    path, body = service.asked[-1]
    moment, sign = re.findall(r"timestamp=(\d+)&sign=([^&]+)", path)[0]
    expected = hmac.new(b"SECabc", f"{moment}\nSECabc".encode(), hashlib.sha256).digest()
    assert moment == "1700000000500" and base64.b64decode(unquote(sign)) == expected
    assert body["msgtype"] == "text" and CARD.link in body["text"]["content"]

    service.next = (200, '{"code": 0}')
    await robots.send("feishu", "k", "abc", CARD, service.base, lambda: 1700000000.5)
    _, body = service.asked[-1]
    assert body["timestamp"] == "1700000000"
    assert base64.b64decode(body["sign"]) == hmac.new(b"1700000000\nabc", b"", hashlib.sha256).digest()
    post = body["content"]["post"]["zh_cn"]
    assert post["content"][-1] == [{"tag": "a", "text": "Open", "href": CARD.link}]


async def test_a_name_with_markup_stays_a_name(service: Service) -> None:
    """Feishu reads <at> in texts, not in the text parts of a post (LBL-8)."""
    service.next = (200, '{"code": 0}')
    await robots.send("feishu", "k", None, Card("x", ['<at user_id="all">'], "https://x", "o"), service.base)
    post = service.asked[-1][1]["content"]["post"]["zh_cn"]
    assert post["content"][0] == [{"tag": "text", "text": '<at user_id="all">'}]


class Mail:
    """As much of a mail server as one letter needs."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.refuse = False

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 mail.example")
        while line := (await reader.readline()).decode().strip().upper():
            if line == "DATA":
                say("354 go on")
                self.letters.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            if line.startswith("RCPT") and self.refuse:
                say("550 no such mailbox")
                continue
            say("221 bye" if line == "QUIT" else "250 ok")
            if line == "QUIT":
                break
        writer.close()


async def test_mail_goes_through_apprise_and_a_refusal_is_told() -> None:
    mail = Mail()
    server = await asyncio.start_server(mail.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    relay = f"mailto://127.0.0.1:{port}?from=lotgate@maker.example"
    address = apprised.mail_address(relay, "li.na@maker.example")
    assert await apprised.send(address, CARD) is None
    assert "li.na@maker.example" in mail.letters[0]
    mail.refuse = True
    assert (await apprised.send(address, CARD) or "").startswith("apprise:")
    server.close()
    await server.wait_closed()


def test_every_service_that_may_be_named_has_a_host_of_its_own() -> None:
    """Else an address could lead inside: no apprise plugin that takes a host is among them."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from apprise.manager_plugins import NotificationManager

        known = NotificationManager()
        known.load_modules()
    names = re.findall(r"\(\?:([a-z|0-9]+)\)://", telling._ADDRESSES["apprise"])[0].split("|")
    assert len(names) > 8
    for name in names:
        assert not {"host", "port", "hostname"} & set(known[name].template_tokens), name
    assert {"host", "port"} <= set(known["ntfy"].template_tokens)  # what is looked for is there elsewhere
