"""Labels: every carrier leads to one identity, and what may be wrong is asked about."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.gs1 import Element
from backend.domain.gs1_identifiers import check_digit, identifiers
from backend.domain.labels import LabelReading, century_of, merge, read_label

TODAY = date(2026, 11, 23)
GTIN = "07612345678900"
LOT = "LOT-7/A"
GS = "\x1d"


def read(text: str, symbology_id: str = "") -> LabelReading:
    return read_label(text, symbology_id, today=TODAY)


def identity(reading: LabelReading) -> tuple[str | None, str | None, str | None]:
    return reading.device_identifier, reading.lot, reading.expiry


def code_of(reading: LabelReading) -> str | None:
    return reading.error.code if reading.error else None


@pytest.mark.proves("LBL-1")
@pytest.mark.parametrize(
    ("text", "symbology_id"),
    [
        (f"01{GTIN}17261130{GS}10{LOT}", ""),
        (f"01{GTIN}1726113010{LOT}", "]d2"),
        (f"01{GTIN}1726113010{LOT}", "]C1"),
        (f"01{GTIN}1726113010{LOT}", "]Q3"),
        (f"01{GTIN}1726113010{LOT}", "]e0"),
        (f"]d201{GTIN}10{LOT}{GS}17261130", ""),
        (f"]C101{GTIN}10{LOT}{GS}17261130\r\n", ""),
        (f"{GS}01{GTIN}1726113010{LOT}", "]d2"),
        (f"01{GTIN}10{LOT}\u241d17261130", ""),
        (f"01{GTIN}1726113010{LOT}", ""),
        (f"(01){GTIN}(17)261130(10){LOT}", ""),
        (f"(01) 0 7612345 67890 0 (17) 26 11 30 (10) {LOT}", ""),
        (f"（01）{GTIN}（17）261130（10）{LOT}", ""),
        (f"https://example.com/01/{GTIN}/10/LOT-7%2FA?17=261130", ""),
        ("HTTPS://id.gs1.org/shop/01/7612345678900/10/LOT-7%2fA?x=1&17=261130#top", "]Q1"),
        ("https://example.com/gtin/7612345678900/lot/LOT-7%2FA?17=261130", ""),
    ],
)
def test_every_carrier_of_the_same_label_leads_to_the_same_identity(text: str, symbology_id: str) -> None:
    reading = read(text, symbology_id)
    assert identity(reading) == (GTIN, LOT, "2026-11-30")
    assert (reading.valid, reading.ambiguous, reading.error) == (True, False, None)


@pytest.mark.proves("LBL-1")
def test_serial_production_date_and_quantity_are_read_too() -> None:
    reading = read(f"02{GTIN}37000240{GS}11260301{GS}21SN9", "]C1")
    assert (reading.device_identifier, reading.quantity) == (GTIN, "240")
    assert (reading.production_date, reading.serial) == ("2026-03-01", "SN9")
    assert reading.elements[1] == Element("37", "000240")


@pytest.mark.proves("LBL-1")
@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("76123450", "00000076123450"),
        ("036000291452", "00036000291452"),
        ("7612345678900", GTIN),
        (GTIN, GTIN),
    ],
)
def test_a_plain_gtin_of_each_length_is_read(text: str, gtin: str) -> None:
    reading = read(text)
    assert (reading.scheme, reading.device_identifier, reading.valid) == ("gtin", gtin, True)


@pytest.mark.proves("LBL-1")
def test_our_own_label_holds_a_lot_number() -> None:
    reading = read("LG1:L-2026-0042")
    assert (reading.scheme, reading.lot, reading.device_identifier) == ("internal", "L-2026-0042", None)
    assert code_of(read("LG1:")) == code_of(read("LG1:<script>")) == "not_a_label"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "]",
        "]d2",
        "hello",
        "https://example.com/",
        "https://example.com/01",
        "https://[",
        "https://a/01/07612345678900/21/1/10/A",
        "(",
        "()",
        "(x)1",
        "+a123bjc5d6e71g",
        "MA.156.M0.100044.1",
        "x" * 5000,
    ],
)
def test_what_is_no_label_says_so(text: str) -> None:
    reading = read(text)
    assert code_of(reading) == "not_a_label"
    assert (reading.valid, reading.scheme, reading.lot) == (False, "unknown", None)


@pytest.mark.proves("LBL-7")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7612345678901", "0"),
        ("(01)07612345678901", "0"),
        ("0107612345678901", "0"),
        (f"]d201{GTIN[:-1]}5{GS}10A", "0"),
        ("https://a/01/7612345678907", "0"),
        ("(00)123456789012345670", "5"),
        ("76123451", "0"),
    ],
)
def test_a_wrong_check_digit_is_named_with_the_right_one(text: str, expected: str) -> None:
    reading = read(text)
    assert reading.error is not None
    assert (reading.error.code, reading.error.facts["expected"]) == ("check_digit_wrong", expected)
    assert (reading.valid, reading.device_identifier) == (False, None)


@pytest.mark.proves("LBL-7")
@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_no_single_wrong_digit_passes(payload: str, place: int, change: int) -> None:
    right = payload + check_digit(payload)
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    assert read(f"(01){right}").valid
    assert code_of(read(f"(01){wrong}")) == "check_digit_wrong"


def check_digit_with_the_weights_swapped(payload: str) -> str:
    """The naive version: weights counted from the left, right for 13 digits and wrong for 14."""
    return str(-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(payload)) % 10)


@pytest.mark.proves("LBL-7")
def test_a_14_digit_number_catches_weights_that_are_counted_from_the_left() -> None:
    assert check_digit_with_the_weights_swapped("761234567890") == check_digit("761234567890") == "0"
    assert check_digit("0761234567890") == "0"
    assert check_digit_with_the_weights_swapped("0761234567890") != "0"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"(01){GTIN}(10)A B", "ai_value_invalid"),
        (f"(01){GTIN}(10)" + "A" * 21, "ai_value_invalid"),
        (f"(01){GTIN}(10)A(10)B", "ai_repeated"),
        (f"(01){GTIN}(02){GTIN}", "ai_pair_excluded"),
        (f"(01){GTIN}(89)A", "ai_unknown"),
        (f"01{GTIN}{GS}89A", "ai_unknown"),
        (f"(01){GTIN}(17)261331", "date_impossible"),
        (f"(01){GTIN}(17)260230", "date_impossible"),
    ],
)
def test_a_value_that_breaks_the_rules_is_named(text: str, code: str) -> None:
    reading = read(text)
    assert code_of(reading) == code
    assert identity(reading) == (None, None, None)


# --- a lost FNC1


LOTS = st.from_regex(r"\A[A-Z0-9][A-Z0-9/-]{0,14}\Z")
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31)).map(lambda day: day.strftime("%y%m%d"))


def values_of(lot: str, serial: str, expiry: str, order: list[str]) -> list[Element]:
    values = {"10": lot, "21": serial, "17": expiry}
    return [Element("01", GTIN), *(Element(ai, values[ai]) for ai in order)]


def message(elements: list[Element], separator: str) -> str:
    """As a printer writes it: a separator behind each value of no fixed length, but not at the end."""
    return "".join(
        each.ai + each.value + (separator if identifiers()[each.ai].separated else "") for each in elements
    ).removesuffix(separator or "\0")


@pytest.mark.proves("LBL-2")
@given(LOTS, LOTS, DAYS, st.permutations(["10", "21", "17"]), st.integers(1, 3))
def test_with_separators_every_label_is_exact(
    lot: str, serial: str, expiry: str, order: list[str], size: int
) -> None:
    elements = values_of(lot, serial, expiry, order[:size])
    text = message(elements, GS)
    if GS in text:
        assert read(text, "]d2").elements == elements


@pytest.mark.proves("LBL-2")
@given(LOTS, LOTS, DAYS, st.permutations(["10", "21", "17"]), st.integers(1, 3), st.sampled_from(["]d2", ""]))
def test_a_label_that_lost_its_separators_is_exact_or_asked_about(
    lot: str, serial: str, expiry: str, order: list[str], size: int, symbology_id: str
) -> None:
    elements = values_of(lot, serial, expiry, order[:size])
    reading = read(message(elements, ""), symbology_id)
    if reading.valid:
        assert reading.elements == elements
    else:
        assert code_of(reading) == "label_ambiguous"
        assert all(element in elements for element in reading.elements)


def lot_as_far_as_it_goes(text: str) -> str | None:
    """The naive version: what stands behind (10) up to a separator or the end is the lot."""
    found = re.match(rf"01[0-9]{{14}}(?:17[0-9]{{6}})?10([^{GS}]*)", text)
    return found and found[1]


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize("rest", ["17261130", "2112345", "1726113021X9"])
def test_a_reader_that_reads_on_is_caught(rest: str) -> None:
    text = f"01{GTIN}10AB{rest}"
    assert lot_as_far_as_it_goes(text) == f"AB{rest}"
    reading = read(text, "]d2")
    assert (reading.lot, reading.ambiguous, reading.device_identifier) == (None, True, GTIN)


@pytest.mark.proves("LBL-2")
def test_an_ambiguous_label_offers_its_readings_and_each_reads_exactly() -> None:
    reading = read(f"01{GTIN}10AB17261130", "]d2")
    assert reading.error is not None
    offered = reading.error.facts["readings"]
    assert offered == [f"(01){GTIN}(10)AB17261130", f"(01){GTIN}(10)AB(17)261130"]
    assert [(chosen.valid, chosen.lot) for chosen in map(read, offered)] == [
        (True, "AB17261130"),
        (True, "AB"),
    ]


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize("text", ["10ABC", "1726113010ABC", "21X", "91note"])
def test_text_that_nothing_marks_as_a_label_is_asked_about(text: str) -> None:
    assert read(text, "]C1").valid
    reading = read(text)
    assert (reading.valid, reading.ambiguous, reading.lot) == (False, True, None)


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize(
    "text", ["21" + "10A" * 30, "91" + "92A" * 200, "10" * 200, f"01{GTIN}" + "1021" * 8]
)
def test_a_string_with_a_great_many_readings_is_never_valid(text: str) -> None:
    assert not read(text, "]d2").valid


# --- dates


@pytest.mark.proves("LBL-3")
@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("261130", "2026-11-30"),
        ("270200", "2027-02-28"),
        ("280200", "2028-02-29"),
        ("261200", "2026-12-31"),
        ("260400", "2026-04-30"),
        ("750101", "2075-01-01"),
        ("770101", "1977-01-01"),
        ("000229", "2000-02-29"),
    ],
)
def test_a_label_date_is_a_day_of_the_right_century(digits: str, expected: str) -> None:
    assert read(f"(17){digits}").expiry == expected


@pytest.mark.proves("LBL-3")
@pytest.mark.parametrize(
    ("today", "year", "expected"),
    [
        (2026, 76, 2076),
        (2026, 75, 2075),
        (2026, 77, 1977),
        (2051, 0, 2100),
        (2051, 2, 2002),
        (2099, 49, 2149),
    ],
)
def test_the_century_follows_the_window(today: int, year: int, expected: int) -> None:
    assert century_of(year, date(today, 1, 1)) == expected


@pytest.mark.proves("LBL-3")
@given(st.integers(0, 99), st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_a_year_is_never_further_than_50_years_away(year: int, today: date) -> None:
    full = century_of(year, today)
    assert full % 100 == year
    assert -50 <= full - today.year <= 50


@pytest.mark.proves("LBL-3")
def test_day_00_is_never_the_first() -> None:
    """The naive version moves an impossible day to the nearest possible one."""
    naive = date(2026, 2, max(1, int("00"))).isoformat()
    assert naive == "2026-02-01"
    assert read("(17)260200").expiry == "2026-02-28"


def test_a_leap_day_that_the_century_does_not_have_is_no_date() -> None:
    assert code_of(read_label("(17)000229", today=date(2060, 1, 1))) == "date_impossible"


# --- two codes of one label


IDENTIFIER, REST = read(f"01{GTIN}", "]C1"), read(f"1726113010{LOT}", "]C1")


@pytest.mark.proves("LBL-4")
@pytest.mark.parametrize("first", [IDENTIFIER, read("7612345678900"), read(f"01{GTIN}17261130", "]d2")])
def test_two_codes_of_one_label_merge_in_either_order(first: LabelReading) -> None:
    both = [merge(first, REST), merge(REST, first)]
    for merged in both:
        assert merged is not None
        assert (*identity(merged), merged.valid, merged.scheme) == (GTIN, LOT, "2026-11-30", True, "gs1")
        assert {element.ai for element in merged.elements} == {"01", "17", "10"}


def merge_by_filling_gaps(first: LabelReading, second: LabelReading) -> str | None:
    """The naive version: the first code's product, and the lot of whatever stands beside it."""
    return first.lot or second.lot


