"""Units convert exactly, by every spelling, and never into another dimension."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import units
from backend.domain.errors import Refused
from backend.domain.units import convert, convertible, decimal_of, is_exact, is_unit, same_unit, unit

# SI Brochure (9th edition), NIST SP 811 appendix B.8: those that are exact there.
EXACT = [
    ("1", "in", "mm", "25.4"),
    ("1", "ft", "m", "0.3048"),
    ("1", "lb", "g", "453.59237"),
    ("1", "oz", "g", "28.349523125"),
    ("1", "lbf", "N", "4.4482216152605"),
    ("1", "kgf", "N", "9.80665"),
    ("760", "mmHg", "Pa", "101325.0144354"),
    ("1", "atm", "kPa", "101.325"),
    ("760", "Torr", "atm", "1"),
    ("1", "bar", "MPa", "0.1"),
    ("1", "cmH2O", "Pa", "98.0665"),
    ("3", "Fr", "mm", "1"),
    ("1", "gal", "mL", "3785.411784"),
    ("1", "cc", "µL", "1000"),
    ("25", "°C", "K", "298.15"),
    ("98.6", "°F", "°C", "37"),
    ("-40", "°F", "°C", "-40"),
    ("1", "h", "min", "60"),
    ("1", "cP", "mPa·s", "1"),
    ("1", "MPa", "N/mm²", "1"),
    ("12", "N/15mm", "N/m", "800"),
    ("1", "mg/mL", "g/L", "1"),
    ("1", "mol/L", "M", "1"),
    ("1", "rpm", "°/s", "6"),
    ("90", "′", "°", "1.5"),
    ("2.5", "%", "", "0.025"),
    ("30", "ppm", "%", "0.003"),
    ("1", "dozen", "件", "12"),
    ("1", "丝", "µm", "10"),
    ("1", "U", "µmol/min", "1"),
    ("120", "1/min", "Hz", "2"),
]
ALIKE = [
    ("mm", "毫米"),
    ("mm", "ｍｍ"),
    ("kg", "千克"),
    ("kg", "公斤"),
    ("µL", "uL"),
    ("μL", "微升"),
    ("°C", "℃"),
    ("°C", "摄氏度"),
    ("mmHg", "毫米汞柱"),
    ("mg/mL", "毫克/毫升"),
    ("mg/mL", "毫克每毫升"),
    ("MPa", "兆帕"),
    ("min", "分钟"),
    ("件", "个"),
    ("个", "支"),
    ("pc", "件"),
    ("盒", "box"),
    ("m2", "m²"),
    ("m2", "m^2"),
    ("mm²", "平方毫米"),
    ("N·m", "N*m"),
    ("Ω", "ohm"),
]
UNLIKE = [("mPa", "MPa"), ("mm", "Mm"), ("g", "G"), ("盒", "箱"), ("pc", "box"), ("pH", ""), ("HA", "HD")]


def code(call: object, *args: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args)  # type: ignore[operator]
    return refused.value.reasons[0].code


@pytest.mark.proves("RES-4", "LOT-8")
@pytest.mark.parametrize(("value", "of", "to", "wanted"), EXACT)
def test_values_convert_exactly(value: str, of: str, to: str, wanted: str) -> None:
    there = convert(Decimal(value), of, to)
    assert there == Fraction(wanted)
    assert convert(there, to, of) == Fraction(value)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_a_unit_mean_the_same(one: str, other: str) -> None:
    assert same_unit(one, other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_units_that_look_alike_differ(one: str, other: str) -> None:
    assert not same_unit(one, other)


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("of", "to"),
    [("mm", "kg"), ("N", "Pa"), ("盒", "件"), ("盒", "箱"), ("pH", "%"), ("HA", "HD"), ("IU", "mg"), ("°C", "mm"),
     ("mg/mL", "mg"), ("mm", "mm²")],
)  # fmt: skip
def test_another_dimension_is_refused(of: str, to: str) -> None:
    assert not convertible(of, to)
    assert code(convert, Decimal(1), of, to) == "unit_other_dimension"


@pytest.mark.parametrize(
    "text",
    ["x", "G", "rad", "mm/", "/mm", "m**2", "5", "0mm", "m0", "mPas", "盒子", "m" * 99, "1/0 m", "kkg", "/"],
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    assert not is_unit(text)
    assert code(unit, text) == "unit_unknown"


def test_every_spelling_of_the_tables_is_read() -> None:
    tables = (
        units._BASE,
        units._ALONE,
        units._WITH_PREFIX,
        units.PACKAGES,
        units.PACKAGES.values(),
        units._OFFSETS,
        units._SPELLINGS,
        units._ZH_WITH_PREFIX,
    )
    assert [name for table in tables for name in table if not is_unit(name)] == []


@given(st.text(max_size=12) | st.text("mkgN/·²*^-0123456789 升米", max_size=9))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    if is_unit(text):
        assert unit(text).factor > 0
        assert same_unit(text, text)
    else:
        assert code(unit, text) == "unit_unknown"


UNITS = st.sampled_from(["mm", "in", "ft", "µm", "Fr", "丝", "°C", "°F", "K", "mmHg", "psi", "kPa", "N/mm²"])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6), UNITS, UNITS)
def test_there_and_back_is_the_same_value(value: Decimal, one: str, other: str) -> None:
    if convertible(one, other):
        assert convert(convert(value, one, other), other, one) == Fraction(value)


def by_floats(value: float, factor: float) -> Decimal:
    """How it is not to be done."""
    return Decimal(value * factor)


def test_floats_would_miss_the_limit() -> None:
    """0.07 in is 1.778 mm exactly: at a limit of 1.778 it conforms, by floats it does not."""
    assert decimal_of(convert(Decimal("0.07"), "in", "mm")) == Decimal("1.778")
    assert by_floats(0.07, 25.4) != Decimal("1.778")


def test_a_value_without_a_decimal_says_so() -> None:
    third = convert(Decimal(1), "Fr", "mm")
    assert not is_exact(third)
    assert decimal_of(third) == Decimal("0.3333333333333333333333333333333333")
    assert is_exact(convert(Decimal(3), "Fr", "mm"))
