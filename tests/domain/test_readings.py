"""Typed numbers: read exactly or asked about, in every way that people type them."""

import contextlib
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.readings import Entered, parse_count, parse_number

MINUSES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u2043\u207b\u2796\ufe58\ufe63\uff0d"

READ = [
    ("3.2", "3.2", ""),
    ("3,2", "3.2", ""),
    ("３．２", "3.2", ""),
    ("３，２", "3.2", ""),
    ("3。2", "3.2", ""),
    ("3.20", "3.20", ""),
    ("  3.2  ", "3.2", ""),
    ("3.2 mm", "3.2", ""),
    ("3.2mm", "3.2", ""),
    ("３.２　ｍｍ", "3.2", ""),
    ("3.2 毫米", "3.2", ""),
    ("+3.2", "3.2", ""),
    (".5", "0.5", ""),
    (",5", "0.5", ""),
    ("0", "0", ""),
    ("-0", "0", ""),
    ("0,234", "0.234", ""),
    ("1.234", "1.234", ""),
    ("1234,5", "1234.5", ""),
    ("1'234", "1234", ""),
    ("1e3", "1000", ""),
    ("3.2E-3", "0.0032", ""),
    ("٣.٢", "3.2", ""),
    ("3.2\u200b", "3.2", ""),
    ("<0.05", "0.05", "<"),
    ("＜０.０５", "0.05", "<"),
    ("≤ 0.05 mm", "0.05", "<="),
    (">10", "10", ">"),
    (">=10", "10", ">="),
    ("<-5", "-5", "<"),
]

ASKED = [
    ("", "reading_missing"),
    ("   ", "reading_missing"),
    ("\u3000", "reading_missing"),
    ("1,234", "number_ambiguous"),
    ("１，２３４", "number_ambiguous"),
    ("1,234.5", "number_ambiguous"),
    ("1.234,5", "number_ambiguous"),
    ("1,234,567", "number_ambiguous"),
    ("1 234", "number_ambiguous"),
    ("-1,234", "number_ambiguous"),
    ("5.", "number_ambiguous"),
    ("5。", "number_ambiguous"),
    ("3.2 cm", "unit_mismatch"),
    ("3.2 Mm", "unit_mismatch"),
    ("3.2 厘米", "unit_mismatch"),
    ("3.2 abc", "unit_mismatch"),
    ("ok", "number_expected"),
    ("合格", "number_expected"),
    ("NaN", "number_expected"),
    ("inf", "number_expected"),
    ("--3", "number_expected"),
    ("3-", "number_expected"),
    ("1.2.3", "number_expected"),
    ("3 2", "number_expected"),
    ("3.1 / 3.2", "number_expected"),
    ("3.1 or 3.2", "number_expected"),
    ("½", "number_expected"),
    ("0x1F", "unit_mismatch"),
    ("1e999", "number_out_of_range"),
    ("1e-999", "number_out_of_range"),
    ("9" * 31, "number_out_of_range"),
    ("1" * 5000, "number_expected"),
    ("n.d.", "detection_limit_expected"),
    ("ND", "detection_limit_expected"),
    ("not detected", "detection_limit_expected"),
    ("未检出", "detection_limit_expected"),
    ("<LOD", "detection_limit_expected"),
    ("< LOQ", "detection_limit_expected"),
    (">ULOQ", "detection_limit_expected"),
]


def code_of(text: str, unit: str = "mm") -> str:
    with pytest.raises(Refused) as refused:
        parse_number(text, unit=unit)
    return refused.value.reasons[0].code


@pytest.mark.proves("RES-4", "RES-2")
@pytest.mark.parametrize(("text", "value", "qualifier"), READ)
def test_a_number_is_read_as_it_was_meant(text: str, value: str, qualifier: str) -> None:
    entered = parse_number(text, unit="mm")
    assert (str(entered.value), entered.qualifier, entered.text) == (value, qualifier, text)


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize("minus", MINUSES)
def test_a_minus_of_any_kind_is_a_minus(minus: str) -> None:
    assert parse_number(f"{minus}3,2").value == Decimal("-3.2")
    assert parse_number(f"{minus} 3,2").value == Decimal("-3.2")


