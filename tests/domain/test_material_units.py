"""Purchase, stock and inspection units of a material: exact, and history stays (LOT-8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.material_units import (
    UnitFactor,
    against_fraction,
    check_factors,
    factor_at,
    from_stock,
    is_countable,
    lot_size_in,
    read_quantity,
    to_stock,
)

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


EIGHT = [UnitFactor("box", Decimal(8), Decimal(100), WINTER)]


@pytest.mark.proves("LOT-8")
@pytest.mark.parametrize(
    ("text", "quantity", "said"),
    [
        ("36", "36", "36 pcs"),
        ("３６件", "36", "36 件"),
        ("4 box", "50", "4 box"),
        ("4盒", "50", "4 盒"),
        ("2 dozen", "24", "2 dozen"),
        ("0.5 box", "6.25", "0.5 box"),
    ],
)
def test_a_typed_quantity_is_read_with_its_unit(text: str, quantity: str, said: str) -> None:
    found = read_quantity(text, "pcs", EIGHT, SPRING)
    assert (found.quantity, found.said) == (Decimal(quantity), said)
    assert found.holds(Decimal(quantity)) and not found.holds(Decimal(quantity) + 1)


@pytest.mark.proves("LOT-8", "RES-4")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2.5 kg", "unit_factor_missing"),
        ("<5", "number_expected"),
        ("box", "number_expected"),
        ("3 x 4", "unit_factor_missing"),
        ("1,000", "number_ambiguous"),
        ("", "reading_missing"),
        ("9" * 80 + " box", "number_out_of_range"),
    ],
)
def test_what_is_no_quantity_is_refused_at_its_field(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_quantity(text, "pcs", EIGHT, SPRING, "shares.0.quantity")
    assert [(each.code, each.field) for each in refused.value.reasons] == [(code, "shares.0.quantity")]


@pytest.mark.proves("LOT-8")
def test_there_is_no_half_piece_and_half_a_metre_is_one() -> None:
    assert [unit for unit in ("pcs", "件", "box", "dozen", "m", "kg", "no unit") if is_countable(unit)] == [
        "pcs",
        "件",
        "box",
        "dozen",
    ]
    assert against_fraction(Decimal("37.5"), "m") == [] == against_fraction(Decimal("37.0"), "pcs")
    (reason,) = against_fraction(Decimal("37.5"), "pcs")
    assert (reason.field, reason.facts["near"]) == ("quantity", ["37", "38"])
    assert against_fraction(Decimal("0.5"), "pcs")[0].facts["near"] == ["1"]


@pytest.mark.proves("LOT-8", "SMP-1")
def test_sampling_counts_the_inspection_unit_a_broken_one_whole() -> None:
    rolls = [UnitFactor("roll", Decimal(1), Decimal(250), WINTER)]
    assert lot_size_in(Decimal(1000), "roll", "m", rolls, SPRING) == 4
    assert lot_size_in(Decimal("1000.5"), "roll", "m", rolls, SPRING) == 5
    assert lot_size_in(Decimal("3000.2"), None, "m", [], SPRING) == 3001
    third = [UnitFactor("roll", Decimal(3), Decimal(1), WINTER)]
    assert lot_size_in(Decimal(7), "roll", "m", third, SPRING) == 21, "a float would give 22"


def float_to_stock(entered: Decimal, factor: UnitFactor) -> Decimal:
    """The broken twin of LOT-8: a factor kept as a binary fraction."""
    return Decimal(str(float(entered) * (float(factor.stock) / float(factor.count))))


@pytest.mark.proves("LOT-8")
def test_float_factors_are_caught() -> None:
    """Boxes of which three hold 0.3 kg: the exact sum of all boxes is the stock, the float one is not."""
    factor = UnitFactor("box", Decimal(3), Decimal("0.3"), WINTER)
    exact = [to_stock(Decimal(n), "box", "kg", [factor], SPRING).quantity for n in range(1, 50)]
    floats = [float_to_stock(Decimal(n), factor) for n in range(1, 50)]
    assert sum(exact) == to_stock(Decimal(sum(range(1, 50))), "box", "kg", [factor], SPRING).quantity
    assert any(one != other for one, other in zip(exact, floats, strict=True))
