"""What a decision can be about, how parts of it are named, and which of several inspections stands (LOT-9, LOT-11,
SMP-6, REL-6, REL-8): the rules alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Inspection
from backend.domain.lots import Portion, PortionStatus
from backend.domain.part_decisions import (
    Part,
    Terms,
    check_terms,
    parts_of,
    past_makers_gate,
    quantity_of,
    undecided,
)
from backend.domain.shares import Share, Taken, take_shares
from backend.domain.signatures import Disposition, Release
from backend.domain.standing_results import Stand, asked_twice, check_stands, families, standing
from backend.domain.steps import Step, take


def portion(
    status: PortionStatus, quantity: str = "0.5", id: str = "p", release_id: str | None = None
) -> Portion:
    """So much stock with this status."""
    return Portion(id, "site", "lot", "receipt", Decimal(quantity), status, "A1", release_id=release_id)


def before(number: str | None) -> Release:
    """A decision in force: one with a number names its parts."""
    return cast(Release, SimpleNamespace(number=number))


OPEN = {"quarantine", "inspecting", "held"}
ANEW = {
    "conditional": {"release", "concession", "reject", "production", "take_over"},
    "production_released": {"release", "concession", "reject", "take_over"},
}


@pytest.mark.proves("LOT-11", "REL-6", "REL-9")
@pytest.mark.parametrize("status", get_args(PortionStatus))
@pytest.mark.parametrize("meaning", get_args(Disposition))
def test_what_a_decision_can_be_about(status: PortionStatus, meaning: Disposition) -> None:
    about = status in OPEN or status == "rejected" or meaning in ANEW.get(status, set())
    here = portion(status)
    assert undecided([here], [], meaning) == ([here] if about else [])
    used_up = portion(status, "0")
    assert undecided([used_up], [], meaning) == ([used_up] if status == "conditional" and about else []), (
        "what was used at risk is decided on all the same; of nothing else is there anything to decide"
    )


@pytest.mark.proves("LOT-11")
def test_rejected_stock_is_decided_once() -> None:
    by_disposition, signed = portion("rejected"), portion("rejected", release_id="r")
    parts, everything = [before("R-1")], [before(None)]
    assert undecided([by_disposition, signed], parts) == [by_disposition]
    assert undecided([by_disposition], [*parts, *everything]) == []


@pytest.mark.proves("REL-8")
def test_after_an_accepted_retest_what_is_released_is_released_again() -> None:
    stock = [portion("released"), portion("released", "0"), portion("conceded")]
    assert undecided(stock, [], renewing=True) == stock[:1]
    assert undecided(stock, []) == undecided(stock, [], "reject", renewing=True) == []


@pytest.mark.proves("REL-8", "REL-9")
@pytest.mark.parametrize("status", get_args(PortionStatus))
@pytest.mark.parametrize("renewing", [False, True])
@pytest.mark.parametrize("release_id", [None, "r", "other"])
@pytest.mark.parametrize("behind", [frozenset(), frozenset({"r"}), frozenset({None})])
def test_which_stock_the_contract_maker_let_through(
    status: PortionStatus, renewing: bool, release_id: str | None, behind: frozenset[str | None]
) -> None:
    let_through = {
        "production_released": True,
        "released": renewing,
        "held": renewing and (release_id, behind) in [("r", frozenset({"r"})), (None, frozenset({None}))],
    }
    here = portion(status, release_id=release_id)
    assert past_makers_gate(here, renewing, behind) is let_through.get(status, False)


DAY = date(2026, 5, 4)
TERMS: list[tuple[Disposition, Terms, list[tuple[str, str | None, dict[str, str]]]]] = [
    ("release", Terms(), []),
    ("release", Terms(condition=" "), []),
    ("release", Terms(condition="x"), [("condition_not_wanted", "condition", {"meaning": "release"})]),
    ("release", Terms(ends_on="2099-01-01"), [("end_not_wanted", "ends_on", {"meaning": "release"})]),
    ("reject", Terms(condition="x"), [("condition_not_wanted", "condition", {"meaning": "reject"})]),
    ("production", Terms(condition="x"), [("condition_not_wanted", "condition", {"meaning": "production"})]),
    ("conditional", Terms(condition="line 2 stands still"), []),
    ("conditional", Terms(), [("condition_missing", "condition", {"meaning": "conditional"})]),
    ("conditional", Terms("x", "2099-01-01"), [("end_not_wanted", "ends_on", {"meaning": "conditional"})]),
    ("concession", Terms(), [("condition_missing", "condition", {"meaning": "concession"}),
                             ("end_day_wrong", "ends_on", {"ends_on": ""})]),
    ("concession", Terms("  ", "2099-01-01"), [("condition_missing", "condition", {"meaning": "concession"})]),
    ("concession", Terms("x", "2026-05-03"), [("end_day_wrong", "ends_on", {"ends_on": "2026-05-03"})]),
    ("concession", Terms("x", "soon"), [("end_day_wrong", "ends_on", {"ends_on": "soon"})]),
    ("concession", Terms("x", "2026-05-04"), []),
]  # fmt: skip


@pytest.mark.proves("REL-6")
@pytest.mark.parametrize(("meaning", "terms", "expected"), TERMS)
def test_what_a_meaning_has_to_say(
    meaning: Disposition, terms: Terms, expected: list[tuple[str, str | None, dict[str, str]]]
) -> None:
    found = check_terms(meaning, terms, DAY)
    assert [(reason.code, reason.field, reason.facts) for reason in found] == expected


@pytest.mark.proves("LOT-9", "REL-6")
def test_parts_are_named_or_everything_is_meant() -> None:
    a, b = portion("inspecting", "5", "a"), portion("conditional", "2", "b")
    used = {"b": Decimal(3), "a": Decimal(7)}
    everything = parts_of([a, b], used, [])
    assert everything == [Part(a, Decimal(5)), Part(b, Decimal(2), Decimal(3))]
    assert quantity_of(everything) == 10
    some = parts_of([a, b], used, [Share("b", "2"), Share("a", "1.5")], "kg")
    assert some == [Part(b, Decimal(2), Decimal(3)), Part(a, Decimal("1.5"))]
    assert quantity_of(some) == Decimal("6.5")
    assert parts_of([b], {}, []) == [Part(b, Decimal(2), Decimal(0))]
    with pytest.raises(Refused) as refused:
        parts_of([a, b], used, [Share("b", "1"), Share("c", "1"), Share("a", "0.5")], "pcs")
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("portion_at_risk_whole", "shares.0.quantity"),
        ("portion_not_undecided", "shares.1"),
        ("quantity_not_whole", "shares.2.quantity"),
    ]


WRONG = ["0", "-1", "", "many", "NaN", "Infinity"]


@pytest.mark.proves("LOT-9")
@pytest.mark.parametrize("quantity", WRONG)
def test_what_is_no_quantity(quantity: str) -> None:
    with pytest.raises(Refused) as refused:
        take_shares([portion("released")], [Share("p", quantity)])
    reason = Reason("quantity_not_positive", {"quantity": quantity}, "shares.0.quantity")
    assert refused.value.reasons == (reason,)


@pytest.mark.proves("LOT-9")
def test_what_does_not_fit_is_said_of_each_share_and_nothing_is_taken() -> None:
    stock = [
        portion("released", "5", "a"),
        portion("released", "0", "empty"),
        portion("conditional", "0", "whole"),
    ]
    assert take_shares(stock, [Share("a", " 5.0 ")]) == [Taken(stock[0], Decimal("5.0"))]
    assert take_shares(stock, [Share("whole", "0")], whole=["whole"]) == [Taken(stock[2], Decimal(0))]
    shares = [Share("a", "5.1"), Share("a", "1"), Share("empty", "1"), Share("x", "1"), Share("whole", "1")]
    with pytest.raises(Refused) as refused:
        take_shares(stock, shares, whole=["whole"])
    assert refused.value.reasons == (
        Reason("quantity_over_portion", {"quantity": "5.1", "there": "5"}, "shares.0.quantity"),
        Reason("portion_twice", {"portion": "a"}, "shares.1"),
        Reason("portion_unknown", {"portion": "empty"}, "shares.2"),
        Reason("portion_unknown", {"portion": "x"}, "shares.3"),
        Reason("portion_at_risk_whole", {"there": "0"}, "shares.4.quantity"),
    )


def inspection(
    number: str, opened_at: str, status: Any = "passed", again_of: str | None = None
) -> Inspection:
    """One that asks, or asks once more."""
    return Inspection(
        *(
            f"id-{number}",
            "site",
            number,
            "lot",
            "receipt",
            "plan",
            "incoming",
            status,
            100,
            "seed",
            opened_at,
        ),
        again_of=again_of,
    )


FIRST = inspection("I-1", "2026-05-01", "failed")
AGAIN = inspection("I-2", "2026-05-02", again_of="id-I-1")
THIRD = inspection("I-3", "2026-05-03", again_of="id-I-1")
OTHER = inspection("I-4", "2026-05-02")


@pytest.mark.proves("SMP-6")
def test_inspections_that_ask_the_same_are_one_family_oldest_first() -> None:
    assert families([THIRD, OTHER, AGAIN, FIRST]) == [[FIRST, AGAIN, THIRD], [OTHER]]
    assert asked_twice([THIRD, OTHER, AGAIN, FIRST]) == [[FIRST, AGAIN, THIRD]]
    assert asked_twice([FIRST, OTHER]) == []
    at_once = [inspection("I-9", "2026-05-02"), inspection("I-8", "2026-05-02")]
    assert [family[0].number for family in families(at_once)] == ["I-8", "I-9"]


def stand(number: str, reason: str = "the sampler was dirty") -> Stand:
    return Stand(number, reason)


UNSAID = Reason("stand_unsaid", {"inspections": ["I-1", "I-2"], "rule": "SMP-6"}, "stands")
STANDS: list[tuple[list[Stand], list[Reason]]] = [
    ([stand("I-1")], []),
    ([stand("I-2")], []),
    ([], [UNSAID]),
    ([stand("I-4")], [Reason("stand_unknown", {"inspection": "I-4"}, "stands.0.inspection"), UNSAID]),
    ([stand("I-1"), stand("I-2")], [Reason("stand_unknown", {"inspection": "I-2"}, "stands.1.inspection")]),
    ([stand("I-2", "  ")], [Reason("reason_missing", field="stands.0.reason")]),
    (
        [stand("I-9"), stand("I-1", "")],
        [
            Reason("stand_unknown", {"inspection": "I-9"}, "stands.0.inspection"),
            Reason("reason_missing", field="stands.1.reason"),
        ],
    ),
]


@pytest.mark.proves("SMP-6")
@pytest.mark.parametrize(("stands", "expected"), STANDS)
def test_who_signs_says_of_each_question_asked_twice_which_answer_stands(
    stands: list[Stand], expected: list[Reason]
) -> None:
    assert check_stands([FIRST, AGAIN, OTHER], stands) == expected


@pytest.mark.proves("SMP-6")
def test_what_is_judged() -> None:
    found = [OTHER, AGAIN, FIRST]
    assert standing(found, [stand("I-1")]) == [FIRST, OTHER]
    assert standing(found, [stand("I-2")]) == [AGAIN, OTHER]
    assert standing(found, []) == [FIRST, AGAIN, OTHER], "nothing was said, so all of it counts"
    assert standing(found, None) == [AGAIN, OTHER], "before anybody has chosen: one that passed"
    assert standing([AGAIN, THIRD], None) == [AGAIN], "the first of those that passed"
    failed = [FIRST, inspection("I-2", "2026-05-02", "failed", "id-I-1")]
    assert standing(failed, None) == failed


TABLE = (
    Step("open", ("new", "shut"), "open"),
    Step("shut", ("open",), "shut"),
    Step("burn", ("open",), "ashes"),
)


def test_a_step_leads_where_the_table_says_and_is_refused_with_what_would_be_allowed() -> None:
    assert [take(TABLE, "open", state) for state in ("new", "shut")] == ["open", "open"]
    assert take(TABLE, "burn", "open") == "ashes"
    for name, state, allowed in [
        ("open", "open", ["burn", "shut"]), ("shut", "new", ["open"]), ("melt", "ashes", []),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            take(TABLE, name, state)
        reason = Reason("step_not_allowed", {"step": name, "state": state, "allowed": allowed})
        assert refused.value.reasons == (reason,)
