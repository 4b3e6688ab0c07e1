"""Series of one material, supplier and class: what the next lot gets, and what a corrected verdict uncovers."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest

from backend.domain.answers import Answer, CountAnswer
from backend.domain.plans import Characteristic, Method, PlanDocument, Severity, items
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import ByAql, Fixed
from backend.domain.series import (
    ClassSampling,
    PastInspection,
    SeriesAct,
    SeriesClass,
    WrongPlan,
    count_in,
    decided_places,
    opened_under,
    sampled_classes,
    sampling_at_opening,
    sampling_at_verdict,
    severities_of,
    wrong_plans,
)
from backend.domain.switching import Act
from backend.domain.tallies import judge_inspection
from backend.domain.words import Words

LOT = 1000


def line(code: str, severity: Severity, aql: str | None) -> Characteristic:
    rule = ByAql("II", aql) if aql else Fixed(3)
    return Characteristic(
        code=code,
        name=Words(code, code),
        kind="attribute",
        severity=severity,
        method=Method("M", "1"),
        sampling=rule,
    )


PLAN = PlanDocument(
    [
        line("A", "major", "1.0"),
        line("B", "major", "2.5"),
        line("C", "minor", "4.0"),
        line("D", "critical", None),
    ]
)


def moment(number: int, minute: int = 0) -> str:
    return f"2026-01-{1 + number // 24:02d}T{number % 24:02d}:{minute:02d}:00.000000Z"


def verdict_of(sampling: list[ClassSampling], counts: dict[str, int], number: int) -> list[ClassSampling]:
    severities = {each.of: each.severity for each in sampling}
    asked = items(PLAN, LOT, severities)
    answers: dict[str, Answer] = {f"{code}-0": CountAnswer(counts.get(code, 0)) for code in "ABCD"}
    return sampling_at_verdict(
        PLAN, LOT, sampling, judge_inspection(PLAN, asked, answers), moment(number, 30)
    )


def act(of: Severity, what: Act, number: int) -> SeriesAct:
    """What the quality engineer does three quarters into an hour."""
    at = moment(number, 45)
    return SeriesAct(f"a{number}", "s", "item", "supplier", "incoming", of, what, "looked at", "novak", at)


def run(
    lots: list[dict[str, int]], original: bool = True, acts: Sequence[SeriesAct] = ()
) -> list[PastInspection]:
    """Each lot opened on the hour and decided half an hour later, under what the series demands."""
    past: list[PastInspection] = []
    for number, counts in enumerate(lots):
        opened = sampling_at_opening(PLAN, past, moment(number), acts)
        sampling = verdict_of(opened, counts, number)
        past.append(PastInspection(f"i{number:03}", f"L{number:03}", moment(number), original, sampling))
    return past


def severities(past: list[PastInspection], of: Severity) -> list[SamplingSeverity]:
    return [each.severity for inspection in past for each in inspection.sampling if each.of == of]


@pytest.mark.proves("SMP-4")
def test_each_class_that_is_sampled_by_aql_is_a_series() -> None:
    assert sampled_classes(PLAN) == ["major", "minor"]
    bad = {"A": 80}
    past = run([bad, bad, {}, {}])
    assert severities(past, "major") == ["normal", "normal", "tightened", "tightened"]
    assert severities(past, "minor") == ["normal"] * 4
    third = past[2].sampling[0]
    assert (third.since, third.stopped) == ("L001", False)
    assert past[0].sampling[0].since is None


@pytest.mark.proves("SMP-4")
def test_the_worst_line_of_a_class_gives_its_points() -> None:
    good = verdict_of(sampling_at_opening(PLAN, [], moment(0)), {}, 0)
    assert [each.points for each in good] == [3, 3]
    edge = verdict_of(sampling_at_opening(PLAN, [], moment(0)), {"A": 2}, 0)
    assert [(each.accepted, each.points) for each in edge] == [(True, 0), (True, 3)]
    bad = verdict_of(sampling_at_opening(PLAN, [], moment(0)), {"B": 6}, 0)
    assert [(each.accepted, each.points) for each in bad] == [(False, 0), (True, 3)]


@pytest.mark.proves("SMP-4")
def test_ten_good_lots_are_followed_by_a_reduced_one_and_a_bad_one_ends_it() -> None:
    lots = [{}] * 10 + [{}] + [{"A": 30}] + [{}]
    assert severities(run(lots), "major") == ["normal"] * 13, "nobody has given leave"
    leave = [act("major", "allow_reduced", 9), act("minor", "allow_reduced", 9)]
    past = run(lots, acts=leave)
    assert severities(past, "major") == ["normal"] * 10 + ["reduced"] * 2 + ["normal"]
    assert severities(past, "minor") == ["normal"] * 10 + ["reduced"] * 3
    assert past[10].sampling[0].points == 0, "only normal inspection scores"
    assert past[12].sampling[0].since == "L011"
    assert wrong_plans(past, leave) == []
    assert {wrong.lot for wrong in wrong_plans(past)} == {"L010", "L011", "L012"}, (
        "without leave they were wrong"
    )
    too_soon = [act("major", "allow_reduced", 5), act("minor", "allow_reduced", 9)]
    assert severities(run(lots, acts=too_soon), "major") == ["normal"] * 13


@pytest.mark.proves("SMP-4")
def test_a_correction_takes_back_what_leave_was_given_for() -> None:
    leave = [act("major", "allow_reduced", 9)]
    past = run([{}] * 12, acts=leave)
    turned = corrected(past, 5, accepted=False)
    assert [wrong.lot for wrong in wrong_plans(turned, leave)] == ["L010", "L011"]
    assert sampling_at_opening(PLAN, turned, moment(12), leave)[0].severity == "normal"


@pytest.mark.proves("SMP-4")
def test_a_discontinued_series_is_taken_up_again_tightened() -> None:
    resumed = [act("major", "resume", 8)]
    past = run([{"A": 80}] * 9 + [{}] * 6, acts=resumed)
    assert [each.sampling[0].stopped for each in past] == [False] * 7 + [True] * 2 + [False] * 6
    assert severities(past, "major")[9:] == ["tightened"] * 5 + ["normal"]
    assert wrong_plans(past, resumed) == []


@pytest.mark.proves("SMP-4")
def test_a_discontinued_series_is_inspected_tightened_and_says_so() -> None:
    past = run([{"A": 80}] * 8)
    assert severities(past, "major") == ["normal"] * 2 + ["tightened"] * 6
    assert [each.sampling[0].stopped for each in past] == [False] * 7 + [True]


@pytest.mark.proves("SMP-4")
def test_resubmitted_lots_do_not_count() -> None:
    assert severities(run([{"A": 80}] * 4, original=False), "major") == ["normal"] * 4


def corrected(past: list[PastInspection], number: int, accepted: bool) -> list[PastInspection]:
    """An old verdict turned round, its place in the series kept."""
    first, *others = past[number].sampling
    turned = msgspec.structs.replace(first, accepted=accepted, points=3 if accepted else 0)
    return [
        msgspec.structs.replace(each, sampling=[turned, *others]) if place == number else each
        for place, each in enumerate(past)
    ]


@pytest.mark.proves("SMP-4")
def test_a_corrected_verdict_lists_the_lots_inspected_under_a_wrong_plan() -> None:
    past = run([{"A": 80}, {}, {}, {}, {}, {}])
    assert wrong_plans(past) == []
    wrong = wrong_plans(corrected(past, 2, accepted=False))
    assert wrong == [WrongPlan(f"i{n:03}", f"L{n:03}", "major", "normal", "tightened") for n in (3, 4, 5)]
    assert sampling_at_opening(PLAN, corrected(past, 2, accepted=False), moment(6))[0].severity == "tightened"


@pytest.mark.proves("SMP-4")
def test_a_verdict_turned_for_the_better_lists_lots_that_were_tightened_for_nothing() -> None:
    past = run([{"A": 80}, {"A": 80}, {}, {}])
    assert severities(past, "major")[2:] == ["tightened"] * 2
    assert [each.lot for each in wrong_plans(corrected(past, 1, accepted=True))] == ["L002", "L003"]


def wrong_plans_by_the_present_state(past: list[PastInspection]) -> list[str]:
    """The naive version: only the next lot gets the new severity; nobody looks back."""
    return []


def test_looking_back_is_what_the_test_sees() -> None:
    turned = corrected(run([{"A": 80}, {}, {}, {}]), 2, accepted=False)
    assert wrong_plans_by_the_present_state(turned) != [each.lot for each in wrong_plans(turned)]


@pytest.mark.proves("SMP-4")
def test_a_correction_keeps_its_place_in_the_series() -> None:
    sampling = verdict_of(sampling_at_opening(PLAN, [], moment(0)), {"A": 80}, 0)
    again = verdict_of(sampling, {}, 9)
    assert again[0].decided_at == sampling[0].decided_at
    assert (again[0].accepted, again[0].points) == (True, 3)


def test_classes_without_a_series_are_inspected_normally() -> None:
    assert severities_of(None) == {} == severities_of([])
    assert severities_of([ClassSampling("major", "reduced")]) == {"major": "reduced"}


@pytest.mark.proves("SMP-4")
def test_an_inspection_that_is_open_again_says_nothing() -> None:
    sampling = verdict_of(sampling_at_opening(PLAN, [], moment(0)), {}, 0)
    asked = items(PLAN, LOT)
    answers: dict[str, Answer] = {"A-0": CountAnswer(0)}
    reopened = sampling_at_verdict(PLAN, LOT, sampling, judge_inspection(PLAN, asked, answers), moment(5))
    assert [(each.accepted, each.points, each.decided_at) for each in reopened] == [
        (None, 0, moment(0, 30))
    ] * 2


def late(chance: random.Random, lots: int) -> list[PastInspection]:
    """A history in which verdicts come in any order, some never, some lots resubmitted."""
    past: list[PastInspection] = []
    for number in range(lots):
        sampling = sampling_at_opening(PLAN, past, moment(number))
        if chance.random() < 0.9:
            counts = {"A": 30} if chance.random() < 0.3 else {}
            decided = moment(number + chance.randrange(6), 1 + chance.randrange(58))
            sampling = [
                msgspec.structs.replace(each, decided_at=decided)
                for each in verdict_of(sampling, counts, number)
            ]
        original = chance.random() < 0.9
        past.append(PastInspection(f"i{number:03}", f"L{number:03}", moment(number), original, sampling))
    return past


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize("seed", range(40))
def test_counting_verdicts_as_they_come_gives_what_counting_all_of_them_gives(seed: int) -> None:
    """At each opening only what has come since the last one, of the inspections that waited."""
    past = late(random.Random(seed), 60)
    classes: list[SeriesClass] = []
    waiting: list[PastInspection] = []
    for number in range(70):
        now = moment(number)
        classes = count_in(
            classes, [each for each in waiting if each.inspection in decided_places(waiting, now)], now
        )
        waiting = [each for each in waiting if each.inspection not in decided_places(waiting, now)]
        whole = count_in([], past[:number], now)
        assert {each.of: (each.standing, each.since) for each in classes} == {
            each.of: (each.standing, each.since) for each in whole
        }
        if number < len(past):
            classes = opened_under(classes, past[number].sampling)
            waiting.append(past[number])


def replayed(past: list[PastInspection]) -> list[WrongPlan]:
    """The plain way: for each lot all verdicts before it, counted from the first."""
    return [
        WrongPlan(each.inspection, each.lot, sampling.of, sampling.severity, demanded.severity)
        for each in past
        for sampling in each.sampling
        for demanded in sampling_at_opening(PLAN, past, each.opened_at)
        if demanded.of == sampling.of and demanded.severity != sampling.severity
    ]


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize("seed", range(20))
def test_wrong_plans_in_one_pass_are_those_of_the_plain_way(seed: int) -> None:
    chance = random.Random(seed)
    past = late(chance, 40)
    for _ in range(5):
        turned = corrected(past, chance.randrange(40), accepted=chance.random() < 0.5)
        assert wrong_plans(turned) == replayed(turned)
