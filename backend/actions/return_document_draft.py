"""Send a document under review back to those who wrote it, with a reason."""

from __future__ import annotations

import msgspec

from backend.domain.documents import DOCUMENT_STEPS, LONGEST_CHANGE, Document
from backend.domain.errors import refuse
from backend.domain.events import Value
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.documents import DocumentDraft, as_draft, draft_as_read
from backend.store.verb import verb


class ReturnDocumentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be better."""

    id: str
    version_id: str
    version: int
    reason: str
    device_at: str | None = None


@verb
async def return_document_draft(tx: Change, who: Who, command: ReturnDocumentDraft) -> DocumentDraft:
    """It is a draft again; its authors are told."""
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_CHANGE:
        raise refuse("reason_missing", field="reason")
    version = await draft_as_read(tx, command.version_id, command.version)
    returned = tx.update(version, status=take(DOCUMENT_STEPS, "return", version.status))
    document = await tx.get(Document, version.document_id)
    tx.record(
        "document_returned",
        "document",
        document.id,
        reason=reason,
        document=document.number,
        revision=version.revision,
    )
    for author in version.authors:
        if author != who.person_id:
            facts: dict[str, Value] = {
                "document": document.number,
                "revision": version.revision,
                "by": who.printed_name,
                "what": reason,
            }
            tx.tell(author, "document_returned", "document", document.id, **facts)
    return as_draft(returned)
