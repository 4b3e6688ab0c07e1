"""Control charts against the books' numbers, to their last digit; Nelson's rules each at its edge."""

from __future__ import annotations

from math import erf, sqrt

import pytest

from backend.domain.control_charts import (
    D2,
    NELSON,
    Limits,
    averages_and_deviations,
    averages_and_ranges,
    capability,
    constants,
    deviations_limits,
    individuals,
    ranges_limits,
    signals,
)
from backend.domain.errors import Refused

FLOW_RATES = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]  # NIST 6.3.2.2
Z = Limits(-3, 0, 3)


def test_nists_individuals_chart() -> None:
    chart = individuals(FLOW_RATES)
    shown = [f"{x:.4f}" for x in (chart.position.lower, chart.position.upper, chart.spread.centre)]
    assert shown == ["45.8159", "55.8041", "1.8778"]
    assert f"{chart.position.centre:.2f}" == "50.81"
    assert signals(chart.positions, chart.position) == []


def test_montgomerys_averages_and_ranges() -> None:
    """Hard-bake process, n = 5: flow width 1.5056, mean range 0.32521; limits 1 to 2 microns."""
    position, spread = ranges_limits(1.5056, 0.32521, 5)
    assert (f"{position.lower:.5f}", f"{position.upper:.5f}") == ("1.31795", "1.69325")
    assert (spread.lower, f"{spread.upper:.5f}") == (0.0, "0.68749")
    sigma = 0.32521 / constants(5).d2
    assert f"{sigma:.4f}" == "0.1398"
    assert f"{capability(1.5056, round(sigma, 4), sigma, 1.0, 2.0).cp:.3f}" == "1.192"


def test_montgomerys_averages_and_deviations() -> None:
    """Piston rings, n = 5: mean 74.001, mean deviation 0.0094."""
    position, spread = deviations_limits(74.001, 0.0094, 5)
    assert (f"{position.lower:.3f}", f"{position.upper:.3f}") == ("73.988", "74.014")
    assert (spread.lower, f"{spread.upper:.4f}") == (0.0, "0.0196")


def test_nists_capability() -> None:
    """6.1.6: limits 8 and 20, mean 16, deviation 2."""
    found = capability(16, 2, 2, 8, 20)
    assert (f"{found.cp:.4f}", f"{found.cpk:.4f}") == ("1.0000", "0.6667")
    assert (found.pp, found.ppk) == (found.cp, found.cpk)
    assert f"{capability(16, 2, 2, 8, None).cpk:.4f}" == "1.3333"
    assert capability(16, 2, 4, None, 20).cp is None
    assert f"{capability(16, 2, 4, None, 20).ppk:.4f}" == "0.3333"


@pytest.mark.parametrize(
    ("n", "printed"),
    [
        (2, "1.88 2.659 0.0 3.267 0.7979 1.128 0 3.267"),
        (5, "0.577 1.427 0.0 2.089 0.94 2.326 0 2.114"),
        (7, "0.419 1.182 0.118 1.882 0.9594 2.704 0.076 1.924"),
        (10, "0.308 0.975 0.284 1.716 0.9727 3.078 0.223 1.777"),
        (25, "0.153 0.606 0.565 1.435 0.9896 3.931 0.459 1.541"),
    ],
)
def test_the_constants_that_books_print(n: int, printed: str) -> None:
    assert " ".join(str(x) for x in constants(n)) == printed


@pytest.mark.parametrize("n", range(2, 26))
def test_d2_is_the_mean_range_of_normal_values(n: int) -> None:
    """By its integral of 1 - F^n - (1 - F)^n."""
    step = 1 / 64
    below = [(1 + erf(place * step / sqrt(2))) / 2 for place in range(-512, 513)]
    assert sum(1 - p**n - (1 - p) ** n for p in below) * step == pytest.approx(D2[n - 2], abs=6e-6)


# Standard deviations of the range, n = 2..25 (Harter 1960), which the printed D3 and D4 come from.
D3_OF_RANGES = """0.8525 0.8884 0.8798 0.8641 0.8480 0.8332 0.8198 0.8078 0.7971 0.7873 0.7785 0.7704
0.7630 0.7562 0.7499 0.7441 0.7386 0.7335 0.7287 0.7242 0.7199 0.7159 0.7121 0.7084"""


