"""Which chart a history gets, when its limits stand still, what is told once, what a capability is worth."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from backend.domain.chart_signals import Shown
from backend.domain.control_charts import averages_and_ranges, individuals, pooled
from backend.domain.early_warning import (
    LiveChart,
    Subgroup,
    Watch,
    ability,
    live_chart,
    proposal_of,
    shown_at,
    untold,
)

ALL = Watch(rules=(1, 2, 3, 4, 5, 6, 7, 8))


def lots(values: list[list[float]], **fields: int) -> list[Subgroup]:
    return [
        Subgroup(f"i{place}", f"I26-{place}", f"L26-{place}", "s", f"2026-01-{place + 1:02}", each, **fields)
        for place, each in enumerate(values)
    ]


def chart(values: list[list[float]], watch: Watch = ALL) -> LiveChart:
    made = live_chart(lots(values), watch)
    assert made is not None
    return made


def quiet(count: int, n: int, seed: int = 1) -> list[list[float]]:
    chosen = random.Random(seed)
    return [[chosen.gauss(10, 0.1) for _ in range(n)] for _ in range(count)]


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [([1] * 12, "individuals"), ([5] * 12, "ranges"), ([10] * 12, "ranges"), ([11] * 12, "deviations"),
     ([3, 5] * 6, "deviations"), ([1, 2] * 6, "deviations"), ([200] * 3, "deviations")],
)  # fmt: skip
def test_the_number_of_values_chooses_the_chart(sizes: list[int], kind: str) -> None:
    values = [quiet(1, n, place)[0] for place, n in enumerate(sizes)]
    assert chart(values).kind == kind


def test_lots_of_several_sizes_have_limits_of_their_own() -> None:
    made = chart([quiet(1, n, place)[0] for place, n in enumerate([3, 30] * 8)])
    small, large = made.points[0].limits, made.points[1].limits
    assert large.upper < small.upper and large.centre == small.centre
    assert made.sigma == pooled([point.subgroup.values for point in made.points]).sigma


def test_limits_stand_still_once_the_baseline_is_full() -> None:
    values = quiet(30, 1)
    before, after = chart(values[:24]), chart(values[:25])
    assert (before.frozen, before.baseline) == (False, 24)
    assert (after.frozen, after.baseline) == (True, 25)
    assert before.points[0].limits != after.points[0].limits
    later = chart([*values, [12.0], [13.0]])
    assert {point.limits for point in later.points} == {after.points[0].limits}
    assert after.points[0].limits == individuals([each[0] for each in values[:25]]).position


def test_lots_that_differ_as_lots_do_are_measured_by_each_other() -> None:
    """Broken twin: by their own spread nearly every lot of such a supplier would signal."""
    chosen = random.Random(3)
    values = [
        [centre + chosen.gauss(0, 0.01) for _ in range(4)]
        for centre in (chosen.gauss(10, 0.1) for _ in range(25))
    ]
    made = chart(values, Watch())
    assert made.between
    of_means = individuals([sum(each) / 4 for each in values]).position
    assert {point.limits for point in made.points} == {of_means}
    twin = averages_and_ranges(values).position
    beyond = [not twin.lower <= point.position <= twin.upper for point in made.points]
    assert sum(beyond) > 12 and sum(bool(point.rules) for point in made.points) <= 5
    assert not chart(quiet(25, 4)).between


def test_a_jump_is_found_and_named_with_the_points_it_was_seen_at() -> None:
    made = chart([*quiet(25, 1), [11.0]], Watch(rules=(1,)))
    assert made.points[25].rules == [1]
    assert [each.points for each in made.findings if each.part == "position"] == [[25]]
    assert Shown("spread", 1, ["i24", "i25"]) in shown_at(made, "i25"), "the step from one lot to the next"


def test_only_the_rules_of_the_setting_speak() -> None:
    run = [*quiet(25, 1), *[[10.05 + 0.001 * (place % 2)] for place in range(12)]]
    assert any(2 in point.rules for point in chart(run).points)
    assert not any(2 in point.rules for point in chart(run, Watch(rules=(1,))).points)


def told_over_time(values: list[list[float]], watch: Watch) -> list[tuple[int, Shown]]:
    """Lot by lot, as the watch sees them."""
    told: list[tuple[int, Shown]] = []
    for count in range(2, len(values) + 1):
        made = live_chart(lots(values[:count]), watch)
        if made is not None:
            new = untold(shown_at(made, f"i{count - 1}"), [each for _, each in told])
            told += [(count - 1, each) for each in new]
    return told


def test_a_run_is_told_once_and_again_only_of_other_points() -> None:
    """Twenty lots above the centre: the ninth tells, the eighteenth tells, none between. Broken twin: each tells."""
    low = [[9.9 + 0.2 * (place % 2)] for place in range(25)]
    values = [*low, *[[10.05]] * 20]
    watch = Watch(rules=(2,))
    twin = [point for point in chart(values, watch).points if 2 in point.rules]
    assert len(twin) >= 12
    told = told_over_time(values, watch)
    assert len(told) == 2
    assert told[1][0] - told[0][0] == 9
    seen = [inspection for _, each in told for inspection in each.inspections]
    assert len(seen) == len(set(seen))


def test_looking_again_tells_nothing() -> None:
    made = chart([*quiet(25, 1), [11.0]])
    shown = shown_at(made, "i25")
    assert shown and untold(shown, shown) == []


def test_censored_and_invalid_readings_have_no_point() -> None:
    """A lot all of whose values are below a limit of detection has no number to draw."""
    groups = [*lots(quiet(12, 1)), Subgroup("x", "I26-x", "L26-x", "s", "2026-02-01", [], left_out=1)]
    made = live_chart(groups, ALL)
    assert made is not None and "x" not in {point.subgroup.inspection_id for point in made.points}


@pytest.mark.parametrize("values", [[], [[1.0]], [[5.0]] * 30, [[5.0, 5.0]] * 30])
def test_too_little_or_no_spread_makes_no_chart(values: list[list[float]]) -> None:
    assert live_chart(lots(values), ALL) is None


@pytest.mark.parametrize(("count", "caution"), [(13, "few"), (30, "some"), (60, None)])
def test_a_capability_says_what_it_is_worth(count: int, caution: str | None) -> None:
    values = quiet(count, 1, seed=5)
    found = ability(chart(values, Watch(rules=(1,))), 9.5, 10.5)
    assert found is not None and (found.count, found.caution) == (count, caution)
    assert found.cpk_from < found.index.cpk < found.cpk_to
    assert ability(chart(values), None, None) is None


def test_a_capability_of_what_is_not_in_control_says_so() -> None:
    found = ability(chart([*quiet(60, 1, seed=5), [12.0]], Watch(rules=(1,))), 9.0, 11.0)
    assert found is not None and found.caution == "unstable"


def test_the_proposal_holds_what_stood_there_as_text() -> None:
    made = chart([*quiet(25, 2), [11.0, 11.0]])
    said = proposal_of(made, "i25")
    assert (said.chart, said.position, said.values, said.frozen) == ("ranges", "11", ["11", "11"], True)
    assert float(said.upper) == pytest.approx(made.points[25].limits.upper)


def test_in_control_few_lots_signal() -> None:
    """The setting's rules ring at about one lot in thirty of a steady process with limits of 25 lots."""
    rung, looked = 0, 0
    for seed in range(40):
        made = chart(quiet(100, 1, seed), Watch())
        points = made.points[25:]
        looked += len(points)
        rung += sum(bool(now.rules) and not before.rules for before, now in pairwise(points))
    assert rung / looked < 0.05
