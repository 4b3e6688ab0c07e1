"""What lots share that others have not, against published figures and a count by hand (LOT-12)."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from backend.domain.common_causes import Cause, Factor, common_causes, holm, tail

PRESS, LINE, RESIN = Factor("equipment", "PRESS-3"), Factor("line", "L1"), Factor("lot", "L26-000001")


def test_fishers_tea_tasting() -> None:
    """Fisher, The Design of Experiments (1935), chapter 2: 8 cups, 4 and 4; all right has 1 chance in 70, three 17."""
    assert tail(4, 4, 4, 8) == pytest.approx(1 / 70)
    assert tail(3, 4, 4, 8) == pytest.approx(17 / 70)


def test_the_tail_is_a_count_of_all_draws() -> None:
    chance = random.Random(7)
    for _ in range(30):
        everything = chance.randint(4, 9)
        cases, marked = chance.randint(1, everything - 1), chance.randint(1, everything - 1)
        draws = [sum(each < marked for each in draw) for draw in combinations(range(everything), cases)]
        for both in range(cases + 1):
            counted = sum(each >= both for each in draws) / len(draws)
            assert tail(both, cases, marked, everything) == pytest.approx(counted)


def test_holms_correction_keeps_the_order() -> None:
    raw = {PRESS: 0.01, LINE: 0.04, RESIN: 0.03}
    assert holm(raw) == {PRESS: pytest.approx(0.03), RESIN: pytest.approx(0.06), LINE: pytest.approx(0.06)}


@pytest.mark.proves("LOT-12")
def test_what_is_rare_elsewhere_comes_first_and_what_all_have_last() -> None:
    cases = {f"case {n}": {PRESS, LINE} | ({RESIN} if n < 2 else set()) for n in range(4)}
    others = {f"other {n}": {LINE} | ({PRESS} if n == 0 else set()) for n in range(40)}
    first, second, last = common_causes(cases, others)
    assert first == Cause(PRESS, 4, 4, 1, 40, 40.0, pytest.approx(first.chance))
    assert first.chance < 0.001
    assert (second.factor, second.times) == (RESIN, None)
    assert (last.factor, last.chance) == (LINE, 1.0)


def naive_rank(cases: dict[str, set[Factor]]) -> Factor:
    """The broken twin: what most of them share is the cause."""
    count = {factor: sum(factor in each for each in cases.values()) for factor in (LINE, PRESS, RESIN)}
    return max(count, key=lambda factor: count[factor])


def test_counting_without_others_is_misled() -> None:
    cases = {"a": {LINE, PRESS}, "b": {LINE, PRESS}, "c": {LINE}}
    others = {str(n): {LINE} for n in range(40)}
    assert naive_rank(cases) == LINE
    assert common_causes(cases, others)[0].factor == PRESS
