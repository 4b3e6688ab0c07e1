"""What a variables plan lets pass: against lots drawn by chance, and against points that Z1.9's plans share."""

from __future__ import annotations

import random
from statistics import NormalDist

import pytest

from backend.domain.variables import judge_values, variables_plan
from backend.domain.variables_curve import passes_by_variables


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("aql", "lot_size"), [("1.0", 40), ("2.5", 500), ("0.40", 1200)])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.15])
def test_the_curve_is_what_chance_gives(aql: str, lot_size: int, share: float) -> None:
    plan, chance = variables_plan(lot_size, "II", aql), random.Random(f"{aql}{share}")
    upper = NormalDist().inv_cdf(1 - share)
    drawn = 4000
    accepted = sum(
        judge_values([chance.gauss(0, 1) for _ in range(plan.n)], plan.m, upper=upper).accepted
        for _ in range(drawn)
    )
    expected = passes_by_variables(plan.n, float(plan.m), share)
    assert abs(accepted / drawn - expected) < 4 * (expected * (1 - expected) / drawn) ** 0.5 + 0.002


def test_the_curve_falls_from_one_to_nothing() -> None:
    shares = [place / 50 for place in range(51)]
    curve = [passes_by_variables(25, 2.86, share) for share in shares]
    assert (curve[0], curve[-1]) == (1.0, 0.0)
    assert curve == sorted(curve, reverse=True)
    assert passes_by_variables(25, 2.86, 0.01) > 0.9, "lots at their AQL mostly pass"
