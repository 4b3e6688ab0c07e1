"""Inspection by variables: MIL-STD-414's own examples, and the symmetries of its tables."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import asin, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.variables import VariablesPlan, judge_variables, percent_outside, variables_plan
from backend.domain.variables_tables import M_VALUES, VARIABLES_AQLS

TEMPERATURES = [
    197.0,
    188.0,
    184.0,
    205.0,
    201.0,
]  # MIL-STD-414, examples B-2 and B-3: at most 209, at least 180
FIVE = VariablesPlan("D", 5, Decimal("3.33"), inspect_all=False)


@pytest.mark.parametrize(("quality_index", "percent"), [(1.59, "2.19"), (1.70, "0.66")])
def test_the_examples_estimates_from_their_rounded_indices(quality_index: float, percent: str) -> None:
    assert f"{percent_outside(quality_index, 5):.2f}" == percent


def test_the_examples_are_accepted() -> None:
    verdict = judge_variables(TEMPERATURES, FIVE, lower=180, upper=209)
    assert (f"{verdict.mean:.1f}", f"{verdict.deviation:.2f}") == ("195.0", "8.80")
    assert verdict.accepted
    assert judge_variables(TEMPERATURES, FIVE, upper=209).below == 0.0
    assert not judge_variables(TEMPERATURES, FIVE, lower=184, upper=209).accepted


def accepted_by_counting(values: list[float], lower: float, upper: float) -> bool:
    """The naive version: no value outside, so the lot is good."""
    return all(lower <= value <= upper for value in values)


def test_a_spread_that_reaches_beyond_the_limits_is_rejected_though_no_value_is() -> None:
    assert accepted_by_counting(TEMPERATURES, 183.9, 205.1)
    assert not judge_variables(TEMPERATURES, FIVE, lower=183.9, upper=205.1).accepted


@pytest.mark.parametrize(
    ("lot_size", "level", "aql", "severity", "plan"),
    [
        (40, "II", "1.0", "normal", "D 5 3.33"),
        (40, "II", "1.5", "tightened", "D 5 3.33"),
        (151, "II", "0.65", "reduced", "G 5 3.33"),
        (8, "II", "0.10", "normal", "E 7 0.005"),
        (8, "II", "0.10", "tightened", "F 10 0.077"),
        (1000, "II", "1.0", "normal", "J 35 2.66"),
        (600_000, "III", "10", "normal", "P 200 14.11"),
        (600_000, "III", "10", "reduced", "P 75 21.05"),
        (300, "II", "0.10", "reduced", "H 7 0.087"),
        (300, "II", "0.25", "reduced", "H 7 1.05"),
    ],
)
def test_plans(lot_size: int, level: str, aql: str, severity: str, plan: str) -> None:
    found = variables_plan(lot_size, level, aql, severity)
    assert f"{found.code_letter} {found.n} {found.m}" == plan
    assert found.inspect_all == (found.n >= lot_size)


def test_the_table_is_monotonous() -> None:
    """A larger AQL allows more; of a larger sample, from 25 units on, less is allowed for the same AQL."""
    rows = [line.split() for line in M_VALUES.strip().splitlines()[1:]]
    for _, *cells in rows:
        numbers = [Decimal(cell) for cell in cells if cell not in "v."]
        assert numbers == sorted(numbers)
        assert len(cells) == len(VARIABLES_AQLS) + 2
    for column in range(1, 14):
        large = [Decimal(row[column]) for row in rows if int(row[0]) >= 35 and row[column] != "."]
        assert all(later <= before + Decimal("0.003") for before, later in pairwise(large))


def test_small_samples_have_closed_forms() -> None:
    """n = 3: an arc sine; n = 4: a straight line (MIL-STD-414, table B-5 notes)."""
    for q in (-1.0, -0.3, 0.0, 0.5, 1.1):
        x = 0.5 - q * sqrt(3) / 4
        assert percent_outside(q, 3) == pytest.approx(100 * 2 / pi * asin(sqrt(x)), abs=1e-9)
        assert percent_outside(q, 4) == pytest.approx(100 * (0.5 - q / 3), abs=1e-9)


@given(q=st.floats(-6, 6), n=st.integers(3, 200))
def test_the_estimate_is_a_share_and_both_sides_make_the_whole(q: float, n: int) -> None:
    assert -1e-9 <= percent_outside(q, n) <= 100 + 1e-9
    assert percent_outside(q, n) + percent_outside(-q, n) == pytest.approx(100, abs=1e-8)


def test_values_without_spread_are_in_or_out() -> None:
    assert judge_variables([5.0] * 5, FIVE, lower=5, upper=6).accepted
    assert not judge_variables([4.9] * 5, FIVE, lower=5).accepted


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((500, "II", "1.0", "normal", "iso3951-1"), "not_offered"),
        ((500, "S-1", "1.0"), "level_unsupported"),
        ((500, "II", "15"), "aql_unsupported"),
        ((500, "II", "1.0", "loose"), "severity_unsupported"),
        ((1, "II", "1.0"), "lot_size_invalid"),
    ],
)
def test_what_is_not_printed_is_refused(asked: tuple[int, str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        variables_plan(*asked)


def test_a_sample_of_another_size_and_no_limit_are_refused() -> None:
    with pytest.raises(Refused, match="readings_do_not_make_a_sample"):
        judge_variables(TEMPERATURES[:4], FIVE, upper=209)
    with pytest.raises(Refused, match="limits_missing"):
        judge_variables(TEMPERATURES, FIVE)
