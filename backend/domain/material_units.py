"""Units of one material: purchase, stock and inspection units, with rational factors (LOT-8).

    1 box = 12 pc    since 2026-01-05      a receipt of 3 boxes on 2026-02-01 is 36 pc, for ever
    1 box = 10 pc    since 2026-03-01      one of 2026-03-02 is 30 pc
    4 bag = 3 kg     since 2026-01-05      1 bag is 3/4 kg, 1/3 of a kg is no decimal and is refused

Units of one dimension need no factor (kg and g); what the material says goes first. The ledger holds stock
units: what was entered, the factor used and the result are kept together, so that no later factor changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import msgspec

from backend.domain.errors import Reason, refuse
from backend.domain.units import convert, convertible, decimal_of, is_exact, same_unit


class UnitFactor(msgspec.Struct, frozen=True):
    """From the instant `since` on, `count` of `unit` are `stock` of the material's stock unit."""

    unit: str
    count: Decimal
    stock: Decimal
    since: str

    @property
    def factor(self) -> Fraction:
        """Stock units in one of it."""
        return Fraction(self.stock) / Fraction(self.count)


class Converted(msgspec.Struct, frozen=True):
    """A quantity as entered, with what it was in stock units at that time; `numerator / denominator` is the factor."""

    entered: Decimal
    unit: str
    quantity: Decimal
    numerator: int
    denominator: int


def factor_at(unit: str, stock_unit: str, factors: Sequence[UnitFactor], at: str) -> Fraction:
    """Stock units in one `unit` at an instant. Refuses `unit_factor_missing` where neither material nor physics say."""
    own = [each for each in factors if same_unit(each.unit, unit) and each.since <= at]
    if own:
        return max(own, key=lambda each: each.since).factor
    if same_unit(unit, stock_unit):
        return Fraction(1)
    if not convertible(unit, stock_unit):
        raise refuse("unit_factor_missing", field="unit", unit=unit, stock_unit=stock_unit)
    zero = convert(Decimal(0), unit, stock_unit)
    if zero:
        raise refuse("unit_factor_missing", field="unit", unit=unit, stock_unit=stock_unit)
    return convert(Decimal(1), unit, stock_unit)


def to_stock(
    entered: Decimal, unit: str, stock_unit: str, factors: Sequence[UnitFactor], at: str
) -> Converted:
    """Into stock units, exactly. Refuses `quantity_not_exact` where no decimal is that quantity."""
    factor = factor_at(unit, stock_unit, factors, at)
    quantity = Fraction(entered) * factor
    if not is_exact(quantity):
        raise refuse(
            "quantity_not_exact",
            field="quantity",
            quantity=format(entered, "f"),
            unit=unit,
            stock_unit=stock_unit,
        )
    return Converted(entered, unit, decimal_of(quantity), factor.numerator, factor.denominator)


def from_stock(
    quantity: Decimal, unit: str, stock_unit: str, factors: Sequence[UnitFactor], at: str
) -> Fraction:
    """A quantity of stock in another of the material's units, exactly: for showing and for sample sizes."""
    return Fraction(quantity) / factor_at(unit, stock_unit, factors, at)


def check_factors(factors: Sequence[UnitFactor], stock_unit: str, now: str) -> list[Reason]:
    """All that keeps factors from being added at `now`: what is past is converted already and stays."""
    reasons = []
    for place, each in enumerate(factors):
        if not (each.count.is_finite() and each.stock.is_finite() and each.count > 0 and each.stock > 0):
            reasons.append(Reason("unit_factor_invalid", {"unit": each.unit}, f"factors.{place}.stock"))
        elif same_unit(each.unit, stock_unit):
            reasons.append(Reason("unit_is_stock_unit", {"unit": each.unit}, f"factors.{place}.unit"))
        if each.since < now:
            reasons.append(Reason("unit_factor_backdated", {"since": each.since}, f"factors.{place}.since"))
    ordered = sorted((each.unit, each.since) for each in factors)
    twice = sorted({one[0] for one, other in pairwise(ordered) if one == other})
    return reasons + [Reason("unit_factor_twice", {"unit": unit}, "factors") for unit in twice]
