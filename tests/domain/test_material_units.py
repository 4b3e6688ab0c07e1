"""Purchase, stock and inspection units of a material: exact, and history stays (LOT-8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.material_units import UnitFactor, check_factors, factor_at, from_stock, to_stock

WINTER, SPRING = "2026-01-05T00:00:00.000000Z", "2026-03-01T00:00:00.000000Z"
BOX = [UnitFactor("盒", Decimal(1), Decimal(12), WINTER), UnitFactor("box", Decimal(1), Decimal(10), SPRING)]
BAG = UnitFactor("bag", Decimal(4), Decimal(3), WINTER)


def codes(factors: list[UnitFactor], now: str = WINTER) -> list[str]:
    return [reason.code for reason in check_factors(factors, "pc", now)]


@pytest.mark.proves("LOT-8")
@pytest.mark.parametrize(
    ("entered", "unit", "stock_unit", "at", "quantity"),
    [
        ("3", "盒", "件", "2026-02-01T09:00:00.000000Z", "36"),
        ("3", "盒", "件", SPRING, "30"),
        ("3", "box", "pc", "2026-03-02T09:00:00.000000Z", "30"),
        ("2", "bag", "kg", SPRING, "1.5"),
        ("2.5", "kg", "g", SPRING, "2500"),
        ("7", "pc", "件", SPRING, "7"),
        ("2", "dozen", "pc", SPRING, "24"),
        ("5", "卷", "卷", SPRING, "5"),
    ],
)
def test_a_quantity_becomes_stock_units(
    entered: str, unit: str, stock_unit: str, at: str, quantity: str
) -> None:
    found = to_stock(Decimal(entered), unit, stock_unit, [*BOX, BAG], at)
    assert found.quantity == Decimal(quantity)
    assert Fraction(found.numerator, found.denominator) * Fraction(entered) == Fraction(quantity)


@pytest.mark.proves("LOT-8")
@pytest.mark.parametrize(
    ("entered", "unit", "stock_unit", "at", "reason"),
    [
        ("3", "盒", "件", "2026-01-04T09:00:00.000000Z", "unit_factor_missing"),
        ("3", "箱", "件", SPRING, "unit_factor_missing"),
        ("3", "kg", "件", SPRING, "unit_factor_missing"),
        ("3", "°C", "K", SPRING, "unit_factor_missing"),
        ("1", "g", "bag", SPRING, "unit_factor_missing"),
        ("1", "Fr", "mm", SPRING, "quantity_not_exact"),
    ],
)
def test_what_has_no_exact_factor_is_refused(
    entered: str, unit: str, stock_unit: str, at: str, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        to_stock(Decimal(entered), unit, stock_unit, [*BOX, BAG], at)
    assert refused.value.reasons[0].code == reason


@pytest.mark.proves("LOT-8")
@given(st.integers(1, 10**6), st.integers(1, 999), st.integers(1, 999))
def test_a_later_factor_rewrites_no_history(entered: int, before: int, after: int) -> None:
    """Whatever the factor becomes, what was converted before it is the same, and back again exactly."""
    old = [UnitFactor("盒", Decimal(1), Decimal(before), WINTER)]
    new = [*old, UnitFactor("盒", Decimal(1), Decimal(after), SPRING)]
    at = "2026-02-01T00:00:00.000000Z"
    assert to_stock(Decimal(entered), "盒", "件", old, at) == to_stock(Decimal(entered), "盒", "件", new, at)
    assert from_stock(Decimal(entered * before), "盒", "件", new, at) == entered


def newest_factor(unit: str, factors: list[UnitFactor]) -> Fraction:
    """How it is not to be done: what was true then is not asked."""
    return max((each for each in factors if each.unit == unit), key=lambda each: each.since).factor


def test_the_newest_factor_would_rewrite_history() -> None:
    at = "2026-02-01T00:00:00.000000Z"
    both = [BOX[0], UnitFactor("盒", Decimal(1), Decimal(10), SPRING)]
    assert factor_at("盒", "件", both, at) == 12
    assert newest_factor("盒", both) != 12


@pytest.mark.proves("LOT-8")
def test_factors_are_checked_at_once() -> None:
    assert codes([*BOX, BAG]) == []
    assert codes([BAG], SPRING) == ["unit_factor_backdated"]
    assert codes([BAG, BAG]) == ["unit_factor_twice"]
    assert codes([UnitFactor("件", Decimal(1), Decimal(2), WINTER)]) == ["unit_is_stock_unit"]
    assert codes([UnitFactor("盒", Decimal(0), Decimal(2), WINTER)]) == ["unit_factor_invalid"]
