"""The release gate as a table: one thing stands against a receipt that is otherwise in order; who hears of it, by
meaning (REL-2, REL-3, REL-6, REL-8, REL-9, REL-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Reason
from backend.domain.label_counts import LabelBalance
from backend.domain.ncrs import Ncr
from backend.domain.releases import UNBLOCKED_BY, WAIVED, Component, Gates, OnPaper, ReleaseCase, blockers
from backend.domain.signatures import Disposition
from backend.domain.training import Owed

IN_ORDER = ReleaseCase(
    decided=False,
    lot_status="inspecting",
    expires_on="2028-01-31",
    today="2026-05-04",
    supplier_blocked=None,
    inspections=[("I-1", "passed")],
    missing_items=[],
    undecidable_items=[],
    ncrs=[],
    holds=[],
    components=[Component("C-1", "released", Decimal(3))],
    contributors=["inspector"],
    signer_id="supervisor",
)


def ncr(status: Any, severity: Any = "major", disposition: Any = None) -> Ncr:
    """A nonconformity of the receipt."""
    return Ncr(
        *("n", "s", "N-1", "l", "r", "i", "LEN", "reading", severity, status),
        quantity=Decimal(1),
        owner_id=None,
        due_on="2026-05-11",
        opened_at="2026-05-01T00:00:00.000000Z",
        disposition=disposition,
    )


FAILED = [("I-1", "failed")]
USED = {"inspections": FAILED, "ncrs": [ncr("disposed", disposition="use_as_is")]}
OWED = Owed("WI-1", "B", "v1", "lapsed")
MARKET = Gates(maker="them", own="us", signer="us", waiting=False, produced=[("hers", "them")])
PAPER: dict[str, Any] = {"inspections": [], "on_paper": OnPaper(True, "importer")}


def component(status: str) -> dict[str, Any]:
    """What went into it stands like this."""
    return {"components": [Component("C-1", status, Decimal(3))]}


# what is so of it, what a release waits for, the others where they do not wait for the same
RLCJ = ("release", "conditional", "concession", "reject")
# fmt: off
TABLE: list[tuple[str, dict[str, Any], list[str], dict[str, list[str]]]] = [
    ("nothing", {}, [], {}),
    ("decided", {"decided": True}, ["decided_already"], {"reject": ["decided_already"]}),
    ("own result", {"contributors": ["inspector", "supervisor"]}, ["own_result"], {"reject": ["own_result"]}),
    ("lent by a contributor", {"lent_by": "inspector"}, ["delegated_by_contributor"],
        {"reject": ["delegated_by_contributor"]}),
    ("lent by another", {"lent_by": "chief"}, [], {}),
    ("untrained", {"untrained": [OWED]}, ["untrained"], {"reject": ["untrained"]}),
    ("sent back", {"sent_back": [("the certificate", "wang")]}, ["sent_back"], {}),
    ("never inspected", {"inspections": []}, ["inspection_missing"], {"conditional": []}),
    ("items missing", {"missing_items": ["LEN-1"], "inspections": [("I-1", "in_progress")]}, ["items_missing"],
        {"conditional": []}),
    ("items undecidable", {"undecidable_items": ["PB-1"], "inspections": [("I-1", "open")]}, ["items_undecidable"],
        {"conditional": []}),
    ("inspection open", {"inspections": [("I-1", "passed"), ("I-2", "open")]}, ["inspection_open"],
        {"conditional": []}),
    ("inspection under way", {"inspections": [("I-1", "in_progress")]}, ["inspection_open"], {"conditional": []}),
    ("failed, no report", {"inspections": FAILED}, ["inspection_failed"], {}),
    ("failed, report open", {"inspections": FAILED, "ncrs": [ncr("open")]}, ["inspection_failed", "ncr_open"], {}),
    ("failed, minor, contained", {"inspections": FAILED, "ncrs": [ncr("contained", "minor")]},
        ["inspection_failed"], {}),
    ("failed, returned", {"inspections": FAILED, "ncrs": [ncr("disposed", disposition="return_to_supplier")]},
        ["inspection_failed"], {}),
    ("failed, one of two settled", {"inspections": FAILED,
        "ncrs": [ncr("closed", disposition="use_as_is"), ncr("closed", disposition="scrap")]}, ["inspection_failed"],
        {"concession": ["inspection_failed"]}),
    ("failed, reworked", {"inspections": FAILED, "ncrs": [ncr("closed", disposition="rework")]}, [], {}),
    ("used as it is", USED, ["concession_needed"], {"concession": []}),
    ("used as it is, closed", {"inspections": FAILED, "ncrs": [ncr("closed", disposition="use_as_is")]},
        ["concession_needed"], {"concession": []}),
    ("passed, used as it is", {"ncrs": [ncr("closed", disposition="use_as_is")]}, [], {"concession": []}),
    ("critical contained", {"ncrs": [ncr("contained", "critical")]}, ["ncr_open"], {}),
    ("minor open", {"ncrs": [ncr("open", "minor")]}, [], {}),
    ("major disposed", {"ncrs": [ncr("disposed", disposition="rework")]}, [], {}),
    ("rework under way", {"reworking": [("W-1", "N-1")]}, ["rework_open"], {}),
    ("reworked, not inspected", {"reworked": [("N-1", False)]}, ["rework_not_inspected"], {}),
    ("reworked, inspection begun", {"reworked": [("N-1", True)]}, [], {"conditional": ["rework_not_inspected"]}),
    ("held", {"holds": ["deviation"]}, ["on_hold"], {}),
    ("a gauge in doubt", {"assessments": [("A-1", "G-1")]}, ["assessment_open"], {}),
    ("labels open", {"labels": LabelBalance(printed=10, used=9)}, ["labels_unreconciled"], {"conditional": []}),
    ("more labels than printed", {"labels": LabelBalance(printed=10, used=11)}, ["labels_unreconciled"],
        {"conditional": []}),
    ("labels missing", {"labels": LabelBalance(printed=10, used=9, missing=1)}, ["labels_missing"],
        {"conditional": []}),
    ("labels accepted", {"labels": LabelBalance(10, 6, 2, 1, 1, 1)}, [], {}),
    ("expired yesterday", {"expires_on": "2026-05-03"}, ["lot_expired"], {}),
    ("expires today", {"expires_on": "2026-05-04"}, [], {}),
    ("no expiry", {"expires_on": None}, [], {}),
    ("retest due since yesterday", {"retest_on": "2026-05-03"}, ["retest_due"], {}),
    ("retest due today", {"retest_on": "2026-05-04"}, [], {}),
    ("retest accepted", {"retest_on": "2026-05-03", "retested": True}, [], {}),
    ("expired, retest accepted", {"expires_on": "2026-05-03", "retest_on": "2026-05-03", "retested": True},
        ["lot_expired"], {}),
    ("retest due, no expiry", {"expires_on": None, "retest_on": "2026-05-03"}, ["retest_due"], {}),
    ("supplier blocked", {"supplier_blocked": "QH"}, ["supplier_blocked"], {}),
    ("component held", component("held"), ["component_not_released"], {}),
    ("component rejected", component("rejected"), ["component_not_released"], {}),
    ("component recalled", component("recalled"), ["component_not_released"], {}),
    ("component at risk", component("conditional"), ["component_not_released"], {}),
    ("component conceded", component("conceded"), [], {}),
    ("two gates, both done", {"gates": MARKET}, [], {"production": ["gate_of_maker"]}),
    ("no production release", {"gates": msgspec.structs.replace(MARKET, waiting=True)}, ["production_release_missing"],
        {"conditional": [], "production": ["gate_of_maker"]}),
    ("the maker's own at the market gate", {"gates": msgspec.structs.replace(MARKET, signer="them")},
        ["gate_of_market", "gate_same"], {"conditional": [], "production": []}),
    ("one person at both gates", {"gates": msgspec.structs.replace(MARKET, produced=[("supervisor", "them")])},
        ["gate_same"], {"conditional": [], "production": ["gate_of_maker"]}),
    ("one organisation at both gates", {"gates": msgspec.structs.replace(MARKET, produced=[("hers", "us")])},
        ["gate_same"], {"conditional": [], "production": ["gate_of_maker"]}),
    ("the second of two at both gates",
        {"gates": msgspec.structs.replace(MARKET, produced=[("hers", "them"), ("supervisor", "them")])},
        ["gate_same"], {"conditional": [], "production": ["gate_of_maker"]}),
    ("released on paper", PAPER, ["inspection_missing"], {"conditional": [], "production": [], "take_over": []}),
    ("on paper, expired", {**PAPER, "expires_on": "2026-05-03"}, ["inspection_missing", "lot_expired"],
        {"conditional": ["lot_expired"], "production": ["lot_expired"], "take_over": ["lot_expired"]}),
    ("on paper, held", {**PAPER, "holds": ["by_hand"]}, ["inspection_missing", "on_hold"],
        {"conditional": ["on_hold"], "production": ["on_hold"], "take_over": ["on_hold"]}),
    ("on paper, imported by who signs", {**PAPER, "on_paper": OnPaper(True, "supervisor")}, ["inspection_missing"],
        {"conditional": [], "production": [], "take_over": ["own_import"]}),
    ("on paper, imported by who hands the right on", {**PAPER, "lent_by": "importer"}, ["inspection_missing"],
        {"conditional": [], "production": [], "take_over": ["own_import"]}),
    ("on paper, inspected here", {**PAPER, "inspections": [("I-1", "open")]}, ["inspection_open"],
        {"conditional": [], "take_over": ["inspection_open"]}),
    ("on paper, two gates", {**PAPER, "gates": msgspec.structs.replace(MARKET, waiting=True)},
        ["inspection_missing", "production_release_missing"],
        {"conditional": [], "production": ["gate_of_maker"], "take_over": ["production_release_missing"]}),
    ("in quarantine on paper", {**PAPER, "on_paper": OnPaper(False, "importer")}, ["inspection_missing"],
        {"conditional": [], "take_over": []}),
]
# fmt: on


def codes(found: list[Reason]) -> list[str]:
    return sorted(reason.code for reason in found)


def expected(meaning: str, of_release: list[str], others: dict[str, list[str]]) -> list[str]:
    """As a release waits for it, where the table says nothing else; a rejection waits for nothing."""
    return sorted(others.get(meaning, [] if meaning == "reject" else of_release))


@pytest.mark.proves("REL-2", "REL-3", "REL-6", "REL-8", "REL-9", "REL-11")
@pytest.mark.parametrize(("what", "so", "of_release", "others"), TABLE, ids=[row[0] for row in TABLE])
def test_what_stands_in_the_way(
    what: str, so: dict[str, Any], of_release: list[str], others: dict[str, list[str]]
) -> None:
    case = msgspec.structs.replace(IN_ORDER, **so)
    for meaning in ("release", "conditional", "reject"):
        assert codes(blockers(case, meaning)) == expected(meaning, of_release, others), meaning
    conceding = expected("concession", of_release, others)
    if not any(each.disposition == "use_as_is" for each in case.ncrs):
        conceding = sorted([*conceding, "nothing_to_concede"])
    assert codes(blockers(case, "concession")) == conceding
    produced = expected("production", of_release, others)
    if case.gates is None:
        produced = sorted([*produced, "production_not_wanted"])
    assert codes(blockers(case, "production")) == produced
    taken = expected("take_over", [code for code in of_release if code != "inspection_missing"], others)
    if case.on_paper is None or not case.on_paper.released:
        taken = sorted([*taken, "nothing_to_take_over"])
    assert codes(blockers(case, "take_over")) == taken


FACTS: list[tuple[dict[str, Any], Reason]] = [
    ({"lent_by": "inspector"}, Reason("delegated_by_contributor", {"rule": "REL-3"})),
    (
        {"untrained": [OWED]},
        Reason(
            "untrained",
            {
                "document": "WI-1",
                "revision": "B",
                "why": "lapsed",
                "read": "/#/training/v1",
                "rule": "REL-11",
            },
        ),
    ),
    ({"sent_back": [("the paper", "wang")]}, Reason("sent_back", {"what": "the paper", "owner": "wang"})),
    ({"missing_items": ["A", "B"]}, Reason("items_missing", {"items": ["A", "B"], "count": 2})),
    ({"undecidable_items": ["A"]}, Reason("items_undecidable", {"items": ["A"]})),
    ({"inspections": [("I-7", "open")]}, Reason("inspection_open", {"inspection": "I-7"})),
    ({"inspections": [("I-7", "failed")]}, Reason("inspection_failed", {"inspection": "I-7"})),
    (USED, Reason("concession_needed", {"inspection": "I-1"})),
    ({"ncrs": [ncr("open")]}, Reason("ncr_open", {"ncr": "N-1", "severity": "major", "status": "open"})),
    (
        {"reworking": [("W-1", "N-1")]},
        Reason("rework_open", {"rework": "W-1", "ncr": "N-1", "rule": "LOT-6"}),
    ),
    ({"reworked": [("N-1", False)]}, Reason("rework_not_inspected", {"ncr": "N-1", "rule": "LOT-6"})),
    ({"holds": ["deviation"]}, Reason("on_hold", {"hold": "deviation"})),
    (
        {"assessments": [("A-1", "G-1")]},
        Reason("assessment_open", {"assessment": "A-1", "gauge": "G-1", "rule": "RES-7"}),
    ),
    (
        {"labels": LabelBalance(printed=10, used=7)},
        Reason("labels_unreconciled", {"printed": 10, "open": 3}),
    ),
    (
        {"labels": LabelBalance(10, 8, missing=2, accepted=1)},
        Reason("labels_missing", {"printed": 10, "count": 1}),
    ),
    ({"expires_on": "2026-05-03"}, Reason("lot_expired", {"expiry": "2026-05-03"})),
    ({"retest_on": "2026-05-03"}, Reason("retest_due", {"retest_on": "2026-05-03", "rule": "REL-8"})),
    ({"supplier_blocked": "QH"}, Reason("supplier_blocked", {"supplier": "QH"})),
    (component("held"), Reason("component_not_released", {"lot": "C-1", "status": "held"})),
    (
        {"gates": msgspec.structs.replace(MARKET, waiting=True)},
        Reason("production_release_missing", {"rule": "REL-9"}),
    ),
    (
        {"gates": msgspec.structs.replace(MARKET, produced=[("supervisor", "x")])},
        Reason("gate_same", {"rule": "REL-9"}),
    ),
]


@pytest.mark.proves("REL-2")
@pytest.mark.parametrize(("so", "reason"), FACTS, ids=[reason.code for _, reason in FACTS])
def test_what_is_said_of_it(so: dict[str, Any], reason: Reason) -> None:
    """The facts from which both languages make their sentence, and the rule that asks for it."""
    assert blockers(msgspec.structs.replace(IN_ORDER, **so)) == [reason]


@pytest.mark.proves("REL-2", "REL-3")
@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        (None, Reason("nothing_to_take_over", {"rule": "REL-2"})),
        (OnPaper(False, "importer"), Reason("nothing_to_take_over", {"rule": "REL-2"})),
        (OnPaper(True, "supervisor"), Reason("own_import", {"rule": "REL-3"})),
    ],
)
def test_what_is_said_of_stock_that_nobody_may_take_over(paper: OnPaper | None, reason: Reason) -> None:
    assert blockers(msgspec.structs.replace(IN_ORDER, **{**PAPER, "on_paper": paper}), "take_over") == [
        reason
    ]


def test_at_the_wrong_gate_the_rule_is_named() -> None:
    at_market = msgspec.structs.replace(IN_ORDER, gates=msgspec.structs.replace(MARKET, signer="others"))
    assert blockers(at_market) == [Reason("gate_of_market", {"rule": "REL-9"})]
    assert blockers(at_market, "production") == [Reason("gate_of_maker", {"rule": "REL-9"})]


@pytest.mark.proves("REL-2")
@given(st.lists(st.sampled_from(TABLE), max_size=4), st.sampled_from(get_args(Disposition)))
def test_more_against_it_never_lets_more_through(
    rows: list[tuple[str, dict[str, Any], list[str], dict[str, list[str]]]], meaning: Disposition
) -> None:
    """Whatever else is so of the receipt, what stands alone against it still stands, one by one."""
    so: dict[str, Any] = {}
    kept = []
    for what, each, _, _ in rows:
        if not so.keys() & each.keys():
            so |= each
            kept.append((what, each))
    found = set(codes(blockers(msgspec.structs.replace(IN_ORDER, **so), meaning)))
    for what, each in kept:
        alone = set(codes(blockers(msgspec.structs.replace(IN_ORDER, **each), meaning)))
        # An inspection is called open only where no item of it is named; a lapsed date goes before a retest's; an
        # accepted nonconformity is something to concede, and settles a failure.
        alone -= {"inspection_open"} if found & {"items_missing", "items_undecidable"} else set()
        alone -= {"retest_due"} if "lot_expired" in found else set()
        alone -= {"nothing_to_concede", "inspection_failed"} if "ncrs" in so else set()
        # Released on paper, there is something to take over, and no inspection to wait for.
        alone -= {"nothing_to_take_over", "inspection_missing"} if "on_paper" in so else set()
        alone -= {"production_not_wanted"} if "gates" in so else set()
        alone -= (
            {"inspection_missing", "items_missing", "items_undecidable"} if "inspections" in so else set()
        )
        assert alone <= found, what


@pytest.mark.proves("REL-6")
def test_at_risk_is_never_against_a_failure_a_hold_or_a_date() -> None:
    never = {"inspection_failed", "ncr_open", "on_hold", "lot_expired", "retest_due", "assessment_open"}
    assert not WAIVED["conditional"] & never
    assert WAIVED["release"] == WAIVED["production"] == frozenset()
    assert WAIVED["concession"] == {"concession_needed"}


def test_every_reason_of_the_gate_says_who_can_take_it_away() -> None:
    """Time alone takes away an expiry; what was decided stays; a question sent back has an owner of its own."""
    seen = {reason.code for _, so, _, _ in TABLE
            for meaning in get_args(Disposition)
            for reason in blockers(msgspec.structs.replace(IN_ORDER, **so), meaning)}  # fmt: skip
    by_nobody = {"lot_expired", "decided_already", "sent_back", "nothing_to_concede", "production_not_wanted", 
                 "nothing_to_take_over",
                 "gate_of_maker"}  # fmt: skip
    assert seen - by_nobody == set(UNBLOCKED_BY)
