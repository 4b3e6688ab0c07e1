"""Put a draft of a document under review: with something to read, and what changed (QUA-4)."""

from __future__ import annotations

import msgspec

from backend.domain.documents import DOCUMENT_STEPS, Document, against_submission
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.documents import DocumentDraft, as_draft, draft_as_read
from backend.store.verb import verb


class SubmitDocumentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Which state of the draft."""

    id: str
    version_id: str
    version: int
    device_at: str | None = None


@verb
async def submit_document_draft(tx: Change, who: Who, command: SubmitDocumentDraft) -> DocumentDraft:
    """Refused with everything that it lacks."""
    draft = await draft_as_read(tx, command.version_id, command.version)
    status = take(DOCUMENT_STEPS, "submit", draft.status)
    reasons = against_submission(draft)
    if reasons:
        raise Refused(*reasons)
    document = await tx.get(Document, draft.document_id)
    submitted = tx.update(draft, status=status)
    tx.record(
        "document_submitted",
        "document",
        document.id,
        reason=draft.change,
        document=document.number,
        revision=draft.revision,
    )
    await tx.tell_who_may(
        "approve_document",
        "document_review_waiting",
        "document",
        document.id,
        document=document.number,
        revision=draft.revision,
        by=who.printed_name,
    )
    return as_draft(submitted)
