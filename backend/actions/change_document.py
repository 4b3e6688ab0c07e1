"""Give a document another name or owner; its number and its versions stay."""

from __future__ import annotations

import msgspec

from backend.domain.documents import Document, DocumentKind, against_document
from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Who
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.verb import verb


class ChangeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What it is called, what it is, who answers for it."""

    id: str
    document_id: str
    name: Words
    kind: DocumentKind
    owner_id: str
    device_at: str | None = None


@verb
async def change_document(tx: Change, who: Who, command: ChangeDocument) -> Document:
    """The log keeps what it was."""
    document = await tx.get(Document, command.document_id)
    reasons = against_document(document.number, command.name)
    owner = await tx.get(Person, command.owner_id)
    if not owner.active:
        reasons.append(Reason("person_inactive", {"name": owner.printed_name}, "owner_id"))
    if reasons:
        raise Refused(*reasons)
    changed = tx.update(document, name=command.name, kind=command.kind, owner_id=owner.id)
    tx.record("document_changed", "document", document.id, document=document.number, owner=owner.printed_name)
    return changed
