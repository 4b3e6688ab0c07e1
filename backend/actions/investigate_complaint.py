"""Say what an investigation of a complaint found; a nonconformity report is opened where it is one (QUA-8)."""

from __future__ import annotations

import msgspec

from backend.domain.complaints import COMPLAINT_STEPS, Complaint, against_investigating
from backend.domain.errors import Refused
from backend.domain.lots import Lot
from backend.domain.ncrs import Severity
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.reporting import open_report, receipt_of
from backend.store.verb import verb


class InvestigateComplaint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings, whether the device was at fault, and the severity of the report to open (None: no report)."""

    id: str
    complaint_id: str
    findings: str
    justified: bool
    report: Severity | None = None
    receipt_id: str | None = None
    version: int | None = None
    device_at: str | None = None


@verb
async def investigate_complaint(tx: Change, who: Who, command: InvestigateComplaint) -> Complaint:
    """Keep the findings; a report holds what lies here of the lot and tells whose the rest is."""
    complaint = await as_read(tx, Complaint, "complaint", command.complaint_id, command.version)
    status = take(COMPLAINT_STEPS, "investigate", complaint.status)
    found = against_investigating(
        command.findings, command.justified, complaint.lot_id, command.report is not None
    )
    if found:
        raise Refused(*found)
    ncr_id = None
    if command.report is not None and complaint.lot_id is not None:
        lot = await tx.get(Lot, complaint.lot_id)
        receipt = await receipt_of(tx, lot, command.receipt_id)
        what = f"{complaint.number}: {complaint.described}"
        ncr = await open_report(
            tx, lot, receipt, what, command.report, "complaint", None, complaint.attachments
        )
        ncr_id = ncr.id
    changed = tx.update(
        complaint,
        status=status,
        findings=command.findings.strip(),
        justified=command.justified,
        ncr_id=ncr_id,
        owner_id=complaint.owner_id or who.person_id,
    )
    tx.record(
        "complaint_investigated",
        "complaint",
        complaint.id,
        reason=changed.findings,
        complaint=complaint.number,
    )
    return changed
