"""Whether a supplier may deliver: one row a case, beside the rule that looks at the supplier alone."""

from __future__ import annotations

import msgspec
import pytest

from backend.domain.errors import Reason
from backend.domain.qualifications import (
    Qualification,
    QualificationStatus,
    SupplierChange,
    against_supplier,
    ends_soon,
)

TODAY = "2026-11-29"


def given(status: QualificationStatus = "approved", expires_on: str = "2027-06-30") -> Qualification:
    return Qualification("q", "s", "u", "i", status, expires_on, "audit", "p", "2026-01-01")


def said(*item_ids: str, done: bool = False) -> SupplierChange:
    change = SupplierChange("c", "s", "u", list(item_ids), "another mould", "2026-11-01", "p", "2026-11-02")
    return msgspec.structs.replace(change, result="qualified_still") if done else change


CASES: list[tuple[str, bool, bool, Qualification | None, list[SupplierChange], list[str]]] = [
    # what it is, blocked, in force, qualification, changes, reasons
    ("no site rule yet", False, False, None, [], []),
    ("blocked before there is a rule", True, False, None, [], ["supplier_is_blocked"]),
    ("a change before there is a rule", False, False, None, [said()], []),
    ("qualified", False, True, given(), [], []),
    ("qualified, on its last day", False, True, given(expires_on=TODAY), [], []),
    ("the day after", False, True, given(expires_on="2026-11-28"), [], ["qualification_expired"]),
    ("nobody qualified it", False, True, None, [], ["qualification_missing"]),
    ("suspended", False, True, given("suspended"), [], ["qualification_suspended"]),
    ("withdrawn and expired", False, True, given("withdrawn", "2026-01-01"), [], ["qualification_withdrawn"]),
    ("blocked though qualified", True, True, given(), [], ["supplier_is_blocked"]),
    ("a change of this material", False, True, given(), [said("i")], ["supplier_change_open"]),
    ("a change of all", False, True, given(), [said()], ["supplier_change_open"]),
    ("evaluated since", False, True, given(), [said("i", done=True)], []),
    (
        "all at once",
        True,
        True,
        given(expires_on="2026-01-01"),
        [said("i"), said()],
        ["supplier_is_blocked", "qualification_expired", "supplier_change_open", "supplier_change_open"],
    ),
]


@pytest.mark.proves("QUA-5", "LOT-13")
@pytest.mark.parametrize(("what", "blocked", "in_force", "known", "changes", "expected"), CASES)
def test_who_may_deliver(
    what: str,
    blocked: bool,
    in_force: bool,
    known: Qualification | None,
    changes: list[SupplierChange],
    expected: list[str],
) -> None:
    found = against_supplier(blocked, in_force, known, changes, TODAY)
    assert [reason.code for reason in found] == expected, what


def naive_against(
    blocked: bool, in_force: bool, known: Qualification | None, changes: list[SupplierChange], today: str
) -> list[Reason]:
    """The broken twin of LOT-13: asks a supplier's qualification where it has one, so who has none may deliver."""
    return against_supplier(blocked, in_force and known is not None, known, changes, today)


@pytest.mark.proves("LOT-13")
def test_who_was_never_qualified_is_told_from_who_need_not_be() -> None:
    differing = [
        what for what, *case, expected in CASES if [r.code for r in naive_against(*case, TODAY)] != expected
    ]
    assert differing == ["nobody qualified it"]


def test_a_change_is_about_the_materials_it_names() -> None:
    assert said("i").concerns("i") and said().concerns("i") and not said("j").concerns("i")


@pytest.mark.parametrize(
    ("last_day", "soon"), [("2026-11-28", False), (TODAY, True), ("2026-12-29", True), ("2026-12-30", False)]
)
def test_a_month_ahead_it_ends_soon(last_day: str, soon: bool) -> None:
    assert ends_soon(last_day, TODAY) is soon
