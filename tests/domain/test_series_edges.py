"""Edges of a series: editions, the gap between Ac and Re, instants that coincide, what an opening leaves behind."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from backend.domain.answers import Answer, CountAnswer
from backend.domain.double_sampling import double_plan
from backend.domain.errors import Reason, Refused
from backend.domain.plans import PlanDocument, items
from backend.domain.sampling import code_letter, single_plan
from backend.domain.sampling_rules import ByAql
from backend.domain.series import (
    ClassSampling,
    PastInspection,
    SeriesAct,
    SeriesClass,
    act_on,
    count_in,
    decided_places,
    opened_under,
    sampled_classes,
    sampling_by,
    wrong_plans,
)
from backend.domain.skip_lot import SkipLotRule, SkipLotState, check_rule, checks_of_lot, state_after
from backend.domain.switching import Standing
from backend.domain.tallies import judge_inspection
from tests.domain.test_series import LOT, PLAN, act, line, moment, sampling_at_verdict

Z14 = PlanDocument([msgspec.structs.replace(line("A", "major", None), sampling=ByAql("II", "1.0", "z1.4"))])
REDUCED = ClassSampling("major", "reduced", standard="z1.4")


def said(nonconforming: int, opened: ClassSampling = REDUCED, document: PlanDocument = Z14) -> ClassSampling:
    """What the verdict of one line says to its series."""
    asked = items(document, LOT, {opened.of: opened.severity})
    answers: dict[str, Answer] = {
        f"{each.code}-0": CountAnswer(nonconforming if each.code == "A" else 0)
        for each in document.characteristics
    }
    verdict = judge_inspection(document, asked, answers)
    return sampling_at_verdict(document, LOT, [opened], verdict, moment(0, 30))[0]


def decided(number: int, **fields: Any) -> PastInspection:
    """A lot of one class, decided half an hour after it was opened."""
    right = {"of": "major", "severity": "normal", "accepted": True, "decided_at": moment(number, 30)} | fields
    sampling = ClassSampling(**right)
    return PastInspection(f"{number:03}-i", f"L{number:03}", moment(number), True, [sampling])


@pytest.mark.proves("SMP-4")
def test_under_reduced_inspection_of_z14_a_count_between_ac_and_re_is_told_to_the_series() -> None:
    """n = 32, Ac 1, Re 3 at letter J, AQL 1.0 reduced: two pass the lot and end reduced inspection (8.3.4 b)."""
    assert [(each.accepted, each.in_gap) for each in map(said, (1, 2, 3))] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    start = [SeriesClass("major", Standing("reduced"))]
    for in_gap, severity in ((False, "reduced"), (True, "normal")):
        lot = decided(0, severity="reduced", standard="z1.4", in_gap=in_gap)
        assert count_in(start, [lot], moment(1))[0].standing.severity == severity


@pytest.mark.proves("SMP-4")
def test_the_edition_of_a_class_goes_with_it_and_its_rules_hold() -> None:
    assert sampling_by(Z14, [])[0].standard == "z1.4"
    assert said(0, ClassSampling("major", "normal", standard="z1.4")).points == 0, (
        "Z1.4 counts lots, not points"
    )
    assert said(0, ClassSampling("major", "normal"), PLAN).points == 3
    for edition, may_reduce in (("z1.4", True), ("iso2859-1", False)):
        ten = [decided(number, standard=edition, points=2) for number in range(10)]
        assert count_in([], ten, moment(99))[0].standing.may_reduce is may_reduce, (
            "20 points of 30, ten lots of ten"
        )


@pytest.mark.proves("SMP-4")
def test_a_class_without_a_line_of_its_own_scores_nothing() -> None:
    empty = said(0, ClassSampling("minor", "normal"))
    assert (empty.accepted, empty.points) == (True, 0)


@pytest.mark.proves("SMP-4")
def test_classes_come_from_the_gravest_on() -> None:
    document = PlanDocument([line(code, of, "1.0") for code, of in (("C", "minor"), ("B", "critical"))])
    assert sampled_classes(document) == ["critical", "minor"]


@pytest.mark.proves("SMP-4")
def test_a_verdict_counts_from_the_instant_after_its_own() -> None:
    past = [decided(0, accepted=False), decided(1, accepted=False)]
    at = moment(1, 30)
    assert decided_places(past, at) == {"000-i": [moment(0, 30), "000-i"]}
    assert count_in([], past, at)[0].standing.severity == "normal"
    assert count_in([], past, moment(1, 31))[0].standing.severity == "tightened"
    third = PastInspection("i002", "L002", at, True, [ClassSampling("major", "normal")])
    assert wrong_plans([*past, third]) == [], "opened in that very instant, it could not know"
    fourth = PastInspection("003-i", "L003", moment(9), True, [ClassSampling("major", "normal")])
    assert [(each.lot, each.demanded) for each in wrong_plans([*past, fourth])] == [("L003", "tightened")]


@pytest.mark.proves("SMP-4")
def test_an_act_stands_before_the_verdicts_of_its_instant() -> None:
    """What was resumed in the instant of a verdict counts that verdict under the new standing."""
    resumed = msgspec.structs.replace(act("major", "resume", 0), at=moment(0, 30))
    stopped = [SeriesClass("major", Standing("discontinued"), since="L900")]
    lot = decided(0, severity="tightened", accepted=False)
    (series,) = count_in(stopped, [lot], moment(1), [resumed])
    assert (series.standing.severity, series.standing.rejected) == ("tightened", 1)
    assert series.since == "L900", "an act is no lot"


@pytest.mark.proves("SMP-4")
def test_two_verdicts_of_one_instant_are_counted_by_their_inspections() -> None:
    at = moment(5)
    lots = [decided(number, decided_at=at, accepted=number > 1) for number in (3, 1, 2, 0)]
    assert count_in([], lots, moment(6))[0].standing.severity == "tightened"
    acts: list[SeriesAct] = [msgspec.structs.replace(act("major", "resume", n), at=at) for n in (1, 2)]
    assert count_in([], lots, moment(6), acts)[0].standing.severity == "tightened", "acts are never compared"


@pytest.mark.proves("SMP-4")
def test_an_act_is_done_to_its_class_alone() -> None:
    both = [SeriesClass("major", Standing("discontinued")), SeriesClass("minor", Standing("discontinued"))]
    after = act_on(both, act("major", "resume", 0))
    assert [each.standing.severity for each in after] == ["tightened", "discontinued"]


@pytest.mark.proves("SMP-4")
def test_what_a_lot_was_opened_under_is_kept_with_its_series() -> None:
    may = SeriesClass("major", Standing(may_reduce=True), since="L001")
    opened = ClassSampling("major", "tightened", stopped=True)
    (after,) = opened_under([may], [opened])
    assert (after.inspected, after.stopped, after.offered) == ("tightened", True, True)
    assert (after.standing, after.since) == (may.standing, "L001")
    (fresh,) = opened_under([], [ClassSampling("minor", "normal")])
    assert (fresh.inspected, fresh.stopped, fresh.offered) == ("normal", False, False)


def refusal(work: Any) -> Reason:
    with pytest.raises(Refused) as refused:
        work()
    (reason,) = refused.value.reasons
    return reason


@pytest.mark.proves("SMP-3", "SMP-7")
def test_a_refusal_names_its_field_and_what_was_asked() -> None:
    level = refusal(lambda: code_letter(500, "IV"))
    assert (level.code, level.field) == ("level_unsupported", "level")
    assert level.facts == {"level": "IV", "supported": ["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]}
    edition = refusal(lambda: double_plan(1200, "II", "1.0", "normal", "iso2859-1"))
    assert (edition.code, edition.field) == ("not_offered", "standard")
    assert edition.facts == {"standard": "iso2859-1", "supported": ["z1.4"]}
    for rule in (SkipLotRule(9, 3), SkipLotRule(101, 3), SkipLotRule(10, 1), SkipLotRule(10, 6)):
        invalid = refusal(lambda rule=rule: check_rule(rule))
        assert (invalid.code, invalid.facts) == (
            "skip_lot_rule_invalid",
            {"clearance": rule.clearance, "one_in": rule.one_in},
        )
    drawn = refusal(lambda: checks_of_lot(SkipLotState(), SkipLotRule(10, 3), 3))
    assert (drawn.code, drawn.facts) == ("drawn_out_of_range", {"drawn": 3, "one_in": 3})


@pytest.mark.proves("SMP-3")
def test_a_lot_of_one_is_looked_at_whole_under_the_letter_of_its_size() -> None:
    alone = single_plan(1, "II", "1.0")
    assert (alone.code_letter, alone.sample_size, alone.inspect_all) == ("A", 1, True)
    one = double_plan(1, "II", "1.0")
    assert (one.code_letter, one.inspect_all, [stage.n for stage in one.stages]) == ("A", True, [1])
    letter, sizes = "C", [3, 3]
    exact = double_plan(sum(sizes) + 10, "II", "10")
    assert (exact.code_letter, [stage.n for stage in exact.stages], exact.inspect_all) == (
        letter,
        sizes,
        False,
    )
    whole = next(
        plan
        for size in range(2, 40)
        for plan in [double_plan(size, "III", "10")]
        if len(plan.stages) == 2 and sum(stage.n for stage in plan.stages) == size
    )
    assert whole.inspect_all, "both samples together are the lot"


@pytest.mark.proves("SMP-7")
def test_where_a_skip_lot_series_stands_is_the_run_before_the_last_failure() -> None:
    rule = SkipLotRule(10, 3)
    assert state_after(rule, [True] * 9 + [False]) == SkipLotState(9, skipping=False)
    assert state_after(rule, [True] * 10 + [False]) == SkipLotState(10, skipping=True)
    assert state_after(rule, [True] * 30) == SkipLotState(10, skipping=True)
    assert state_after(rule, []) == SkipLotState(0, skipping=False)
