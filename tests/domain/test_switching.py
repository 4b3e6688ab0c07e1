"""Switching rules: worked series, and a property test against a slow, literal reading of clause 9."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.sampling import AQLS, LEVELS, SamplingSeverity, Standard, single_plan
from backend.domain.switching import (
    ACTS,
    CONDITIONS,
    SWITCHES,
    Act,
    SeriesLot,
    SeriesSeverity,
    Standing,
    acted,
    after,
    harder,
    may_act,
    points_of_double,
    points_of_single,
    standing_after,
    tighter_accept,
)

SIGNS: dict[str, Act] = {"+": "allow_reduced", "-": "end_reduced", "!": "resume"}


def walk(outcomes: str, standard: Standard = "iso2859-1", points: int = 2) -> str:
    """The severity of each lot (N, T, R, D) of a series of accepted (A), rejected (x) and gap (g) lots.

    Acts between them: leave for reduced inspection (+), its end (-), corrective action (!).
    """
    standing, walked = Standing(), ""
    for outcome in outcomes:
        if outcome in SIGNS:
            standing = acted(standing, SIGNS[outcome])
            continue
        walked += standing.severity[0].upper()
        if standing.severity == "discontinued":
            continue
        lot = SeriesLot(
            standing.severity, outcome != "x", points if outcome == "A" else 0, in_gap=outcome == "g"
        )
        standing = after(standing, lot, standard)
    return walked + standing.severity[0].upper()


WORKED = [
    # two of five or fewer consecutive lots rejected
    ("xx", "NNT"),
    ("xAAAx", "NNNNNT"),
    ("xAAAAx", "NNNNNNN"),
    ("AxAAAAxAx", "NNNNNNNNNT"),
    # five accepted in a row on tightened: normal, and counting begins anew
    ("xxAAAAA", "NNTTTTTN"),
    ("xxAAAAxAAAAA", "NNTTTTTTTTTTN"),
    ("xxAAAAAx", "NNTTTTTNN"),
    # five rejected on tightened, in a row or not: discontinued
    ("xxxxxxx", "NNTTTTTD"),
    ("xxAAAxAxAxAAxAAx", "NNTTTTTTTTTTTTTTD"),
    # score 30: fifteen lots of two points, and leave; one rejection on reduced ends it
    ("A" * 15 + "+", "N" * 15 + "R"),
    ("A" * 15, "N" * 16),
    ("A" * 18 + "+A", "N" * 18 + "RR"),
    ("A" * 14 + "+A", "N" * 16),
    ("A" * 15 + "x+A", "N" * 18),
    ("A" * 14 + "x" + "A" * 15 + "+", "N" * 30 + "R"),
    ("A" * 15 + "+AAx", "N" * 15 + "RRRN"),
    ("A" * 15 + "+x" + "A" * 15, "N" * 15 + "R" + "N" * 16),
    # irregular production ends reduced inspection, and counting begins anew
    ("A" * 15 + "+AA-" + "A" * 14, "N" * 15 + "RR" + "N" * 15),
    ("AA-A", "NNNN"),
    # taken up again after the supplier's corrective action: tightened
    ("xxxxxxx!AAAAA", "NNTTTTT" + "T" * 5 + "N"),
    ("xxxxxxx!xxxxx", "NNTTTTT" + "T" * 5 + "D"),
    ("xx!AAAAA", "NNTTTTTN"),
]


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize(("outcomes", "severities"), WORKED)
def test_worked_series(outcomes: str, severities: str) -> None:
    assert walk(outcomes) == severities


@pytest.mark.proves("SMP-4")
def test_ten_lots_of_three_points_reduce() -> None:
    assert walk("A" * 10 + "+", points=3) == "N" * 10 + "R"
    assert walk("A" * 9 + "g" + "A" * 10 + "+", points=3) == "N" * 20 + "R", "accepted, not one step tighter"


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize("lot", [SeriesLot("normal", accepted=False), SeriesLot("normal", accepted=True)])
def test_a_lot_without_points_sets_the_score_back_to_nothing(lot: SeriesLot) -> None:
    assert after(Standing(score=27), lot).score == 0


@pytest.mark.proves("SMP-4")
def test_z14_reduces_after_ten_accepted_lots_and_ends_it_in_the_gap() -> None:
    assert walk("A" * 10 + "+AAg", "z1.4") == "N" * 10 + "RRRN"
    assert walk("A" * 9 + "x" + "A" * 9 + "+", "z1.4") == "N" * 20
    assert walk("xxAAAAA", "z1.4") == "NNTTTTTN"


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize(
    ("accept", "tighter", "nonconforming", "points"),
    [
        (0, -1, 0, 2),
        (0, -1, 1, 0),
        (1, 0, 1, 2),
        (1, 0, 2, 0),
        (2, 1, 1, 3),
        (2, 1, 2, 0),
        (3, 2, 2, 3),
        (3, 2, 3, 0),
        (10, 7, 7, 3),
        (10, 7, 8, 0),
    ],
)
def test_points_of_single_sampling(accept: int, tighter: int, nonconforming: int, points: int) -> None:
    assert points_of_single(accept, tighter, nonconforming) == points


def test_points_of_double_sampling() -> None:
    assert (points_of_double(True), points_of_double(False)) == (3, 0)


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize(
    ("lot_size", "aql", "tighter"),
    [
        (1200, "1.0", 1),
        (1200, "1.5", 2),
        (1200, "0.65", -1),
        (1200, "6.5", 7),
        (1200, "400", 30),
        (1, "1.0", -1),
    ],
)
def test_one_step_tighter_is_the_cell_to_the_left(lot_size: int, aql: str, tighter: int) -> None:
    assert tighter_accept(lot_size, "II", aql) == tighter


@given(st.integers(2, 10**6), st.sampled_from(LEVELS), st.sampled_from(AQLS))
def test_one_step_tighter_accepts_less(lot_size: int, level: str, aql: str) -> None:
    accept = single_plan(lot_size, level, aql).accept
    tighter = tighter_accept(lot_size, level, aql)
    assert tighter < accept
    assert (tighter >= 1) == (accept >= 2)


LOTS = st.lists(
    st.builds(
        SeriesLot,
        severity=st.sampled_from(["normal", "normal", "tightened", "reduced"]),
        accepted=st.sampled_from([True, True, True, True, False]),
        points=st.sampled_from([0, 2, 3, 3, 3]),
        original=st.sampled_from([True] * 9 + [False]),
    ),
    max_size=60,
)


def literally(lots: Sequence[SeriesLot | Act], leave: bool = False) -> str:
    """Clause 9.3 and 9.4, sentence by sentence, over the whole list each time.

    `leave`: the responsible authority wants reduced inspection whenever the lots allow it.
    """
    severity = "normal"
    began = 0
    for place, step in enumerate(lots):
        these = [
            lot
            for lot in lots[began : place + 1]
            if isinstance(lot, SeriesLot) and lot.original and lot.severity == severity
        ]
        if isinstance(step, str):
            score = 0
            for lot in these:
                score = 0 if not lot.accepted or lot.points == 0 else score + lot.points
            if step == "allow_reduced" and severity == "normal" and score >= 30:
                severity, began = "reduced", place + 1
            if step == "end_reduced" and severity == "reduced":
                severity, began = "normal", place + 1
            if step == "resume" and severity == "discontinued":
                severity, began = "tightened", place + 1
            continue
        if severity == "discontinued" or not (step.original and step.severity == severity):
            continue
        if severity == "normal":
            rejected = [number for number, lot in enumerate(these) if not lot.accepted]
            if any(later - earlier < 5 for earlier, later in itertools.pairwise(rejected)):
                severity, began = "tightened", place + 1
                continue
            score = 0
            for lot in these:
                score = 0 if not lot.accepted or lot.points == 0 else score + lot.points
            if score >= 30 and leave:
                severity, began = "reduced", place + 1
        elif severity == "tightened":
            if len(these) >= 5 and all(lot.accepted for lot in these[-5:]):
                severity, began = "normal", place + 1
            elif sum(not lot.accepted for lot in these) == 5:
                severity, began = "discontinued", place + 1
        elif not these[-1].accepted:
            severity, began = "normal", place + 1
    return severity


STEERED = st.lists(
    st.one_of(
        *[st.builds(SeriesLot, st.just("normal"), st.just(True), st.just(3))] * 6,
        st.builds(
            SeriesLot,
            st.just("normal"),
            st.booleans(),
            st.sampled_from([0, 2, 3]),
            st.sampled_from([True, False]),
        ),
        st.just("allow_reduced"),
        st.just("end_reduced"),
        st.just("resume"),
    ),
    max_size=80,
)


def stepped(standing: Standing, step: SeriesLot | Act) -> Standing:
    return acted(standing, step) if isinstance(step, str) else after(standing, step)


def as_inspected(steps: Sequence[SeriesLot | Act], leave: bool = False) -> list[SeriesLot | Act]:
    """The same lots, each inspected under the severity that its series demanded."""
    standing, walked = Standing(), list[SeriesLot | Act]()
    for step in steps:
        if isinstance(step, str):
            walked.append(step)
            standing = acted(standing, step)
            continue
        severity: SamplingSeverity = "tightened" if standing.severity == "discontinued" else standing.severity
        walked.append(SeriesLot(severity, step.accepted, step.points, step.original))
        standing = after(standing, walked[-1], leave=leave)
    return walked


@pytest.mark.proves("SMP-4")
@settings(max_examples=400)
@given(LOTS, st.booleans())
def test_the_table_says_what_the_clauses_say(lots: list[SeriesLot], leave: bool) -> None:
    for series in (lots, as_inspected(lots, leave)):
        inspected = [lot for lot in series if not isinstance(lot, str)]
        assert standing_after(inspected, leave=leave).severity == literally(series, leave)


@pytest.mark.proves("SMP-4")
@settings(max_examples=400)
@given(STEERED)
def test_acts_move_a_series_as_the_clauses_say(steps: list[SeriesLot | Act]) -> None:
    for series in (steps, as_inspected(steps)):
        standing = Standing()
        for step in series:
            standing = stepped(standing, step)
        assert standing.severity == literally(series)


def twin_that_reduces_without_leave(steps: Sequence[SeriesLot]) -> str:
    return standing_after(steps, leave=True).severity


@pytest.mark.proves("SMP-4")
def test_reduced_inspection_without_leave_is_caught() -> None:
    proven = [SeriesLot("normal", accepted=True, points=3)] * 10
    assert literally(proven) == "normal" == standing_after(proven).severity
    assert twin_that_reduces_without_leave(proven) == "reduced"


def twin_that_counts_resubmitted_lots(lots: list[SeriesLot]) -> str:
    return standing_after(SeriesLot(lot.severity, lot.accepted, lot.points) for lot in lots).severity


def twin_that_looks_for_two_in_a_row(lots: list[SeriesLot]) -> str:
    rejected = [not lot.accepted for lot in lots]
    return "tightened" if any(a and b for a, b in itertools.pairwise(rejected)) else "normal"


@pytest.mark.proves("SMP-4")
def test_naive_readings_are_caught() -> None:
    rejected = SeriesLot("normal", accepted=False)
    again = SeriesLot("normal", accepted=False, original=False)
    accepted = SeriesLot("normal", accepted=True, points=2)
    assert literally([rejected, again]) == "normal" == standing_after([rejected, again]).severity
    assert twin_that_counts_resubmitted_lots([rejected, again]) == "tightened"
    apart = [rejected, accepted, rejected]
    assert literally(apart) == "tightened" == standing_after(apart).severity
    assert twin_that_looks_for_two_in_a_row(apart) == "normal"


def test_every_rule_has_its_condition_and_every_severity_a_way_on() -> None:
    for switches in SWITCHES.values():
        assert {switch.condition for switch in switches} <= set(CONDITIONS)
        assert {switch.source for switch in switches} == {"normal", "tightened", "reduced"}
    assert {source for source, _ in ACTS.values()} == {"normal", "reduced", "discontinued"}
    assert not may_act(Standing(), "allow_reduced")
    assert may_act(Standing(may_reduce=True), "allow_reduced")
    stopped = Standing("discontinued")
    assert after(stopped, SeriesLot("tightened", accepted=True)) == stopped


@pytest.mark.proves("SMP-4")
@pytest.mark.parametrize(
    ("severities", "act", "then"),
    [
        (["normal", "normal"], "joined_normal", "normal"),
        (["tightened", "tightened"], "joined_tightened", "tightened"),
        (["tightened", "normal"], "joined_tightened", "tightened"),
        (["reduced", "tightened"], "joined_tightened", "tightened"),
        (["reduced", "normal"], "joined_normal", "normal"),
        (["reduced", "reduced"], None, None),
        (["tightened"], None, None),
    ],
)
def test_series_that_become_one_are_inspected_as_hard_as_the_harder(
    severities: list[SeriesSeverity], act: str | None, then: SeriesSeverity | None
) -> None:
    found = harder(severities)
    assert found == act
    order: tuple[SeriesSeverity, ...] = ("reduced", "normal", "tightened", "discontinued")
    for counted in order:
        if found is not None and then is not None:
            now = acted(Standing(counted), found).severity
            assert order.index(now) == max(order.index(counted), order.index(then)), counted
