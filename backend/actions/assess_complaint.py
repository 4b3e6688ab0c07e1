"""Judge what harm a complaint tells of, and whether the authority must hear of it (QUA-8)."""

from __future__ import annotations

import msgspec

from backend.domain.complaints import COMPLAINT_STEPS, Complaint, Harm, against_assessing, due
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.stock import lot_named
from backend.store.verb import verb


class AssessComplaint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Harm, the duty to report, and the lot where it is known only now."""

    id: str
    complaint_id: str
    harm: Harm
    reportable: bool
    lot_number: str | None = None
    version: int | None = None
    device_at: str | None = None


@verb
async def assess_complaint(tx: Change, who: Who, command: AssessComplaint) -> Complaint:
    """Assess it; whoever does owns it. What is reportable is due in the days that the rule allows."""
    complaint = await as_read(tx, Complaint, "complaint", command.complaint_id, command.version)
    status = take(COMPLAINT_STEPS, "assess", complaint.status)
    if found := against_assessing(command.harm, command.reportable):
        raise Refused(*found)
    named = (command.lot_number or "").strip()
    lot_id = (await lot_named(tx, named)).id if named else complaint.lot_id
    day = due(complaint.received_on, command.harm, command.reportable)
    changed = tx.update(
        complaint,
        status=status,
        harm=command.harm,
        reportable=command.reportable,
        lot_id=lot_id,
        due_on=day,
        owner_id=complaint.owner_id or who.person_id,
    )
    facts = {"complaint": complaint.number, "due_on": day}
    if command.reportable:
        await tx.tell_role(("quality_manager",), "complaint_reportable", "complaint", complaint.id, **facts)
    if day != complaint.due_on:
        tx.due("complaint_reminder", complaint.id, f"{day}T00:00:00.000000Z")
    tx.record("complaint_assessed", "complaint", complaint.id, harm=command.harm, **facts)
    return changed
