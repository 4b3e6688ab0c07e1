"""Units of one material: purchase, stock and inspection units, with rational factors (LOT-8).

    1 box = 12 pc    since 2026-01-05      a receipt of 3 boxes on 2026-02-01 is 36 pc, for ever
    1 box = 10 pc    since 2026-03-01      one of 2026-03-02 is 30 pc
    4 bag = 3 kg     since 2026-01-05      1 bag is 3/4 kg, 1/3 of a kg is no decimal and is refused

Units of one dimension need no factor (kg and g); what the material says goes first. The ledger holds stock
units: what was entered, the factor used and the result are kept together, so that no later factor changes it.

typed         stock unit pc, 8 box = 100 pc
36            36 pc
36 pc, 36 件   36 pc
3 box, 3盒     refused: 37.5 pc is no whole number of pieces; 37 or 38 are
4 box         50 pc, as entered: 4 box by 25/2
2.5 kg        refused: nobody has said how many pc are in one kg
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil

import msgspec

from backend.domain.errors import Fact, Reason, Refused, refuse
from backend.domain.readings import parse_number, split_typed
from backend.domain.units import (
    PACKAGES,
    convert,
    convertible,
    decimal_of,
    is_exact,
    is_unit,
    same_unit,
    unit,
)


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


class ItemUnit(msgspec.Struct, frozen=True):
    """A factor on record: who said it, and why. Never changed; a later one follows it (LOT-8)."""

    id: str
    site_id: str
    item_id: str
    unit: str
    count: Decimal
    stock: Decimal
    since: str
    person_id: str
    reason: str

    @property
    def as_factor(self) -> UnitFactor:
        """For the rules."""
        return UnitFactor(self.unit, self.count, self.stock, self.since)


class Converted(msgspec.Struct, frozen=True):
    """A quantity as entered, with what it was in stock units at that time; `numerator / denominator` is the factor."""

    entered: Decimal
    unit: str
    quantity: Decimal
    numerator: int
    denominator: int

    def holds(self, quantity: Decimal) -> bool:
        """Whether it is this quantity, by the factor that it names."""
        exactly = Fraction(self.entered) * self.numerator / self.denominator
        return self.quantity == quantity and Fraction(quantity) == exactly

    @property
    def said(self) -> str:
        """`3 box`."""
        return f"{self.entered:f} {self.unit}"


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


def is_countable(unit_text: str) -> bool:
    """Whether a unit is pieces or packages: there is no half of one in stock."""
    if not is_unit(unit_text):
        return False
    named = unit(unit_text)
    return len(named.dimension) == 1 and (
        named.dimension[0] == ("count", 1) or named.dimension[0][0] in PACKAGES
    )


def against_fraction(quantity: Decimal, stock_unit: str, field: str = "quantity") -> list[Reason]:
    """Why so much can't be taken or received: no whole number of what is counted. Says which ones are next to it."""
    if not is_countable(stock_unit) or quantity == quantity.to_integral_value():
        return []
    below = quantity.to_integral_value(ROUND_FLOOR)
    near = [format(each, "f") for each in (below, below + 1) if each > 0]
    facts: dict[str, Fact] = {
        "quantity": format(quantity, "f"),
        "unit": stock_unit,
        "near": near,
        "rule": "LOT-8",
    }
    return [Reason("quantity_not_whole", facts, field)]


def read_quantity(
    text: str, stock_unit: str, factors: Sequence[UnitFactor], at: str, field: str = "quantity"
) -> Converted:
    """A typed quantity with or without a unit, in stock units. Refused with the field and the way out."""
    number, typed = split_typed(text)
    try:
        entered = parse_number(number)
        if entered.qualifier:
            raise refuse("number_expected", text=text)
        return to_stock(entered.value, typed or stock_unit, stock_unit, factors, at)
    except Refused as error:
        raise Refused(*(msgspec.structs.replace(each, field=field) for each in error.reasons)) from error


def lot_size_in(
    quantity: Decimal, inspection_unit: str | None, stock_unit: str, factors: Sequence[UnitFactor], at: str
) -> int:
    """Units to sample from, in the material's inspection unit; a broken one counts as one."""
    in_units = from_stock(quantity, inspection_unit or stock_unit, stock_unit, factors, at)
    return ceil(in_units)


def from_stock(
    quantity: Decimal, unit: str, stock_unit: str, factors: Sequence[UnitFactor], at: str
) -> Fraction:
    """A quantity of stock in another of the material's units, exactly: for showing and for sample sizes."""
    return Fraction(quantity) / factor_at(unit, stock_unit, factors, at)


def check_factors(factors: Sequence[UnitFactor], stock_unit: str, now: str) -> list[Reason]:
    """All that keeps factors from being added at `now`: what is past is converted already and stays."""
    reasons = []
    for place, each in enumerate(factors):
        if not is_unit(each.unit):
            reasons.append(Reason("unit_unknown", {"unit": each.unit}, f"factors.{place}.unit"))
        if not (each.count.is_finite() and each.stock.is_finite() and each.count > 0 and each.stock > 0):
            reasons.append(Reason("unit_factor_invalid", {"unit": each.unit}, f"factors.{place}.stock"))
        elif same_unit(each.unit, stock_unit):
            reasons.append(Reason("unit_is_stock_unit", {"unit": each.unit}, f"factors.{place}.unit"))
        if each.since < now:
            reasons.append(Reason("unit_factor_backdated", {"since": each.since}, f"factors.{place}.since"))
    ordered = sorted((each.unit, each.since) for each in factors)
    twice = sorted({one[0] for one, other in pairwise(ordered) if one == other})
    return reasons + [Reason("unit_factor_twice", {"unit": unit}, "factors") for unit in twice]
