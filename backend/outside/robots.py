"""Group robots of WeCom, DingTalk and Feishu. All three answer HTTP 200 with an error code in the body: the body
decides.

| service  | a minute | signature                                        | again          | final                    |
|----------|----------|--------------------------------------------------|----------------|--------------------------|
| WeCom    | 20       | none: the key is the secret                      | 45009, -1      | 93000 key, 40xxx message |
| DingTalk | 20       | HMAC-SHA256(secret, ms + secret), in the address | 130101, 410100 | 310000 sign, word or IP, |
|          |          |                                                  |                | 3000xx and 4001xx token  |
| Feishu   | 100      | HMAC-SHA256(s + secret, nothing), in the body    | 11232, 2200,   | 19001 hook, 19021 sign,  |
|          |          |                                                  | 9499 if busy   | 19022 IP, 19024 word     |

Codes: the services' own pages (developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com "custom robot",
open.feishu.cn "custom bot"). An unknown code is tried again: the outbox shows it, and gives up in the end.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp

from backend.domain.telling import Sent
from backend.outside.trouble import trouble

TIMEOUT = aiohttp.ClientTimeout(total=15)
LONGEST_WECOM = 2048
"""Bytes of a text."""
LIMITED = 60.0
"""Seconds to wait where a service says "too fast": its whole minute."""
BASES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/",
}


class Codes(NamedTuple):
    """Where an answer holds its code, and what the codes mean; all others are tried again."""

    code: tuple[str, ...]
    text: tuple[str, ...]
    limited: frozenset[int]
    final: Callable[[int], bool]


CODES = {
    "wecom": Codes(
        ("errcode",), ("errmsg",), frozenset({45009, 45033}), lambda c: c == 93000 or 40000 <= c < 45000
    ),
    "dingtalk": Codes(
        ("errcode",),
        ("errmsg",),
        frozenset({130101, 410100}),
        lambda c: 300000 <= c <= 310000 or c in (40035, 43004, 400013, 400101, 400102, 400105, 400106),
    ),
    "feishu": Codes(
        ("code", "StatusCode"), ("msg", "StatusMessage"), frozenset({11232}), lambda c: 19000 <= c < 19100
    ),
}
TOO_FAST = ("too fast", "too many request", "freq", "frequency limit", "限流", "太快")
"""Services have used several codes for it; the words are the same."""


def meaning(kind: str, status: int, body: str) -> Sent:
    """What an answer says. `body` as it came; what is no JSON says no more than its status."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    codes = CODES[kind]
    fields: Mapping[str, Any] = said if isinstance(said, dict) else {}
    code = next((fields[name] for name in codes.code if isinstance(fields.get(name), int)), None)
    text = next((str(fields[name]) for name in codes.text if fields.get(name)), "")
    if code == 0 and status == 200:
        return Sent()
    why = f"{kind} {code if code is not None else f'HTTP {status}'} {text}".strip()
    if code in codes.limited or status == 429 or any(words in text.lower() for words in TOO_FAST):
        return Sent(why, False, LIMITED)
    if code is not None and codes.final(code):
        return Sent(why, True)
    if code == 9499 and kind == "feishu":
        return Sent(why, True)  # "Bad Request": the message itself; its "too many request" is above
    return Sent(why, 400 <= status < 500 and status not in (408, 425))


def dingtalk_signature(secret: str, milliseconds: int) -> str:
    """Of the moment and the secret, by the secret; for the address."""
    mac = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return quote(base64.b64encode(mac.digest()).decode(), safe="")


def feishu_signature(secret: str, seconds: int) -> str:
    """Of nothing, by the moment and the secret; for the body."""
    mac = hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def request_of(
    kind: str, base: str, key: str, secret: str | None, card: Any, now: float
) -> tuple[str, dict[str, Any]]:
    """Address and body. Plain text in each: a name with markup in it stays a name (LBL-8)."""
    if kind == "feishu":
        lines = [[{"tag": "text", "text": line}] for line in card.lines]
        link = [{"tag": "a", "text": card.opens, "href": card.link}]
        post = {"zh_cn": {"title": card.title, "content": [*lines, link]}}
        body: dict[str, Any] = {"msg_type": "post", "content": {"post": post}}
        if secret:
            seconds = int(now)
            body |= {"timestamp": str(seconds), "sign": feishu_signature(secret, seconds)}
        return base + key, body
    text = card.text()
    if kind == "wecom":
        text = text.encode()[:LONGEST_WECOM].decode(errors="ignore")
    address = base + key
    if kind == "dingtalk" and secret:
        moment = round(now * 1000)
        address += f"&timestamp={moment}&sign={dingtalk_signature(secret, moment)}"
    return address, {"msgtype": "text", "text": {"content": text}}


async def send(
    kind: str,
    key: str,
    secret: str | None,
    card: Any,
    base: str | None = None,
    clock: Callable[[], float] = time.time,
) -> Sent:
    """Send a card (title, lines, link, opens). The answer's text never holds the key."""
    address, body = request_of(kind, base or BASES[kind], key, secret, card, clock())
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.post(address, json=body, allow_redirects=False) as answer,
        ):
            return meaning(kind, answer.status, (await answer.content.read(65536)).decode(errors="replace"))
    except (aiohttp.ClientError, TimeoutError) as error:
        return Sent(trouble(error), False)