@pytest.mark.proves("RES-4", "RES-1")
@pytest.mark.parametrize(("text", "code"), ASKED)
def test_what_can_be_read_in_two_ways_or_none_is_asked_about(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(("resolution", "readings"), [("1", ["1234", "1.234"]), ("0.001", ["1.234", "1234"])])
def test_the_likelier_reading_is_offered_first(resolution: str, readings: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        parse_number("1,234", unit="mm", resolution=Decimal(resolution))
    assert refused.value.reasons[0].facts["readings"] == readings


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(("text", "code"), ASKED)
def test_each_reading_that_is_offered_can_be_answered_with(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(text, unit="mm")
    offered = refused.value.reasons[0].facts.get("readings", [])
    assert isinstance(offered, list)
    assert bool(offered) == (code == "number_ambiguous")
    for reading in offered:
        assert str(parse_number(reading).value) == reading


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("℃", "°C"),
        ("μm", "µm"),
        ("N / 15 mm", "N/15mm"),
        ("mm²", "mm2"),
        ("ml", "mL"),
        ("毫克/升", "mg/L"),
        ("%", "%"),
        ("％", "%"),
    ],
)
def test_a_unit_may_be_spelt_in_its_ways(typed: str, unit: str) -> None:
    assert parse_number(f"12 {typed}", unit=unit).value == 12


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("typed", "unit"), [("mPa", "MPa"), ("g", "mg"), ("cm", "mm"), ("mm", ""), ("²", "mm²")]
)
def test_another_unit_is_asked_about(typed: str, unit: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(f"3 {typed}", unit=unit)
    reason = refused.value.reasons[0]
    assert (reason.code, reason.facts) == ("unit_mismatch", {"typed": typed, "expected": unit})


@pytest.mark.proves("RES-4")
@given(
    st.text(st.sampled_from("0123456789０３., -−–<>=≤eE'’²½mｍ+nd/。，\u200b\u00a0"), max_size=12) | st.text()
)
def test_no_text_crashes_and_no_digit_or_minus_is_dropped(text: str) -> None:
    with contextlib.suppress(Refused):
        entered = parse_number(text)
        assert entered.value.is_finite()
        assert entered.value.is_signed() <= bool(re.search(f"[{re.escape(MINUSES)}\u00ad]", text))
        if not re.search("[eE]", text):
            digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
            assert str(entered.value.copy_abs()).replace(".", "").lstrip("0") == digits.lstrip("0")


def number_by_throwing_away(text: str) -> Decimal:
    """The naive reader: keeps what float() understands and drops the rest."""
    return Decimal(re.sub(r"[^0-9.]", "", text).strip(".") or "0")


@pytest.mark.proves("RES-4", "RES-1")
def test_the_tables_catch_a_reader_that_throws_away() -> None:
    misread = [text for text, value, _ in READ if str(number_by_throwing_away(text)) != value]
    assert {"3,2", "３．２", "<-5", "1e3"} <= set(misread)
    assert number_by_throwing_away("") == 0  # nothing typed would be a zero
    assert number_by_throwing_away("\u22123.2") == Decimal("3.2")


@pytest.mark.proves("RES-1")
@pytest.mark.parametrize(("text", "count"), [("0", 0), ("３", 3), ("32", 32), ("1.0", 1)])
def test_a_count_is_a_whole_number_of_the_sample(text: str, count: int) -> None:
    assert parse_count(text, 32) == count


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "reading_missing"),
        ("33", "count_out_of_range"),
        ("-1", "count_out_of_range"),
        ("1.5", "count_expected"),
        ("<1", "count_expected"),
        ("none", "number_expected"),
    ],
)
def test_another_count_is_asked_about(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        parse_count(text, 32)


def test_the_text_stays_as_it_was_typed() -> None:
    assert parse_number(" ３，２０ ", unit="mm") == Entered(" ３，２０ ", Decimal("3.20"), "")
