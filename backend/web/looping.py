"""What the steps of CAPAs, change requests and complaints bring with them."""

from __future__ import annotations

import msgspec


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every step brings: its id, and the version that was read."""

    id: str
    version: int | None = None
    device_at: str | None = None


class WhyBody(Body, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    reason: str


class SigningWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How it shall be signed."""

    id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None
