"""Begin the next version of a document, as a copy of the latest (QUA-4)."""

from __future__ import annotations

import msgspec

from backend.domain.documents import Document, DocumentVersion, against_new_draft
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.documents import DocumentDraft, as_draft, versions_of
from backend.store.verb import verb


class OpenDocumentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """`revision`: what it will be called; never one that was used before."""

    id: str
    document_id: str
    revision: str
    device_at: str | None = None


@verb
async def open_document_draft(tx: Change, who: Who, command: OpenDocumentDraft) -> DocumentDraft:
    """One draft of a document at a time."""
    document = await tx.get(Document, command.document_id)
    versions = await versions_of(tx, document.id)
    reasons = against_new_draft(versions, command.revision)
    if reasons:
        raise Refused(*reasons)
    last = versions[-1]
    draft = tx.insert(
        DocumentVersion(
            tx.new_id(),
            who.site_id,
            document.id,
            last.number + 1,
            command.revision,
            "draft",
            last.text,
            last.questions,
            [who.person_id],
            last.file,
        )
    )
    tx.record(
        "document_draft_opened", "document", document.id, document=document.number, revision=draft.revision
    )
    return as_draft(draft)
