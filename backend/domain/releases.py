"""The release gate: every reason that stands in the way, at once (REL-2). The screen and the gate call this."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason
from backend.domain.label_counts import LabelBalance, difference
from backend.domain.ncrs import Ncr
from backend.domain.signatures import TO_MARKET, Disposition
from backend.domain.training import Owed, untrained


class Component(msgspec.Struct, frozen=True):
    """A lot that went into the one to be released, as it stands now; `conditional`: some of it at risk."""

    number: str
    status: str
    quantity: Decimal


class Gates(msgspec.Struct, frozen=True):
    """Production release by the contract maker, then market release by us: ids of organisations and people."""

    maker: str
    own: str
    signer: str
    """The organisation of who signs."""
    waiting: bool
    """Some stock has no production release yet."""
    produced: list[tuple[str, str]] = []
    """(person, organisation) behind each production release in force."""


class OnPaper(msgspec.Struct, frozen=True):
    """What the receipt was taken over with from the old system; `released`: as released on paper, with the evidence
    of it. `taken_by`: the id of the person who imported that."""

    released: bool
    taken_by: str


class ReleaseCase(msgspec.Struct, frozen=True):
    """All that the decision rests on, gathered in one transaction."""

    decided: bool
    """Nothing is left that a decision could be about."""
    lot_status: str
    expires_on: str | None
    today: str
    supplier_blocked: str | None
    """The code of its supplier, where that is blocked or qualified for the item no more (QUA-5)."""
    inspections: list[tuple[str, str]]
    """(number, status) of each inspection of the receipt that no later one repeats."""
    missing_items: list[str]
    undecidable_items: list[str]
    ncrs: list[Ncr]
    holds: list[str]
    """Codes of holds in force that no disposition has lifted."""
    components: list[Component]
    contributors: list[str]
    """Ids of people who recorded a result of this receipt in force or superseded."""
    signer_id: str
    labels: LabelBalance = LabelBalance()
    """Of the whole lot."""
    assessments: list[tuple[str, str]] = []
    """(number, gauge) of each open assessment of the receipt: what a gauge out of tolerance has measured."""
    retest_on: str | None = None
    retested: bool = False
    """A retest for that date was accepted."""
    lent_by: str | None = None
    """Id of the person for whom the signer decides (REL-3)."""
    gates: Gates | None = None
    """Where somebody else makes it for us (REL-9)."""
    reworked: list[tuple[str, bool]] = []
    """(number of the report, whether its inspection was begun again) of what was reworked and has no new results."""
    reworking: list[tuple[str, str]] = []
    """(number of the rework, of its report) of what is not finished."""
    sent_back: list[tuple[str, str]] = []
    """(what is missing, who is to answer) of each time that a release was sent back and is not answered."""
    untrained: list[Owed] = []
    """What whoever signs would have to be trained in: methods of the receipt's inspections (REL-11)."""
    on_paper: OnPaper | None = None
    """Where it lay here before Lotgate (ADR 38)."""


REJECT_WAITS_FOR = ("decided_already", "own_result", "delegated_by_contributor", "untrained")
"""Whatever else stands against a release stands for a rejection."""

# Which action removes a blocker. Time removes the others.
UNBLOCKED_BY: dict[str, str] = {
    "own_result": "sign_release",
    "inspection_missing": "approve_plan",
    "items_missing": "record_results",
    "items_undecidable": "correct_result",
    "inspection_open": "record_results",
    "inspection_failed": "dispose_ncr",
    "concession_needed": "sign_release",
    "ncr_open": "dispose_ncr",
    "rework_not_inspected": "record_results",
    "rework_open": "finish_rework",
    "on_hold": "lift_hold",
    "assessment_open": "close_assessment",
    "labels_unreconciled": "reconcile_labels",
    "labels_missing": "accept_missing_labels",
    "retest_due": "open_retest",
    "component_not_released": "sign_release",
    "production_release_missing": "sign_release",
    "gate_of_market": "sign_release",
    "gate_same": "sign_release",
    "delegated_by_contributor": "sign_release",
    "supplier_blocked": "qualify_supplier",
    "untrained": "sign_release",
    "own_import": "sign_release",
}

# What a meaning does not wait for, beside what it always waits for.
WAIVED: dict[str, frozenset[str]] = {
    "release": frozenset(),
    # Used at risk before the results are in; never against a failure, a hold or an expiry (REL-6).
    "conditional": frozenset(
        {
            "inspection_missing",
            "inspection_open",
            "items_missing",
            "items_undecidable",
            "labels_unreconciled",
            "labels_missing",
        }
    ),
    # A failure that an NCR's disposition accepts as it is.
    "concession": frozenset({"concession_needed"}),
    "production": frozenset(),
    # Released on paper before Lotgate: that stands for the inspection, unless somebody has begun one here.
    "take_over": frozenset({"inspection_missing"}),
}


