"""Naming a part of stock: so much of a portion."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a portion; quantity in the item's stock unit, as text."""

    portion_id: str
    quantity: str


def decimal_of(text: str) -> Decimal | None:
    """A plain finite decimal, or None."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
