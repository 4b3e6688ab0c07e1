"""Complaints from the field (QUA-8, ISO 13485 8.2.2, 21 CFR 820.198): taken in by scan, form or file, judged for harm
and for the duty to report, investigated, answered; a nonconformity report is opened where it is one.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.lots import Lot
from backend.domain.steps import Step

Harm = Literal["none", "possible", "serious", "death"]
Status = Literal["received", "assessed", "investigated", "answered", "closed"]
REPORT_WITHIN: dict[Harm, int | None] = {"none": None, "possible": 20, "serious": 20, "death": 7}
"""Days in which the authority is told at the latest, by harm: the shortest of what China's rule for adverse events of
devices asks of registrants (SAMR/NHC order 1 of 2018: death 7 days, serious injury 20 days)."""
ANSWER_WITHIN = 30
"""Days in which the person who complained has an answer where nothing else is due sooner."""


MOST_REFERENCE = 200
"""Characters of the number that another system gives."""


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever takes a complaint in says of it, by whichever door. `lot`, `consignee_id`: as they are on record."""

    received_on: str
    described: str
    reporter: str
    lot: Lot | None = None
    serial: str | None = None
    quantity: Decimal | None = None
    consignee_id: str | None = None
    attachments: list[str] = []
    reference: str | None = None


class Complaint(msgspec.Struct, frozen=True):
    """One complaint. `quantity` in the item's stock unit; `due_on`: by when the next thing it asks for is due."""

    id: str
    site_id: str
    number: str
    received_on: str
    described: str
    reporter: str
    """Who says it, and how they are reached."""
    consignee_id: str | None
    lot_id: str | None
    serial: str | None
    quantity: Decimal | None
    attachments: list[str]
    opened_by: str
    opened_at: str
    due_on: str
    status: Status = "received"
    owner_id: str | None = None
    harm: Harm | None = None
    reportable: bool | None = None
    findings: str | None = None
    justified: bool | None = None
    ncr_id: str | None = None
    reply: str | None = None
    replied_at: str | None = None
    closed_at: str | None = None
    version: int = 1
    reference: str | None = None
    """Its number in the system that it comes from, which names one complaint of a site."""
    first_lot_id: str | None = None
    """The lot that the intake named; an assessment may have named another one since. None also before it was kept."""


COMPLAINT_STEPS = (
    Step("assess", ("received", "assessed"), "assessed"),
    Step("investigate", ("assessed",), "investigated"),
    Step("answer", ("investigated",), "answered"),
    Step("close", ("answered",), "closed"),
)


def due(received_on: str, harm: Harm | None, reportable: bool | None) -> str:
    """By when: what is reportable in the days that its harm allows, all else in those for an answer."""
    within = REPORT_WITHIN[harm] if harm is not None and reportable else None
    days = min(within, ANSWER_WITHIN) if within is not None else ANSWER_WITHIN
    return (date.fromisoformat(received_on) + timedelta(days=days)).isoformat()


def against_taking(received_on: str, described: str, reporter: str, today: str) -> list[Reason]:
    """What an intake lacks."""
    found = []
    if not _is_day(received_on) or received_on > today:
        found.append(Reason("received_day_wrong", {"day": received_on}, "received_on"))
    if not described.strip():
        found.append(Reason("description_missing", field="described"))
    if not reporter.strip():
        found.append(Reason("reporter_missing", field="reporter"))
    return found


def against_intake(intake: Intake, today: str) -> list[Reason]:
    """What an intake lacks, and what of it can't be."""
    found = against_taking(intake.received_on, intake.described, intake.reporter, today)
    if intake.quantity is not None and intake.quantity <= 0:
        found.append(Reason("quantity_negative", field="quantity"))
    if intake.reference is not None and len(intake.reference) > MOST_REFERENCE:
        found.append(Reason("reference_too_long", {"most": MOST_REFERENCE}, "reference"))
    return found


def against_assessing(harm: Harm, reportable: bool) -> list[Reason]:
    """Serious harm and death are reported: whoever says otherwise is asked again."""
    if harm in ("serious", "death") and not reportable:
        return [Reason("harm_is_reportable", {"harm": harm}, "reportable")]
    return []


def against_investigating(findings: str, justified: bool, lot_id: str | None, report: bool) -> list[Reason]:
    """What an investigation lacks. `report`: whether a nonconformity report shall be opened."""
    found = []
    if not findings.strip():
        found.append(Reason("findings_missing", field="findings"))
    if report and not justified:
        found.append(Reason("report_without_fault", field="report"))
    if report and lot_id is None:
        found.append(Reason("complaint_without_lot", field="lot_number"))
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
