"""HIBC, MA and AHM: every form of their parts, and two codes of one label."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.hibc import DATES, SIGNS, check_character
from backend.domain.labels import LabelReading, merge, read_label
from tests.domain.label_cases import Case, cases

TODAY = date(2026, 11, 23)
HIBC, CHINA = cases("hibc_cases.txt"), cases("china_cases.txt")
PRIMARY, SECONDARY = "+A123BJC5D6E71G", "+$$3261130LOT7GH"


def read(text: str) -> LabelReading:
    return read_label(text, today=TODAY)


def said(reading: LabelReading) -> str:
    """As the tables write it, a space inside a field as _."""
    if reading.error:
        return reading.error.code
    r = reading
    fields = (r.device_identifier, r.lot, r.serial, r.expiry, r.production_date, r.quantity, r.package_level)
    return " ".join((field or "-").replace(" ", "_") for field in fields)


@pytest.mark.proves("LBL-1", "LBL-3", "LBL-7")
@pytest.mark.parametrize("case", [*HIBC, *CHINA], ids=lambda case: case.text)
def test_a_code_of_another_scheme_is_read_as_its_table_says(case: Case) -> None:
    reading = read(case.text)
    assert said(reading) == case.verdict
    assert reading.valid == (reading.error is None)
    if reading.valid:
        scheme = "hibc" if case in HIBC else case.text.strip("(")[:3].strip(".").lower()
        assert (reading.scheme, len(reading.elements) > 0) == (scheme, True)


def test_the_table_has_every_date_flag_with_and_without_a_quantity_and_for_serials() -> None:
    texts = [case.text for case in HIBC if " " in case.verdict]
    for flag in DATES:
        for before in ("$$", "$$+", "$$824"):
            found = any(text.startswith(f"+{before}{flag}") for text in texts)
            assert found or flag == "0", (before, flag)


@pytest.mark.proves("LBL-7")
@given(st.text(SIGNS, min_size=4, max_size=30), st.data())
def test_no_single_wrong_sign_passes_the_check_character(text: str, data: st.DataObject) -> None:
    right = "+" + text + check_character("+" + text)
    place = data.draw(st.integers(0, len(right) - 1))
    wrong = right[:place] + data.draw(st.sampled_from(SIGNS.replace(right[place], ""))) + right[place + 1 :]
    assert check_character(wrong[:-1]) != wrong[-1]


@pytest.mark.proves("LBL-2", "LBL-7")
@given(st.sampled_from([case.text.strip("*") for case in HIBC if " " in case.verdict]), st.data())
def test_a_code_with_one_wrong_sign_is_never_read_on(right: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(right) - 1))
    sign = data.draw(st.sampled_from(SIGNS.replace(right[place], "").replace(" ", "")))
    wrong = read(right[:place] + sign + right[place + 1 :])
    assert not wrong.valid or right.endswith((" ", "_"))
    assert wrong.lot is wrong.expiry is None or wrong.valid


def with_the_space_taken_for_granted(text: str) -> bool:
    """The naive version: a space may always have been lost at the end."""
    return check_character(text[:-1]) == text[-1] or check_character(text) == " "


def test_a_lost_space_and_a_wrong_sign_look_alike_so_that_a_person_chooses() -> None:
    wrong = "+A9991J3450/$LOT1W"  # the 2 was read as J
    assert with_the_space_taken_for_granted(wrong)
    reading = read(wrong)
    assert (reading.valid, reading.ambiguous, reading.device_identifier) == (False, True, None)
    assert reading.error is not None
    assert reading.error.facts["readings"] == [wrong + "_"]
    assert read(wrong + "_").lot == "LOT1W"


@pytest.mark.proves("LBL-7")
@given(st.text(SIGNS, max_size=40))
def test_no_text_crashes_the_reader(text: str) -> None:
    for start in ("+", "+A9991", "+$$", "+$$+", "+$$8", "+A99910/", "MA.156.M0.100001.01000013.", "AHM."):
        body = start + text
        for whole in (body, body + check_character(body) if start[0] == "+" else body):
            reading = read(whole)
            assert reading.valid == (reading.error is None)


@pytest.mark.proves("LBL-4")
def test_a_secondary_joins_the_primary_that_its_link_names() -> None:
    primary, secondary = read(PRIMARY), read(SECONDARY)
    for both in (merge(primary, secondary), merge(secondary, primary)):
        assert both is not None
        assert (both.scheme, both.device_identifier, both.lot) == ("hibc", "A123BJC5D6E71", "LOT7")
        assert (both.expiry, both.package_level, both.valid) == ("2026-11-30", "1", True)


def merge_without_the_link(first: LabelReading, second: LabelReading) -> str | None:
    """The naive version: whatever lot stands beside a product is its own."""
    return first.lot or second.lot


@pytest.mark.proves("LBL-4")
@pytest.mark.parametrize(
    "other", ["+B5040001J", "(01)07612345678900", "MA.156.M0.100204.13351764", "7612345678900"]
)
def test_a_secondary_of_another_product_does_not_join(other: str) -> None:
    product, secondary = read(other), read(SECONDARY)
    assert merge_without_the_link(product, secondary) == "LOT7"
    assert merge(product, secondary) is merge(secondary, product) is None


@pytest.mark.proves("LBL-4")
def test_schemes_do_not_mix_but_gs1_is_one_in_all_its_carriers() -> None:
    assert merge(read("MA.156.M0.100204.13351764"), read("(10)A")) is None
    joined = merge(read("https://a/01/07612345678900"), read("(10)A"))
    assert joined is not None
    assert (joined.device_identifier, joined.lot) == ("07612345678900", "A")


@pytest.mark.proves("LBL-3")
@pytest.mark.parametrize(("year", "expected"), [("76", "2076"), ("77", "1977"), ("00", "2000")])
def test_the_century_of_every_scheme_follows_the_same_window(year: str, expected: str) -> None:
    body = f"+$$3{year}0101LOTG"
    for text in (
        body + check_character(body),
        f"MA.156.M0.100001.01000013.E{year}0101",
        f"AHM.1.ED{year}0101",
    ):
        assert read(text).expiry == f"{expected}-01-01"
