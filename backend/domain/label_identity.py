"""What every scheme's elements come to, and how a label's short dates become days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import msgspec

from backend.domain.errors import Reason
from backend.domain.gs1 import Element


class Identity(msgspec.Struct, frozen=True):
    """What a code says about an item. Days are ISO; `package_level`: the digit that says so ("0" the item itself),
    or `logistic_unit`."""

    device_identifier: str | None = None
    lot: str | None = None
    serial: str | None = None
    production_date: str | None = None
    expiry: str | None = None
    quantity: str | None = None
    package_level: str | None = None


class Said(msgspec.Struct, frozen=True):
    """A code's elements in order and their identity, or the reason why it has none."""

    elements: list[Element]
    identity: Identity = Identity()
    error: Reason | None = None


def century_of(year: int, today: date) -> int:
    """The full year of a two-digit one: at most 49 years ahead, at most 50 back (GS1 General Spec. 7.12)."""
    difference = year - today.year % 100
    century = today.year // 100 - (difference >= 51) + (difference <= -50)
    return century * 100 + year


def iso_day(digits: str | None, today: date) -> str | None:
    """YYMMDD as an ISO day; day 00 is the last of its month. None for none, and for a day that never comes."""
    if digits is None:
        return None
    year, month, day = century_of(int(digits[:2]), today), int(digits[2:4]), int(digits[4:6])
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return f"{year:04}-{month:02}-{day or last:02}" if day <= last else None


def full_day(digits: str, today: date) -> str | None:
    """YYMMDD or YYYYMMDD with a real day, as MA and AHM write them; None for anything else."""
    if len(digits) == 6:
        return iso_day(digits, today) if digits[4:] != "00" else None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None