@pytest.mark.proves("LBL-4")
@pytest.mark.parametrize(
    "other",
    [
        f"0104006381333931{GS}10OTHER",
        f"01{GTIN}{GS}17270101{GS}10OTHER",
        f"01{GTIN}10AB17261130",
        "LG1:L-2026-0042",
        "hello",
    ],
)
def test_a_second_product_or_an_unsure_code_does_not_merge(other: str) -> None:
    first, second = read(f"01{GTIN}17261130", "]C1"), read(other, "]C1" if GS in other else "")
    assert merge(first, second) is None
    assert merge(second, first) is None


@pytest.mark.proves("LBL-4")
def test_a_merge_that_fills_gaps_is_caught() -> None:
    other = read(f"0104006381333931{GS}10OTHER", "]d2")
    assert merge_by_filling_gaps(IDENTIFIER, other) == "OTHER"
    assert merge(IDENTIFIER, other) is None


@pytest.mark.proves("LBL-4")
def test_two_codes_that_name_no_product_do_not_merge() -> None:
    assert merge(REST, read("21SN9", "]C1")) is None


# --- any text at all


ALPHABET = "0123456789()]dCQeE:/?&=%.ABCLG{}<>\\ \x1d\u241d（）１"


@pytest.mark.proves("LBL-7")
@given(
    st.text(ALPHABET, max_size=60) | st.text(), st.sampled_from(["", "]d2", "]C1", "]Q1", "]E0", "]", "x"])
)
def test_no_text_crashes_and_a_reading_is_valid_or_says_why(text: str, symbology_id: str) -> None:
    for prefix in ("", "01" + GTIN, "(01)" + GTIN, "https://a/01/" + GTIN + "/10/", "]"):
        reading = read(prefix + text, symbology_id)
        assert reading.valid == (reading.error is None)
        assert reading.ambiguous == (code_of(reading) == "label_ambiguous")
        if reading.valid and reading.scheme.startswith("gs1"):
            assert reading.elements


def test_the_symbology_is_kept() -> None:
    assert read(f"]d201{GTIN}{GS}10A").symbology_id == "]d2"
    assert read("hello", "]C0").symbology_id == "]C0"
