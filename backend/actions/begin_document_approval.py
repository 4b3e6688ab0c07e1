"""Begin the signing of a document's version: all that it says, what changed, who must read it, and a nonce."""

from __future__ import annotations

import msgspec

from backend.domain.documents import DOCUMENT_STEPS, DocumentVersion
from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.documents import against_effect, document_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginDocumentApproval(msgspec.Struct, frozen=True, kw_only=True):
    """Which version; `passkey` False: password and one-time code instead."""

    id: str
    version_id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_document_approval(tx: Change, who: Who, command: BeginDocumentApproval) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    version = await tx.get(DocumentVersion, command.version_id)
    take(DOCUMENT_STEPS, "approve", version.status)
    reasons = await against_effect(tx, version, who.person_id)
    if reasons:
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await document_record(tx, version, who, passkey, command.language or who.language)
    subject = Subject("document_version", version.id, version.version)
    return await open_request(tx, who, subject, "approve_document", msgspec.to_builtins(record))
