"""Web Push: what a browser gives as its address, and what its push service answers.

| answer            | meaning                                  | source         |
|-------------------|------------------------------------------|----------------|
| 2xx               | taken                                    | RFC 8030 5     |
| 404, 410          | the subscription is gone: never again    | RFC 8030 7.3   |
| 400, 401, 403,413 | this message or this house: never        | RFC 8292 4.2   |
| 429, 5xx, others  | again, after `Retry-After`               | RFC 8030 8.4   |
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from backend.domain.telling import Sent
from backend.domain.webhooks import meaning

GONE = "push_gone"
POINT, SECRET = 65, 16
"""Bytes of an uncompressed point of P-256, and of the authentication secret (RFC 8291 2)."""
GIVEN_UP = frozenset({400, 401, 403, 413})


class Keys(NamedTuple):
    """A subscription's public key and authentication secret, base64url without padding."""

    p256dh: str
    auth: str


def read_keys(text: str | None) -> Keys | None:
    """`p256dh.auth`, as a channel keeps them; None: they are none."""
    p256dh, _, auth = (text or "").strip().partition(".")
    point, secret = _bytes(p256dh), _bytes(auth)
    if point is None or len(point) != POINT or point[0] != 4 or secret is None or len(secret) != SECRET:
        return None
    return Keys(p256dh, auth)


def answered(status: int, body: str, retry_after: str | None) -> Sent:
    """What became of a notice, by the table above."""
    if status in (404, 410):
        return Sent(GONE, True)
    said = meaning(status, body, retry_after)
    return Sent(said.why, True) if status in GIVEN_UP else said


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
