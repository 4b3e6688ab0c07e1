"""When a code counts as confirmed: rules as rows."""

from __future__ import annotations

import msgspec
import pytest

from scanner.agreement import Tally, check_digit_holds
from scanner.codes import Code
from scanner.engines import Reading

HERE = ((0, 0), (100, 0), (100, 50), (0, 50))
BELOW = ((0, 45), (100, 45), (100, 95), (0, 95))
LONGER = ((0, 45), (130, 45), (130, 95), (0, 95))
THERE = ((500, 500), (600, 500), (600, 550), (500, 550))


def reading(format: str, text: str, corners: tuple[tuple[int, int], ...] = HERE) -> Reading:
    sure = format in ("Code128", "DataMatrix", "QRCode")
    return Reading(format, text, text.encode(), "", corners, sure)  # type: ignore[arg-type]


RIGHT, WRONG = reading("EAN13", "4006381333931"), reading("EAN13", "4006381333948")
UPC_A, ITS_EAN = reading("UPCA", "036000291452"), reading("EAN13", "0036000291452")
CARTON, CASE = reading("ITF", "30712345000010"), reading("ITF", "0829220875")
GS1_WRONG = msgspec.structs.replace(reading("Code128", "0109196005009846×"), symbology_id="]C1")
SCRAP = reading("ITF", "123456")

ROWS: list[tuple[str, list[list[Reading]], dict[str, bool]]] = [
    ("one reading of a code that checks itself", [[reading("Code128", "A")]], {"A": True}),
    ("one reading of an EAN", [[RIGHT]], {"4006381333931": False}),
    ("two attempts agree", [[RIGHT], [RIGHT]], {"4006381333931": True}),
    ("twice in one attempt is one", [[RIGHT, RIGHT]], {"4006381333931": False}),
    ("attempts in a row that see nothing", [[RIGHT], [], [RIGHT]], {"4006381333931": True}),
    (
        "as many for another text in the same place",
        [[RIGHT], [WRONG], [RIGHT], [WRONG]],
        {"4006381333931": False, "4006381333948": False},
    ),
    (
        "outvoted in the same place",
        [[WRONG], [RIGHT], [RIGHT]],
        {"4006381333948": False, "4006381333931": True},
    ),
    (
        "another code elsewhere is no rival",
        [[RIGHT, reading("EAN13", "4006381333948", THERE)], [RIGHT]],
        {"4006381333931": True, "4006381333948": False},
    ),
    (
        "two texts of the same bars, each with its check character",
        [[reading("Code128", "A")], [reading("Code128", "B")]],
        {"A": False, "B": False},
    ),
    (
        "one of them seen more often",
        [[reading("Code128", "A")], [reading("Code128", "B")], [reading("Code128", "A")]],
        {"A": True, "B": False},
    ),
    (
        "lines of one worn symbol, or of a list: seen once",
        [[reading("Code128", "A"), reading("Code128", "B", BELOW)]],
        {"A": False, "B": False},
    ),
    (
        "of a list: seen twice",
        [[reading("Code128", "A"), reading("Code128", "B", BELOW)]] * 2,
        {"A": True, "B": True},
    ),
    (
        "bars above bars of another length are no rivals",
        [[reading("Code128", "A"), reading("Code128", "B", LONGER)]],
        {"A": True, "B": True},
    ),
    ("GS1-128 with a sign that GS1 has not", [[GS1_WRONG]], {}),
    ("UPC-A and its EAN-13 agree", [[UPC_A], [ITS_EAN]], {"036000291452": True}),
    ("ITF-14 with its check digit", [[CARTON], [CARTON]], {"30712345000010": True}),
    ("ITF of another length, twice", [[CASE], [CASE]], {"0829220875": False}),
    ("ITF of another length, three times", [[CASE], [CASE], [CASE]], {"0829220875": True}),
    ("ITF of six digits, however often", [[SCRAP], [SCRAP], [SCRAP]], {}),
]


def tally(attempts: list[list[Reading]]) -> list[Code]:
    count = Tally()
    for number, readings in enumerate(attempts):
        count.add(f"attempt-{number}", readings)
    return count.codes()


@pytest.mark.parametrize(("attempts", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_confirmation(attempts: list[list[Reading]], expected: dict[str, bool]) -> None:
    assert {code.text: code.confirmed for code in tally(attempts)} == expected


def first_answer_wins(attempts: list[list[Reading]]) -> list[str]:
    """The naive twin: believe the first engine that says something."""
    return next(([r.text for r in readings] for readings in attempts if readings), [])


def test_first_answer_wins_would_believe_a_misread() -> None:
    attempts = [[WRONG], [RIGHT], [RIGHT]]
    assert first_answer_wins(attempts) == ["4006381333948"]
    assert [code.text for code in tally(attempts) if code.confirmed] == ["4006381333931"]


def test_the_same_text_in_two_places_is_two_codes() -> None:
    pair = [reading("QRCode", "A"), reading("QRCode", "A", THERE)]
    assert [code.corners for code in tally([pair, pair])] == [HERE, THERE]


def test_a_later_reading_adds_the_symbology_id() -> None:
    marked = Reading("Code128", "10A", b"10A", "]C1", HERE, True)
    assert [code.symbology_id for code in tally([[reading("Code128", "10A")], [marked]])] == ["]C1"]


@pytest.mark.proves("LBL-7")
@pytest.mark.parametrize(
    ("digits", "holds"), [("30712345000010", True), ("30712345000011", False), ("0", True)]
)
def test_check_digit(digits: str, holds: bool) -> None:
    assert check_digit_holds(digits) is holds
