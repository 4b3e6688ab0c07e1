"""Factors ranked, against values that others have published."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from backend.domain import factors
from backend.domain.drift import equal_spreads
from backend.domain.errors import Refused
from backend.domain.factors import LEAST, SURE, Candidate, mean_ranks, omega_squared, rank, spearman

RESISTANCES = (
    (6.9, 5.4, 5.8, 4.6, 4.0),
    (8.3, 6.8, 7.8, 9.2, 6.5),
    (8.0, 10.5, 8.1, 6.9, 9.3),
)
"""NIST/SEMATECH e-Handbook 7.4.3.3: three temperatures; SSb 27.897, SSw 17.452, F 9.59 with 2 and 12."""
IQ = (106, 86, 100, 101, 99, 103, 97, 113, 112, 110)
HOURS = (7, 0, 27, 50, 28, 29, 20, 12, 6, 17)
"""Wikipedia, "Spearman's rank correlation coefficient": rho = -29/165, p = 0.6271883 by t with 8 degrees."""


def test_kinds_against_nist() -> None:
    test = equal_spreads(RESISTANCES)
    assert test.f == pytest.approx(9.59, abs=0.005)
    assert test.explained == pytest.approx(27.897 / (27.897 + 17.452), abs=1e-4)
    within = 17.452 / 12
    by_sums = (27.897 - 2 * within) / (27.897 + 17.452 + within)
    assert omega_squared(test.f, 2, 15) == pytest.approx(by_sums, abs=1e-4)


def test_numbers_against_a_published_example() -> None:
    rho, p = spearman(IQ, HOURS)
    assert rho == pytest.approx(-29 / 165, abs=1e-12)
    assert p == pytest.approx(0.6271883, abs=1e-6)


def test_equal_values_share_a_rank() -> None:
    assert mean_ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2]
    assert spearman([1, 2, 2, 3, 4], [1, 3, 3, 5, 9])[0] == pytest.approx(1)


def lots(count: int, seed: int = 7) -> dict[str, float]:
    chance = random.Random(seed)
    return {f"L{place:03}": chance.gauss(10, 1) for place in range(count)}


def test_the_strongest_comes_first_and_chances_are_corrected_together() -> None:
    means = lots(60)
    names = sorted(means)
    line = {lot: "AB"[place % 2] for place, lot in enumerate(names)}
    made = {lot: value + (1.5 if line[lot] == "B" else 0) for lot, value in means.items()}
    chance = random.Random(3)
    candidates = [Candidate("line", "", "", line)]
    candidates += [
        Candidate("parameter", f"P{place}", "bar", {lot: chance.random() for lot in names})
        for place in range(9)
    ]
    ranking = rank(made, candidates)
    first = ranking.ranked[0]
    assert (first.kind, first.lots, first.measure) == ("line", 60, "omega2")
    assert [(each.code, each.lots) for each in first.groups] == [("B", 30), ("A", 30)]
    assert first.chance == pytest.approx(min(1, first.p * 10)) and first.chance < 0.001
    assert [each.kind for each in ranking.ranked if each.chance < 0.05] == ["line"]


def pages_that_point_at_something() -> int:
    """Of 200 pages with 20 lots and 20 factors of mere chance."""
    chance = random.Random(11)
    found = 0
    for page in range(200):
        means = lots(20, page)
        asked = [
            Candidate("parameter", str(place), "", {lot: chance.random() for lot in means})
            for place in range(20)
        ]
        found += any(each.chance < SURE for each in rank(means, asked).ranked)
    return found


def few_pages_point_at_something() -> None:
    assert pages_that_point_at_something() <= 20


def test_among_factors_of_mere_chance_one_in_twenty_pages_points_at_something() -> None:
    few_pages_point_at_something()


def uncorrected(ps: Sequence[float]) -> list[float]:
    """Each chance as if nothing else had been tested."""
    return list(ps)


def of_the_best_alone(ps: Sequence[float]) -> list[float]:
    """Corrects for those only that look good already, which is no correction."""
    good = sum(p < SURE for p in ps) or 1
    return [min(1.0, p * good) for p in ps]


@pytest.mark.parametrize("twin", [uncorrected, of_the_best_alone])
def test_chances_that_are_not_corrected_for_all_that_was_tested_are_caught(
    twin: Callable[[Sequence[float]], list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(factors, "holm", twin)
    with pytest.raises(AssertionError):
        few_pages_point_at_something()


def test_what_cannot_be_ranked_says_why() -> None:
    means = lots(LEAST)
    names = sorted(means)
    asked = [
        Candidate("line", "", "", dict.fromkeys(names, "A")),
        Candidate("operator", "", "", {lot: lot for lot in names}),
        Candidate("parameter", "T", "C", dict.fromkeys(names, 4.0)),
        Candidate("environment", "RH", "%", {names[0]: 40.0}),
    ]
    ranking = rank(means, asked)
    assert [(each.kind, each.why) for each in ranking.unranked] == [
        ("line", "one_kind"), ("operator", "one_kind"), ("parameter", "no_spread"), ("environment", "too_few_lots"),
    ]  # fmt: skip
    with pytest.raises(Refused) as few:
        rank(lots(LEAST - 1), asked)
    assert few.value.reasons[0].code == "factors_too_few_lots"
    with pytest.raises(Refused):
        rank(dict.fromkeys(names, 1.0), asked)
