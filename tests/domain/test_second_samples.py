"""The second sample of double sampling: when it is asked for, of how many, and what the sum of both says (SMP-2)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.answers import Answer, CountAnswer, NumberAnswer
from backend.domain.operating_characteristic import Stage
from backend.domain.plans import Characteristic, Item, Kind, Method, PlanDocument, items
from backend.domain.sampling_rules import Double, Fixed, SampleSize, sample_size
from backend.domain.second_samples import asked_now, units_needed
from backend.domain.tallies import judge_inspection
from backend.domain.words import Words

LOT = 500
FIRST, BOTH = (1, 4), (4, 5)
"""Ac and Re: letter H, AQL 2.5, 32 units each (Z1.4, table III-A)."""


def line(code: str, kind: Kind = "attribute", rule: Double | Fixed | None = None) -> Characteristic:
    limits = {"lower": Decimal(9), "upper": Decimal(11)} if kind == "numeric" else {}
    return Characteristic(
        code=code, name=Words(code, code), kind=kind, severity="major", method=Method("M", "1"),
        sampling=rule or Double("II", "2.5"), **limits,
    )  # fmt: skip


COUNTED = PlanDocument([line("A"), line("B", rule=Fixed(5))])
MEASURED = PlanDocument([line("L", "numeric")])


def after(document: PlanDocument, answers: dict[str, Answer]) -> tuple[list[str], str]:
    """Keys that are asked for by now, and what the whole says."""
    asked = asked_now(document, items(document, LOT), answers)
    return [item.key for item in asked], judge_inspection(document, asked, answers).overall


def test_the_plan_of_the_examples() -> None:
    second = Stage(32, *BOTH)
    assert sample_size(Double("II", "2.5"), LOT) == SampleSize(32, *FIRST, inspect_all=False, second=second)


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize("first", range(8))
def test_a_second_sample_of_counted_units_is_asked_for_between_ac_and_re_only(first: int) -> None:
    keys, overall = after(COUNTED, {"A-0": CountAnswer(first), "B-0": CountAnswer(0)})
    between = FIRST[0] < first < FIRST[1]
    assert keys == (["A-0", "A-0.2", "B-0"] if between else ["A-0", "B-0"])
    answers: dict[str, Answer] = {"A-0": CountAnswer(first), "B-0": CountAnswer(0)}
    assert {item.sample_number for item in asked_now(COUNTED, items(COUNTED, LOT), answers)} == {0}
    assert overall == ("open" if between else "passed" if first <= FIRST[0] else "failed")


@pytest.mark.proves("SMP-2")
@given(first=st.integers(2, 3), second=st.integers(0, 32))
def test_the_sum_of_both_samples_is_judged(first: int, second: int) -> None:
    answers: dict[str, Answer] = {
        "A-0": CountAnswer(first),
        "A-0.2": CountAnswer(second),
        "B-0": CountAnswer(0),
    }
    asked = asked_now(COUNTED, items(COUNTED, LOT), answers)
    verdict = judge_inspection(COUNTED, asked, answers)
    tally = verdict.tallies[0]
    assert (tally.n, tally.answered, tally.nonconforming) == (64, 2, first + second)
    assert (tally.accept, tally.reject) == BOTH
    assert verdict.overall == ("passed" if first + second <= BOTH[0] else "failed")
    of_second = next(each.verdict for each in verdict.items if each.key == "A-0.2")
    assert of_second == ("conforming" if first + second <= BOTH[0] else "nonconforming")


def measured(values: str) -> dict[str, Answer]:
    """`.` conforms, `x` does not, `?` is only known to be less than 10, `_` is not measured."""
    value = {
        ".": NumberAnswer(Decimal(10)),
        "x": NumberAnswer(Decimal(12)),
        "?": NumberAnswer(Decimal(10), "<"),
    }
    return {f"L-{place}": value[each] for place, each in enumerate(values, start=1) if each != "_"}


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("values", "asked", "overall"),
    [
        ("." * 31 + "_", 32, "open"),
        ("xx" + "." * 29 + "_", 32, "open"),  # not before the first sample is whole
        ("xx" + "." * 29 + "?", 32, "open"),  # nor before each of it is decided
        ("x" + "." * 31, 32, "passed"),
        ("xxxx" + "." * 28, 32, "failed"),
        ("xx" + "." * 30, 64, "open"),
        ("xxx" + "." * 29 + "." * 32, 64, "passed"),
        ("xxx" + "." * 29 + "x" + "." * 31, 64, "passed"),
        ("xxx" + "." * 29 + "xx" + "_" * 30, 64, "failed"),
        ("xxx" + "." * 29 + "x" + "." * 30 + "_", 64, "open"),
        ("." * 32 + "x" + "_" * 31, 64, "open"),  # begun, then the first corrected: it stays
        ("." * 32 + "xxxx" + "." * 28, 64, "passed"),
        ("." * 32 + "xxxxx" + "." * 27, 64, "failed"),
        ("xxxx" + "." * 28 + "." * 32, 64, "failed"),  # what the first rejects stays rejected
    ],
)
def test_a_second_sample_of_measured_units(values: str, asked: int, overall: str) -> None:
    keys, said = after(MEASURED, measured(values))
    assert keys == [f"L-{place}" for place in range(1, asked + 1)]
    assert said == overall
    items_now = asked_now(MEASURED, items(MEASURED, LOT), measured(values))
    assert [item.sample_number for item in items_now] == list(range(1, asked + 1))


@pytest.mark.proves("SMP-2")
def test_reduced_plans_accept_between_ac_and_re_of_the_last_sample() -> None:
    severities = {"major": "reduced"}
    first = items(COUNTED, LOT, severities)  # type: ignore[arg-type]
    assert (first[0].n, first[0].accept, first[0].reject, first[0].second) == (13, 0, 4, Stage(13, 1, 5))
    for second, outcome, gap in (
        (0, "passed", False),
        (1, "passed", True),
        (3, "passed", True),
        (4, "failed", False),
    ):
        answers: dict[str, Answer] = {
            "A-0": CountAnswer(1),
            "A-0.2": CountAnswer(second),
            "B-0": CountAnswer(0),
        }
        tally = judge_inspection(COUNTED, asked_now(COUNTED, first, answers), answers).tallies[0]
        assert (tally.outcome, tally.in_gap) == (outcome, gap)


def test_units_are_numbered_in_the_steps_that_characteristics_need() -> None:
    first = items(COUNTED, LOT)
    assert units_needed(first) == {5, 32}
    assert units_needed(asked_now(COUNTED, first, {"A-0": CountAnswer(2)})) == {5, 32, 64}
    assert units_needed([]) == set()
    uneven = [
        Item("A-0", "A", 0, 32, 1, 4),
        Item("A-1", "A", 1, 20, 1, 2, found=2),
        Item("B-0", "B", 0, 7, 0, 1),
    ]
    assert units_needed(uneven) == {32, 52, 7}


def judged_by_the_second_alone(first: int, second: int) -> str:
    """The naive reading: the second sample is judged by itself."""
    return "passed" if second <= BOTH[0] else "failed"


@pytest.mark.proves("SMP-2")
def test_the_naive_reading_is_caught() -> None:
    answers: dict[str, Answer] = {"A-0": CountAnswer(3), "A-0.2": CountAnswer(3), "B-0": CountAnswer(0)}
    assert after(COUNTED, answers)[1] == "failed" != judged_by_the_second_alone(3, 3)
