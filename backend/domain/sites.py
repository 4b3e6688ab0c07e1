"""Where things stand: organisation > site (with its time zone) > location."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.words import Words

LocationKind = Literal["receiving", "quarantine", "released", "rejected", "production", "shipping"]


class Organisation(msgspec.Struct, frozen=True):
    """The maker, or a partner with an account here."""

    id: str
    name: Words


class Site(msgspec.Struct, frozen=True):
    """One factory or warehouse; `zone` is an IANA name, shown beside every UTC time."""

    id: str
    organisation_id: str
    code: str
    name: Words
    zone: str


class Location(msgspec.Struct, frozen=True):
    """A bin or an area; its kind tells quarantine, released and rejected stock apart (LOT-14)."""

    id: str
    site_id: str
    code: str
    name: Words
    kind: LocationKind
