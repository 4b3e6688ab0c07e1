"""Close a complaint that was answered (QUA-8)."""

from __future__ import annotations

import msgspec

from backend.domain.complaints import COMPLAINT_STEPS, Complaint
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class CloseComplaint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, as it was read."""

    id: str
    complaint_id: str
    version: int | None = None
    device_at: str | None = None


@verb
async def close_complaint(tx: Change, who: Who, command: CloseComplaint) -> Complaint:
    """Close it; a report that it opened goes its own way."""
    complaint = await as_read(tx, Complaint, "complaint", command.complaint_id, command.version)
    status = take(COMPLAINT_STEPS, "close", complaint.status)
    closed = tx.update(complaint, status=status, closed_at=tx.now)
    tx.record("complaint_closed", "complaint", complaint.id, complaint=complaint.number)
    return closed
