"""Naming parts of stock: so much of a portion; and what is said of a share that does not fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.lots import Portion
from backend.domain.material_units import against_fraction


class Share(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a portion; quantity as text, in the item's stock unit or, as a command says it, another one."""

    portion_id: str
    quantity: str


class Taken(NamedTuple):
    """So much of a portion."""

    portion: Portion
    quantity: Decimal


def take_shares(
    portions: Sequence[Portion],
    shares: Sequence[Share],
    unknown: str = "portion_unknown",
    whole: Collection[str] = (),
    unit: str = "",
) -> list[Taken]:
    """The shares looked up among `portions`. Refused with every share that does not fit.

    `unknown`: the reason where a portion is not among them. `whole`: ids of portions that are taken whole or not at
    all, even where nothing of them is left. `unit`: of the stock; what is counted is not broken (LOT-8).
    """
    by_id = {portion.id: portion for portion in portions}
    taken, reasons, seen = list[Taken](), list[Reason](), set[str]()
    for place, share in enumerate(shares):
        portion, quantity = by_id.get(share.portion_id), _decimal(share.quantity)
        reason = _against(share, portion, quantity, unknown, whole, unit)
        if portion is not None and share.portion_id in seen:
            reason = Reason("portion_twice", {"portion": share.portion_id})
        if reason is not None:
            of_quantity = reason.code not in (unknown, "portion_twice")
            field = f"shares.{place}.quantity" if of_quantity else f"shares.{place}"
            reasons.append(msgspec.structs.replace(reason, field=field))
        elif portion is not None and quantity is not None:
            taken.append(Taken(portion, quantity))
        seen.add(share.portion_id)
    if reasons:
        raise Refused(*reasons)
    return taken


def _against(
    share: Share,
    portion: Portion | None,
    quantity: Decimal | None,
    unknown: str,
    whole: Collection[str],
    unit: str,
) -> Reason | None:
    if portion is None or (portion.quantity == 0 and portion.id not in whole):
        return Reason(unknown, {"portion": share.portion_id})
    there = format(portion.quantity, "f")
    if portion.id in whole:
        return None if quantity == portion.quantity else Reason("portion_at_risk_whole", {"there": there})
    if quantity is None or quantity <= 0:
        return Reason("quantity_not_positive", {"quantity": share.quantity})
    if quantity > portion.quantity:
        return Reason("quantity_over_portion", {"quantity": share.quantity, "there": there})
    if quantity != portion.quantity:
        return next(iter(against_fraction(quantity, unit)), None)
    return None


def _decimal(text: str) -> Decimal | None:
    """A plain finite decimal, or None."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
