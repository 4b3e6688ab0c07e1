"""Operating characteristics against published values and against counting every sample."""

from __future__ import annotations

from itertools import combinations
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.operating_characteristic import (
    Model,
    Stage,
    chances,
    chances_in_lot,
    outgoing_quality,
    outgoing_quality_limit,
    quality_at,
)

J_1_0 = [Stage(80, 2, 3)]  # ISO 2859-1, letter J, AQL 1.0
MONTGOMERY = [Stage(89, 2, 3)]  # Introduction to Statistical Quality Control, table 15.2
DOUBLE = [Stage(50, 0, 3), Stage(50, 3, 4)]  # MIL-STD-105E, letter J, AQL 1.0


@pytest.mark.parametrize(
    ("percent", "accepted"),
    [
        ("0.5", "0.9897"),
        ("1.0", "0.9397"),
        ("2.0", "0.7366"),
        ("3.0", "0.4985"),
        ("4.0", "0.3042"),
        ("5.0", "0.1721"),
        ("6.0", "0.0919"),
        ("7.0", "0.0468"),
        ("8.0", "0.0230"),
        ("9.0", "0.0109"),
    ],
)
def test_montgomerys_curve_to_its_last_digit(percent: str, accepted: str) -> None:
    assert f"{chances(MONTGOMERY, float(percent) / 100).accepted:.4f}" == accepted


@pytest.mark.parametrize(
    ("share", "percent"), [(0.99, "0.550"), (0.95, "1.03"), (0.5, "3.33"), (0.1, "6.52"), (0.05, "7.66")]
)
def test_the_standards_own_points_of_a_plan(share: float, percent: str) -> None:
    assert f"{100 * quality_at(J_1_0, share):.3g}" == f"{float(percent):.3g}"


@pytest.mark.parametrize(("share", "units"), [(0.95, "1.02"), (0.1, "6.65")])
def test_counting_nonconformities_is_poisson(share: float, units: str) -> None:
    assert f"{100 * quality_at(J_1_0, share, 'poisson'):.2f}" == units


def test_the_outgoing_quality_of_montgomerys_plan() -> None:
    """Lots of 10 000 at 1 % nonconforming: 0.93 % goes out (chapter 15); no quality lets more out than AOQL."""
    assert f"{outgoing_quality(MONTGOMERY, 0.01, lot_size=10_000):.4f}" == "0.0093"
    limit, incoming = outgoing_quality_limit(MONTGOMERY, lot_size=10_000)
    assert outgoing_quality(MONTGOMERY, incoming, lot_size=10_000) == pytest.approx(limit)
    assert f"{incoming:.3f}" == "0.025"
    assert all(outgoing_quality(MONTGOMERY, p / 1000, lot_size=10_000) <= limit for p in range(1001))


def accepted_by_counting(stages: list[Stage], nonconforming: int, lot_size: int) -> tuple[float, float]:
    """Every way to draw the samples one after the other, followed by hand."""
    lot = range(lot_size)

    def walk(left: tuple[int, ...], stage: int, found: int) -> tuple[float, float]:
        plan = stages[stage]
        draws = list(combinations(left, plan.n))
        good = number = 0.0
        for drawn in draws:
            bad = found + sum(unit < nonconforming for unit in drawn)
            number += plan.n
            if bad <= plan.accept:
                good += 1
            elif bad < plan.reject:
                more = walk(tuple(unit for unit in left if unit not in drawn), stage + 1, bad)
                good, number = good + more[0], number + more[1]
        return good / len(draws), number / len(draws)

    return walk(tuple(lot), 0, 0)


SMALL = [
    [Stage(3, 0, 1)],
    [Stage(4, 1, 2)],
    [Stage(2, 0, 2), Stage(2, 1, 2)],
    [Stage(2, 0, 3), Stage(3, 2, 3)],
    [Stage(2, -1, 2), Stage(2, 0, 3), Stage(2, 2, 3)],
]


@pytest.mark.parametrize("stages", SMALL)
@pytest.mark.parametrize("nonconforming", range(9))
def test_a_lots_chances_are_those_of_counting_every_draw(stages: list[Stage], nonconforming: int) -> None:
    found = chances_in_lot(stages, nonconforming, 8)
    accepted, number = accepted_by_counting(stages, nonconforming, 8)
    assert found.accepted == pytest.approx(accepted, abs=1e-12)
    assert found.sample_number == pytest.approx(number, abs=1e-12)


def accepted_without_the_second_sample(stages: list[Stage], share: float) -> float:
    """The naive version: the last Ac read as if the whole sample had been drawn at once."""
    return chances([Stage(sum(s.n for s in stages), stages[-1].accept, stages[-1].reject)], share).accepted


def test_a_double_plan_is_no_single_plan_of_its_whole_sample() -> None:
    assert chances(DOUBLE, 0.03).accepted != pytest.approx(
        accepted_without_the_second_sample(DOUBLE, 0.03), abs=0.01
    )
    assert chances(DOUBLE, 0.0).sample_number == 50
    assert 50 < chances(DOUBLE, 0.02).sample_number < 80


@given(
    n=st.integers(1, 200),
    accept=st.integers(0, 5),
    share=st.floats(0, 1),
    model=st.sampled_from(["binomial", "poisson"]),
)
def test_worse_quality_is_never_accepted_more_often(n: int, accept: int, share: float, model: Model) -> None:
    stages = [Stage(n, accept, accept + 1)]
    better, worse = (chances(stages, quality, model).accepted for quality in (share / 2, share))
    assert -1e-12 <= worse <= better + 1e-9 <= 1 + 1e-8


@given(st.integers(3, 60), st.integers(0, 2), st.sampled_from([0.99, 0.95, 0.5, 0.1]))
def test_the_quality_of_a_chance_has_that_chance(n: int, accept: int, share: float) -> None:
    stages = [Stage(n, accept, accept + 1)]
    assert chances(stages, quality_at(stages, share)).accepted == pytest.approx(share, abs=1e-9)


def test_a_large_lot_behaves_like_a_series() -> None:
    assert chances_in_lot(J_1_0, 10_000, 1_000_000).accepted == pytest.approx(
        chances(J_1_0, 0.01).accepted, abs=1e-4
    )


@pytest.mark.parametrize(
    "stages", [[], [Stage(0, 0, 1)], [Stage(5, 1, 1)], [Stage(5, 0, 2)], [Stage(5, 0, 2), Stage(5, 1, 4)]]
)
def test_stages_that_make_no_plan_are_refused(stages: list[Stage]) -> None:
    with pytest.raises(Refused, match="plan_stages_contradict"):
        chances(stages, 0.01)


@pytest.mark.parametrize(("quality", "model"), [(-0.1, "binomial"), (1.1, "binomial"), (inf, "poisson")])
def test_a_quality_that_can_not_be_is_refused(quality: float, model: Model) -> None:
    with pytest.raises(Refused, match="quality_out_of_range"):
        chances(J_1_0, quality, model)


@pytest.mark.parametrize(
    ("bad", "lot", "code"), [(5, 4, "quality_out_of_range"), (0, 79, "sample_size_invalid")]
)
def test_a_lot_that_can_not_be_is_refused(bad: int, lot: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        chances_in_lot(J_1_0, bad, lot)
