"""Commands with no other content than that they happen, and the system as an actor."""

from __future__ import annotations

import msgspec

from backend.domain.people import Who


class Plain(msgspec.Struct, frozen=True):
    """A command that is its id."""

    id: str
    device_at: str | None = None


def system(site_id: str, language: str = "en") -> Who:
    """Lotgate itself, acting on due work or on nobody's behalf. No door ever makes one from a request."""
    return Who("", site_id, "", "", language, (), "system")
