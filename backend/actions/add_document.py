"""Put a document under control: its number, name, kind and owner, and a first draft (QUA-4)."""

from __future__ import annotations

import msgspec

from backend.domain.documents import (
    Document,
    DocumentKind,
    DocumentVersion,
    against_document,
    against_new_draft,
)
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.documents import DocumentDraft, as_draft
from backend.store.verb import verb


class AddDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number`: as plans name it in their methods; `revision`: what the first version is called."""

    id: str
    number: str
    name: Words
    kind: DocumentKind
    revision: str
    device_at: str | None = None


@verb
async def add_document(tx: Change, who: Who, command: AddDocument) -> DocumentDraft:
    """Whoever adds it owns it. Until its first approval nothing waits for it."""
    reasons = [*against_document(command.number, command.name), *against_new_draft([], command.revision)]
    if await tx.first(Document, "site_id = $1 and number = $2", who.site_id, command.number):
        reasons.append(Reason("number_taken", {"number": command.number, "rule": "QUA-4"}, "number"))
    if reasons:
        raise Refused(*reasons)
    document = tx.insert(
        Document(tx.new_id(), who.site_id, command.number, command.name, command.kind, who.person_id)
    )
    draft = tx.insert(
        DocumentVersion(
            tx.new_id(), who.site_id, document.id, 1, command.revision, "draft", "", [], [who.person_id]
        )
    )
    tx.record("document_added", "document", document.id, document=document.number, revision=draft.revision)
    return as_draft(draft)