def blockers(case: ReleaseCase, meaning: Disposition = "release") -> list[Reason]:
    """Every reason why the receipt can't be decided like this; empty: nothing stands in the way."""
    found: list[Reason] = []
    if case.decided:
        found.append(Reason("decided_already"))
    if case.signer_id in case.contributors:
        found.append(Reason("own_result"))
    if case.lent_by is not None and case.lent_by in case.contributors:
        found.append(Reason("delegated_by_contributor", {"rule": "REL-3"}))
    found += [untrained(each) for each in case.untrained]
    found += [Reason("sent_back", {"what": what, "owner": owner}) for what, owner in case.sent_back]
    found += _gate_reasons(case, meaning)
    found += _paper_reasons(case, meaning)
    found += _inspection_reasons(case)
    found += _ncr_reasons(case)
    found += _rework_reasons(case, meaning)
    found += [Reason("on_hold", {"hold": code}) for code in case.holds]
    found += [
        Reason("assessment_open", {"assessment": number, "gauge": gauge, "rule": "RES-7"})
        for number, gauge in case.assessments
    ]
    found += difference(case.labels)
    if case.expires_on is not None and case.expires_on < case.today:
        found.append(Reason("lot_expired", {"expiry": case.expires_on}))
    elif case.retest_on is not None and case.retest_on < case.today and not case.retested:
        found.append(Reason("retest_due", {"retest_on": case.retest_on, "rule": "REL-8"}))
    if case.supplier_blocked:
        found.append(Reason("supplier_blocked", {"supplier": case.supplier_blocked}))
    found += [
        Reason("component_not_released", {"lot": part.number, "status": part.status})
        for part in case.components
        if part.status in ("held", "rejected", "recalled", "conditional")
    ]
    if meaning == "concession" and not _conceded(case):
        found.append(Reason("nothing_to_concede"))
    if meaning == "reject":
        return [reason for reason in found if reason.code in REJECT_WAITS_FOR]
    waived = WAIVED[meaning]
    if meaning == "production" and case.on_paper is not None and case.on_paper.released:
        waived = WAIVED["take_over"]  # the first of the two gates that it is taken over through
    return [reason for reason in found if reason.code not in waived]


def _paper_reasons(case: ReleaseCase, meaning: Disposition) -> list[Reason]:
    """Taken over as released is only what was released on paper, by somebody else than whoever imported that."""
    if meaning != "take_over":
        return []
    paper = case.on_paper
    if paper is None or not paper.released:
        return [Reason("nothing_to_take_over", {"rule": "REL-2"})]
    if paper.taken_by in (case.signer_id, case.lent_by):
        return [Reason("own_import", {"rule": "REL-3"})]
    return []


def _gate_reasons(case: ReleaseCase, meaning: Disposition) -> list[Reason]:
    """Two gates, two organisations, two people (REL-9)."""
    gates = case.gates
    if gates is None:
        return [Reason("production_not_wanted")] if meaning == "production" else []
    if meaning == "production":
        return [] if gates.signer == gates.maker else [Reason("gate_of_maker", {"rule": "REL-9"})]
    if meaning not in TO_MARKET:
        return []
    found = []
    if gates.waiting:
        found.append(Reason("production_release_missing", {"rule": "REL-9"}))
    if gates.signer != gates.own:
        found.append(Reason("gate_of_market", {"rule": "REL-9"}))
    if any(
        case.signer_id == person or gates.signer == organisation for person, organisation in gates.produced
    ):
        found.append(Reason("gate_same", {"rule": "REL-9"}))
    return found


def _conceded(case: ReleaseCase) -> bool:
    """Some nonconformity is accepted as it is, and none otherwise stands against it."""
    return any(ncr.disposition == "use_as_is" for ncr in case.ncrs)


def _inspection_reasons(case: ReleaseCase) -> list[Reason]:
    if not case.inspections:
        return [Reason("inspection_missing")]
    found = []
    if case.missing_items:
        found.append(Reason("items_missing", {"items": case.missing_items, "count": len(case.missing_items)}))
    if case.undecidable_items:
        found.append(Reason("items_undecidable", {"items": case.undecidable_items}))
    # A failure is settled by the disposition of its NCRs, never by the inspection itself; and stock that is used
    # as it is passes by concession, not by release (ISO 13485 8.3.2).
    settled = bool(case.ncrs) and all(
        ncr.status in ("disposed", "closed") and ncr.disposition in ("use_as_is", "rework")
        for ncr in case.ncrs
    )
    for number, status in case.inspections:
        if status == "failed" and not settled:
            found.append(Reason("inspection_failed", {"inspection": number}))
        elif status == "failed" and _conceded(case):
            found.append(Reason("concession_needed", {"inspection": number}))
    found += [
        Reason("inspection_open", {"inspection": number})
        for number, status in case.inspections
        if status in ("open", "in_progress") and not case.missing_items and not case.undecidable_items
    ]
    return found


def _rework_reasons(case: ReleaseCase, meaning: Disposition) -> list[Reason]:
    """What is reworked is used, even at risk, only once that is finished and it was inspected again (LOT-6).

    An inspection that has begun again stands for itself, except where a meaning does not wait for it."""
    unfinished = [
        Reason("rework_open", {"rework": rework, "ncr": ncr, "rule": "LOT-6"})
        for rework, ncr in case.reworking
    ]
    return unfinished + [
        Reason("rework_not_inspected", {"ncr": number, "rule": "LOT-6"})
        for number, begun in case.reworked
        if not begun or meaning == "conditional"
    ]


def _ncr_reasons(case: ReleaseCase) -> list[Reason]:
    """An open critical or major NCR blocks."""
    return [
        Reason("ncr_open", {"ncr": ncr.number, "severity": ncr.severity, "status": ncr.status})
        for ncr in case.ncrs
        if ncr.status in ("open", "contained") and ncr.severity in ("critical", "major")
    ]
