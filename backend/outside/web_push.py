"""Notices of the browser: encrypted for one browser alone (RFC 8291), signed in this house's name (RFC 8292), brought
to that browser's push service like a webhook: no address of it leads inside."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPusher

from backend.domain.push import answered, read_keys
from backend.domain.telling import Sent
from backend.domain.webhooks import Inside
from backend.outside.key_file import kept_key
from backend.outside.webhook_call import call

FILE = "push.key"
KEPT = 24 * 3600
"""Seconds that a push service keeps a notice for a phone that is away."""
SIGNED_FOR = 12 * 3600
"""Seconds; RFC 8292 allows a day."""
LONGEST = 2000
"""Bytes of a text: a service takes 4096 of the whole, and a notice shows far fewer."""


class PushKey:
    """This house as push services know it."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._vapid = Vapid02(kept_key(folder / FILE, generate_private_key(SECP256R1()), "P-256"))
        self.origin = origin

    @property
    def public(self) -> str:
        """The uncompressed point, base64url: what a browser subscribes for."""
        point = self._vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return str(b64urlencode(point))

    def headers(self, endpoint: str, urgent: bool, now: float) -> dict[str, str]:
        """Who sends, for how long it is kept, how urgent it is."""
        service = urlsplit(endpoint)
        claims = {
            "aud": f"{service.scheme}://{service.netloc}",
            "sub": self.origin,
            "exp": int(now) + SIGNED_FOR,
        }
        signed: dict[str, str] = self._vapid.sign(claims)
        return signed | {
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(KEPT),
            "urgency": "high" if urgent else "normal",
        }


def body_of(endpoint: str, secret: str | None, card: Any) -> bytes | None:
    """A card (title, lines, link) that this browser alone can read; None: it gave no keys."""
    keys = read_keys(secret)
    if keys is None:
        return None
    text = "\n".join(card.lines).encode()[:LONGEST].decode(errors="ignore")
    said = msgspec.json.encode({"title": card.title, "body": text, "link": card.link})
    return bytes(WebPusher({"endpoint": endpoint, "keys": keys._asdict()}).encode(said)["body"])


async def send(key: PushKey, endpoint: str, secret: str | None, card: Any, inside: Inside) -> Sent:
    """What became of a card (title, lines, link, urgent)."""
    body = body_of(endpoint, secret, card)
    if body is None:
        return Sent("push_keys", True)
    headers = key.headers(endpoint, card.urgent, time.time())
    outcome, _ = await call(endpoint, headers, body, inside, means=answered)
    return outcome
