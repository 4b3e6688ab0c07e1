"""Keep what was written on a draft of a document. Two who write at once are told, and nothing of either is lost."""

from __future__ import annotations

import msgspec

from backend.domain.documents import DOCUMENT_STEPS, LONGEST_CHANGE, Document, Question, against_writing
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.documents import DocumentDraft, as_draft, draft_as_read
from backend.store.verb import verb


class KeepDocumentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, written on what was `version` of the row; `file`: SHA-256 of an attachment on record."""

    id: str
    version_id: str
    version: int
    text: str
    questions: list[Question] = []
    change: str = ""
    file: str | None = None
    device_at: str | None = None


@verb
async def keep_document_draft(tx: Change, who: Who, command: KeepDocumentDraft) -> DocumentDraft:
    """A draft may be unfinished; what it lacks is refused when it is submitted."""
    draft = await draft_as_read(tx, command.version_id, command.version)
    status = take(DOCUMENT_STEPS, "edit", draft.status)
    reasons = against_writing(command.text, command.questions)
    if len(command.change) > LONGEST_CHANGE:
        reasons.append(Reason("document_change_missing", {"longest": LONGEST_CHANGE}, "change"))
    if reasons:
        raise Refused(*reasons)
    if command.file is not None:
        await check_attached(tx, [command.file], "file")
    kept = tx.update(
        draft,
        status=status,
        text=command.text,
        questions=command.questions,
        change=command.change.strip() or None,
        file=command.file,
        authors=[each for each in draft.authors if each != who.person_id] + [who.person_id],
    )
    document = await tx.get(Document, draft.document_id)
    tx.record(
        "document_draft_kept", "document", document.id, document=document.number, revision=draft.revision
    )
    return as_draft(kept)