@pytest.mark.parametrize("n", range(2, 26))
def test_the_printed_factors_of_ranges_are_three_deviations_away(n: int) -> None:
    away = 3 * float(D3_OF_RANGES.split()[n - 2]) / D2[n - 2]
    of_n = constants(n)
    assert of_n.r4 == pytest.approx(1 + away, abs=0.0011)
    assert of_n.r3 == pytest.approx(max(0, 1 - away), abs=0.0011)


def test_charts_of_subgroups_are_those_of_their_means() -> None:
    groups = [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, 5.0]]
    by_range, by_deviation = averages_and_ranges(groups), averages_and_deviations(groups)
    assert by_range.positions == by_deviation.positions == [2.0, 4.0, 2.0]
    assert by_range.spreads == [2.0, 4.0, 5.0]
    assert by_range.position.upper == pytest.approx(8 / 3 + 1.023 * 11 / 3)
    assert by_deviation.spreads[:2] == pytest.approx([1.0, 2.0])
    assert by_range.sigma == pytest.approx(11 / 3 / 1.693)
    assert by_deviation.sigma == pytest.approx(sum(by_deviation.spreads) / 3 / 0.8862)


# Rule, a series that meets it at its last point and nowhere before, and one that just does not.
EDGES: list[tuple[int, list[float], list[float]]] = [
    (1, [0, 3.1], [0, 3.0]),
    (1, [0, -3.1], [0, -3.0]),
    (2, [-1, *[0.5] * 9], [-1, *[0.5] * 8]),
    (2, [1, *[-0.5] * 9], [1, *[-0.5] * 8, 0]),
    (3, [0, -0.5, 0, 0.2, 0.4, 0.6, 0.8], [0.1, 0, 0.2, 0.4, 0.6, 0.6, 0.8]),
    (3, [0, 0.9, 0.7, 0.5, 0.1, -0.1, -0.2], [0, 0.9, 0.7, 0.5, 0.1, -0.1]),
    (4, [0.1, -0.1] * 7, [*[0.1, -0.1] * 6, -0.2, 0.1]),
    (5, [2.1, 0, 2.1], [2.1, 0, -2.1]),
    (5, [-2.1, -2.1], []),
    (5, [0, -2.1, -2.1], [2.1, 2.0, 0]),
    (6, [1.1, 1.1, 0, 1.1, 1.1], [1.1, 1.1, 1.0, 0, 1.1]),
    (6, [-1.1, 0, -1.1, -1.1, -1.1], [1.1, 1.1, -1.1, 1.1, 0]),
    (7, [2, *[0.9, -0.9, 0.5] * 5], [2, *[0.9, -0.9, 0.5] * 4, 0.9, -0.9, 1.0]),
    (8, [0, *[1.1, -1.1] * 4], [0, *[1.1, -1.1] * 3, 1.1, 1.0]),
]


@pytest.mark.parametrize(("rule", "meets", "misses"), EDGES)
def test_each_rule_at_its_edge(rule: int, meets: list[float], misses: list[float]) -> None:
    if NELSON[rule].points <= len(meets):
        assert [s.point for s in signals(meets, Z) if s.rule == rule] == [len(meets) - 1]
    assert [s.point for s in signals(misses, Z) if s.rule == rule] == []


def test_a_point_that_came_back_is_not_named_again() -> None:
    """Rule 5 names the point that met it, not a later one inside."""
    assert [s.point for s in signals([0, 2.1, 2.2, 0], Z) if s.rule == 5] == [2]


@pytest.mark.parametrize("values", [[5.0, 5.0, 5.0], [5.0, 5.0]])
def test_values_without_spread_signal_nothing(values: list[float]) -> None:
    chart = individuals(values)
    assert signals(chart.positions, chart.position) == []
    with pytest.raises(Refused, match="no_spread"):
        capability(5, chart.sigma, chart.sigma, 4, 6)


def test_what_makes_no_chart_is_refused() -> None:
    with pytest.raises(Refused, match="too_few_values"):
        individuals([1.0])
    with pytest.raises(Refused, match="subgroups_differ"):
        averages_and_ranges([[1.0, 2.0], [1.0]])
    with pytest.raises(Refused, match="subgroup_size_unsupported"):
        averages_and_ranges([[1.0]])
    with pytest.raises(Refused, match="limits_missing"):
        capability(1, 1, 1, None, None)
