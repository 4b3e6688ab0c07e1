"""GS1's own rules: every rule of the table of facts is kept by a case and broken by another."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.gs1_associations import KEYS, excluded, lacking
from backend.domain.gs1_digital_link import KEYS as LINK_KEYS
from backend.domain.gs1_identifiers import check_value, identifier_at, identifiers
from backend.domain.gs1_titles import titles
from backend.domain.gs1_values import RULES, check_pair
from backend.domain.labels import LabelReading, merge, read_label
from tests.domain.label_cases import Case, cases

TODAY = date(2026, 11, 23)
CASES = cases("gs1_cases.txt")
GTIN = "07612345678900"


def read(text: str, *, whole: bool = False) -> LabelReading:
    return read_label(text, today=TODAY, whole=whole)


def verdict(reading: LabelReading) -> str:
    return reading.error.code if reading.error else "ok"


@pytest.mark.proves("LBL-1", "LBL-7")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_gs1_would_say_the_same(case: Case) -> None:
    assert verdict(read(case.text)) == case.verdict


def test_every_rule_of_the_table_is_kept_and_broken_by_a_case() -> None:
    named = {rule for each in identifiers().values() for part in each.parts for rule in part.rules}
    assert named <= RULES.keys()
    said = {"kept": set[str](), "broken": set[str]()}
    for case in CASES:
        for element in read(case.text).elements:
            parts = identifiers()[element.ai].parts if element.ai in identifiers() else ()
            said["kept" if case.verdict == "ok" else "broken"] |= {
                rule for part in parts for rule in part.rules
            }
    assert named - said["kept"] == {"hasnondigit"}  # an ordinary MUDI is the GMN's own case
    assert named - said["broken"] == set()


def test_no_identifier_begins_another_and_each_has_a_title() -> None:
    assert len(identifiers()) > 500
    for ai in identifiers():
        assert identifier_at(ai + "0" * 4) == identifiers()[ai]
    assert identifiers().keys() == titles().keys()
    assert LINK_KEYS.keys() < KEYS < identifiers().keys()


def test_the_check_pair_is_that_of_the_general_specifications() -> None:
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"01", "10", "17"}, None),
        ({"10"}, "10"),
        ({"01", "250"}, "250"),
        ({"01", "21", "250"}, None),
        ({"01", "3922", "3103"}, None),
        ({"01", "3922", "3303"}, "3922"),
    ],
)
def test_what_a_value_needs_stands_beside_it(given: set[str], missing: str | None) -> None:
    reason = lacking(sorted(given))
    assert (reason and reason.facts["ai"]) == missing


def test_an_identifier_does_not_exclude_itself() -> None:
    assert excluded(["3103"]) is None
    assert excluded(["3103", "3102"]) is not None


@pytest.mark.proves("LBL-4")
@pytest.mark.parametrize("half", ["(10)A", "(17)261130(10)A", "(21)S", "(37)5"])
def test_a_code_without_a_key_is_half_a_label_unless_it_is_the_whole(half: str) -> None:
    assert read(half).valid
    assert verdict(read(half, whole=True)) == "ai_companion_missing"


@pytest.mark.proves("LBL-4")
def test_what_one_code_lacks_the_other_may_hold() -> None:
    content, unit = read(f"(02){GTIN}(37)24(10)A"), read("(00)376123450000000016")
    assert (verdict(content), content.device_identifier, content.lot) == ("ai_companion_missing", GTIN, "A")
    for both in (merge(content, unit), merge(unit, content)):
        assert both is not None
        assert (both.valid, both.quantity, both.package_level) == (True, "24", "logistic_unit")
    still = merge(content, read("(17)261130"))
    assert still is not None
    assert (still.valid, verdict(still)) == (False, "ai_companion_missing")


@pytest.mark.proves("LBL-4")
@pytest.mark.parametrize(
    ("half", "code"),
    [("(37)5", "ai_pair_excluded"), ("(250)S2", "ai_companion_missing"), ("(21)S1(250)S2", "ok")],
)
def test_both_codes_together_keep_the_rules_that_one_code_keeps(half: str, code: str) -> None:
    assert read(half).valid
    for both in (merge(read(f"(01){GTIN}"), read(half)), merge(read(half), read(f"(01){GTIN}"))):
        assert both is not None
        assert (verdict(both), both.valid) == (code, code == "ok")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"(01){GTIN}", "0"),
        ("(01)17612345678907", "1"),
        ("7612345678900", "0"),
        ("(00)376123450000000016", "logistic_unit"),
        ("(10)A", None),
    ],
)
def test_the_package_level_is_the_indicator_digit(text: str, level: str | None) -> None:
    assert read(text).package_level == level


def naive_form(ai: str, value: str) -> bool:
    """The naive version: length and digits, no rule about what the value says."""
    identifier = identifiers()[ai]
    return identifier.least <= len(value) <= identifier.most


@pytest.mark.parametrize(
    ("ai", "value"), [("00", "376123450000000017"), ("8007", "CH9300762011623852958"), ("17", "261331")]
)
def test_a_reader_that_only_measures_is_caught(ai: str, value: str) -> None:
    assert naive_form(ai, value)
    assert check_value(ai, value) is not None
