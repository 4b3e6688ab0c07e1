"""Keep the answer that went to the person who complained (QUA-8)."""

from __future__ import annotations

import msgspec

from backend.domain.complaints import COMPLAINT_STEPS, Complaint
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.looping import as_read
from backend.store.verb import verb


class AnswerComplaint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and the answer as it was given."""

    id: str
    complaint_id: str
    reply: str
    version: int | None = None
    device_at: str | None = None


@verb
async def answer_complaint(tx: Change, who: Who, command: AnswerComplaint) -> Complaint:
    """Answer it."""
    complaint = await as_read(tx, Complaint, "complaint", command.complaint_id, command.version)
    status = take(COMPLAINT_STEPS, "answer", complaint.status)
    reply = command.reply.strip()
    if not reply:
        raise refuse("reply_missing", field="reply")
    changed = tx.update(complaint, status=status, reply=reply, replied_at=tx.now)
    tx.record("complaint_answered", "complaint", complaint.id, reason=reply, complaint=complaint.number)
    return changed
