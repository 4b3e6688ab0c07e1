"""The rules of CAPA, change control and complaints, as tables; and a careless rule beside each that they catch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.domain.capas import (
    Capa,
    Cause,
    against_analysis,
    against_carrying_out,
    against_closing,
    against_judging,
    against_plan,
)
from backend.domain.change_requests import (
    Affected,
    ChangeRequest,
    Status,
    against_approving,
    against_effect,
    against_submitting,
)
from backend.domain.complaints import against_assessing, against_investigating, due
from backend.domain.errors import Reason
from backend.domain.likeness import alike
from backend.domain.ncrs import FollowUp

TODAY = "2026-11-29"


def codes(reasons: list[Reason]) -> list[str]:
    return [reason.code for reason in reasons]


ANALYSES = (
    (["why"], [], "burrs", []),
    ([], [Cause("machine", "worn", proven=True)], "burrs", []),
    ([], [], "burrs", ["cause_unfounded"]),
    ([], [Cause("machine", "worn")], "burrs", ["cause_unfounded"]),
    (["why"], [], " ", ["cause_missing"]),
    (["why"], [Cause("machine", " ")], "burrs", ["cause_empty"]),
    (["why"] * 6, [], "burrs", ["whys_too_many"]),
)


@pytest.mark.proves("QUA-2")
@pytest.mark.parametrize(("whys", "causes", "root", "expected"), ANALYSES)
def test_a_cause_has_words_and_something_that_it_was_found_by(
    whys: list[str], causes: list[Cause], root: str, expected: list[str]
) -> None:
    assert codes(against_analysis(whys, causes, root)) == expected


PLANS = (
    (1, "none", "0 of 10", "2026-12-20", "2026-12-10", []),
    (0, "none", "0 of 10", "2026-12-20", "", ["plan_without_actions"]),
    (1, " ", "0 of 10", "2026-12-20", "2026-12-10", ["adverse_missing"]),
    (1, "none", "", "2026-12-20", "2026-12-10", ["criterion_missing"]),
    (1, "none", "0 of 10", "2026-12-10", "2026-12-10", ["waiting_too_short"]),
    (1, "none", "0 of 10", "2026-11-01", "2026-10-01", ["due_day_wrong"]),
    (1, "none", "0 of 10", "soon", "2026-12-10", ["due_day_wrong"]),
)


@pytest.mark.proves("QUA-2")
@pytest.mark.parametrize(("count", "adverse", "criterion", "waits", "last", "expected"), PLANS)
def test_a_plan_says_who_why_it_harms_nothing_and_when_it_has_worked(
    count: int, adverse: str, criterion: str, waits: str, last: str, expected: list[str]
) -> None:
    assert codes(against_plan(count, adverse, criterion, waits, last, TODAY)) == expected


def capa(**fields: object) -> Capa:
    right: dict[str, object] = {
        "id": "c",
        "site_id": "s",
        "number": "K26-000001",
        "title": "t",
        "problem": "p",
        "sources": [],
        "owner_id": "novak",
        "due_on": "2026-12-31",
        "opened_by": "novak",
        "opened_at": "2026-11-01T00:00:00.000000Z",
        "waits_until": "2026-12-01",
    }
    return Capa(**(right | fields))  # type: ignore[arg-type]


Rule = Callable[[Capa, str, str], list[Reason]]


def on_the_day_before(rule: Rule) -> bool:
    """Whether a rule lets an effect be judged before the waiting time is over."""
    return rule(capa(), "none of ten", "2026-11-30") == []


def careless(_: Capa, evidence: str, today: str) -> list[Reason]:
    """The twin: any evidence at any time."""
    return [] if evidence else [Reason("evidence_missing")]


@pytest.mark.proves("QUA-2")
def test_an_effect_is_judged_after_the_waiting_time_and_by_evidence() -> None:
    assert codes(against_judging(capa(), "none of ten", "2026-12-01")) == []
    assert codes(against_judging(capa(), " ", "2026-12-01")) == ["evidence_missing"]
    assert not on_the_day_before(against_judging)
    assert on_the_day_before(careless), "the twin must be caught"


@pytest.mark.proves("QUA-2")
def test_nothing_waits_for_its_effect_before_it_was_done_and_nobody_closes_what_they_own() -> None:
    open_one = FollowUp("f", "s", None, "guard", "li", "2026-12-10", subject_kind="capa", subject_id="c")
    done = FollowUp("g", "s", None, "guard", "li", "2026-12-10", "2026-12-09", "fitted")
    assert codes(against_carrying_out([done, open_one])) == ["follow_up_open"]
    assert against_carrying_out([done]) == []
    assert codes(against_closing(capa(), "novak")) == ["capa_own"]
    assert against_closing(capa(), "zhou") == []


def change(status: Status = "review", **fields: object) -> ChangeRequest:
    right: dict[str, object] = {
        "id": "e",
        "site_id": "s",
        "number": "E26-000001",
        "title": "t",
        "why": "w",
        "risk": "r",
        "affected": [Affected("plan", "II-TUB-30")],
        "told": [],
        "trained": [],
        "owner_id": "li",
        "due_on": "2026-12-31",
        "opened_by": "novak",
        "opened_at": "2026-11-01T00:00:00.000000Z",
        "status": status,
    }
    return ChangeRequest(**(right | fields))  # type: ignore[arg-type]


LACKS = (
    ({}, []),
    ({"why": ""}, ["reason_missing"]),
    ({"risk": " "}, ["risk_missing"]),
    ({"affected": []}, ["nothing_affected"]),
    ({"affected": [Affected("item", "")]}, ["affected_empty"]),
)


@pytest.mark.proves("QUA-3")
@pytest.mark.parametrize(("fields", "expected"), LACKS)
def test_a_draft_says_what_it_touches_and_what_it_risks(
    fields: dict[str, object], expected: list[str]
) -> None:
    assert codes(against_submitting(change("draft", **fields))) == expected


@pytest.mark.proves("QUA-3")
def test_nobody_approves_what_they_asked_for_or_carry_out() -> None:
    assert codes(against_approving(change(), "novak")) == ["change_own"]
    assert codes(against_approving(change(), "li")) == ["change_own"]
    assert against_approving(change(), "zhou") == []


@pytest.mark.proves("QUA-3")
@pytest.mark.parametrize(
    ("status", "code", "stands"),
    [
        ("draft", "II-TUB-30", True),
        ("review", "II-TUB-30", True),
        ("approved", "II-TUB-30", False),
        ("closed", "II-TUB-30", False),
        ("withdrawn", "II-TUB-30", False),
        ("review", "II-TUB-31", False),
    ],
)
def test_nothing_of_a_change_is_effective_before_it_is_approved(
    status: Status, code: str, stands: bool
) -> None:
    found = codes(against_effect([change(status)], "plan", code))
    assert found == (["change_not_approved"] if stands else [])


DUE = (
    ("none", False, "2026-12-29"),
    ("possible", True, "2026-12-19"),
    ("serious", True, "2026-12-19"),
    ("death", True, "2026-12-06"),
    (None, None, "2026-12-29"),
)


@pytest.mark.proves("QUA-8")
@pytest.mark.parametrize(("harm", "reportable", "expected"), DUE)
def test_what_is_reportable_is_due_in_the_days_that_its_harm_allows(
    harm: str, reportable: bool, expected: str
) -> None:
    assert due(TODAY, harm, reportable) == expected  # type: ignore[arg-type]


@pytest.mark.proves("QUA-8")
def test_serious_harm_is_reported_and_a_report_needs_a_fault_and_a_lot() -> None:
    assert codes(against_assessing("death", False)) == ["harm_is_reportable"]
    assert against_assessing("serious", True) == against_assessing("none", False) == []
    assert codes(against_investigating("", True, "lot", False)) == ["findings_missing"]
    assert codes(against_investigating("f", False, "lot", True)) == ["report_without_fault"]
    assert codes(against_investigating("f", True, None, True)) == ["complaint_without_lot"]
    assert against_investigating("f", True, "lot", True) == []


TEXTS = ["needle tip bent after use", "connector comes off the tube", "针尖弯曲", "label smudged"]


@pytest.mark.proves("RES-11")
@pytest.mark.parametrize(
    ("said", "likest"),
    [
        ("the tip of the needle is bent", 0),
        ("tube: connector came off", 1),
        ("针尖有弯曲现象", 2),
        ("Ｌａｂｅｌ smudged", 3),
    ],
)
def test_the_likest_text_is_found_in_both_languages(said: str, likest: int) -> None:
    scores = alike(said, TEXTS)
    assert scores.index(max(scores)) == likest
    assert all(0 <= score <= 1.000001 for score in scores)
    assert alike("", TEXTS) == [0.0] * 4
