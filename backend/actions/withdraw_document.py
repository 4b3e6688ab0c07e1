"""Take a document out of force with none after it: its last version is obsolete, and stays readable (QUA-4)."""

from __future__ import annotations

import msgspec

from backend.domain.documents import DOCUMENT_STEPS, LONGEST_CHANGE, Document, DocumentVersion
from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.documents import TOLD, DocumentDraft, as_draft
from backend.store.verb import verb


class WithdrawDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing is to be done by it any more."""

    id: str
    document_id: str
    reason: str
    device_at: str | None = None


@verb
async def withdraw_document(tx: Change, who: Who, command: WithdrawDocument) -> DocumentDraft:
    """Nothing is started by it from now on; a new version brings it back."""
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_CHANGE:
        raise refuse("reason_missing", field="reason")
    document = await tx.get(Document, command.document_id)
    if document.effective_id is None:
        raise refuse("document_not_effective", document=document.number)
    version = await tx.get(DocumentVersion, document.effective_id)
    today = tx.today.isoformat()
    status = take(DOCUMENT_STEPS, "withdraw", version.status)
    withdrawn = tx.update(version, status=status, obsolete_from=today)
    tx.update(document, effective_id=None, effective_revision=None, withdrawn_on=today)
    facts = {"document": document.number, "revision": version.revision}
    tx.record("document_withdrawn", "document", document.id, reason=reason, **facts)
    await tx.tell_role(
        TOLD, "document_withdrawn", "document", document.id, **facts, by=who.printed_name, what=reason
    )
    return as_draft(withdrawn)
