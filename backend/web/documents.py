"""Documents under control: written, reviewed, signed, withdrawn; who must be trained, and their reading."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromQuery, JSONBody

from backend.actions.add_document import AddDocument, add_document
from backend.actions.approve_document import ApproveDocument, approve_document
from backend.actions.begin_document_approval import BeginDocumentApproval, begin_document_approval
from backend.actions.change_document import ChangeDocument, change_document
from backend.actions.finish_training import FinishTraining, TrainingResult, finish_training
from backend.actions.keep_document_draft import KeepDocumentDraft, keep_document_draft
from backend.actions.open_document_draft import OpenDocumentDraft, open_document_draft
from backend.actions.return_document_draft import ReturnDocumentDraft, return_document_draft
from backend.actions.set_training_needs import Need, SetTrainingNeeds, TrainingNeeds, set_training_needs
from backend.actions.submit_document_draft import SubmitDocumentDraft, submit_document_draft
from backend.actions.withdraw_document import WithdrawDocument, withdraw_document
from backend.domain.documents import Document, DocumentKind, Question
from backend.domain.words import Words
from backend.store.documents import DocumentDraft
from backend.views.documents import (
    DocumentCard,
    DocumentLine,
    DocumentSheet,
    Lesson,
    LessonLine,
    document_card,
    document_sheet,
    lesson,
    list_documents,
    my_training,
)
from backend.views.people import allowed_actions
from backend.views.training_matrix import TrainingMatrix, training_matrix
from backend.web.asking import Has, Id, Me, ask_right
from backend.web.plans import ReturnBody, SigningWishBody
from backend.web.releases import SignatureBody, SigningRequestView, signing_request


class DocumentChangeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Another name, kind or owner."""

    id: str
    name: Words
    kind: DocumentKind
    owner_id: str
    device_at: str | None = None


class RevisionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the next version will be called."""

    id: str
    revision: str
    device_at: str | None = None


class DocumentTextBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the draft says now, written on the row's `version`."""

    id: str
    version: int
    text: str
    questions: list[Question] = []
    change: str = ""
    file: str | None = None
    device_at: str | None = None


class DocumentSubmissionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which state of the draft."""

    id: str
    version: int
    device_at: str | None = None


class WithdrawalBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    id: str
    reason: str
    device_at: str | None = None


class NeedsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Everybody who must be trained."""

    id: str
    needs: list[Need]
    device_at: str | None = None


class TrainingBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """When the text was opened, and the answers."""

    id: str
    read_at: str
    answers: list[int] = []
    device_at: str | None = None


@get("/api/documents", operation_id="list_documents")
async def documents(me: Me, parts: Has, words: FromQuery[str] = "") -> list[DocumentLine]:
    """Those with these words in number, name or text."""
    return await list_documents(parts.store.read_long, me.who.site_id, words)


@post("/api/documents", operation_id="add_document")
async def add(data: JSONBody[AddDocument], me: Me, parts: Has) -> DocumentDraft:
    """Under control from now on, with its first draft."""
    return await add_document(parts.store, me.who, data)


@get("/api/documents/{document_id:str}", operation_id="get_document")
async def document(document_id: Id, me: Me, parts: Has) -> DocumentCard:
    """Its versions, and who must be trained in it and is."""
    today = await parts.store.today(me.who.site_id)
    return await document_card(me.reads(parts.store), document_id, parts.store.clock(), today.isoformat())


@put("/api/documents/{document_id:str}", operation_id="change_document")
async def change(document_id: Id, data: JSONBody[DocumentChangeBody], me: Me, parts: Has) -> Document:
    """What it is called and who answers for it."""
    return await change_document(
        parts.store, me.who, ChangeDocument(document_id=document_id, **_fields(data))
    )


@post("/api/documents/{document_id:str}/drafts", operation_id="open_document_draft")
async def open_draft(document_id: Id, data: JSONBody[RevisionBody], me: Me, parts: Has) -> DocumentDraft:
    """Begin the next version."""
    command = OpenDocumentDraft(document_id=document_id, **_fields(data))
    return await open_document_draft(parts.store, me.who, command)


@post("/api/documents/{document_id:str}/withdrawal", operation_id="withdraw_document")
async def withdraw(document_id: Id, data: JSONBody[WithdrawalBody], me: Me, parts: Has) -> DocumentDraft:
    """Out of force."""
    command = WithdrawDocument(document_id=document_id, **_fields(data))
    return await withdraw_document(parts.store, me.who, command)


@put("/api/documents/{document_id:str}/training-needs", operation_id="set_training_needs")
async def needs(document_id: Id, data: JSONBody[NeedsBody], me: Me, parts: Has) -> TrainingNeeds:
    """Who must be trained."""
    command = SetTrainingNeeds(document_id=document_id, **_fields(data))
    return await set_training_needs(parts.store, me.who, command)


@get("/api/document-versions/{version_id:str}", operation_id="get_document_version")
async def version(version_id: Id, me: Me, parts: Has) -> DocumentSheet:
    """All that it says."""
    allowed = await allowed_actions(parts.store.read, me.who.site_id, me.who.roles)
    return await document_sheet(me.reads(parts.store), version_id, me.who, allowed)


@put("/api/document-versions/{version_id:str}/text", operation_id="keep_document_draft")
async def keep(version_id: Id, data: JSONBody[DocumentTextBody], me: Me, parts: Has) -> DocumentDraft:
    """Keep what was written."""
    command = KeepDocumentDraft(version_id=version_id, **_fields(data))
    return await keep_document_draft(parts.store, me.who, command)


@post("/api/document-versions/{version_id:str}/submission", operation_id="submit_document_draft")
async def submit(version_id: Id, data: JSONBody[DocumentSubmissionBody], me: Me, parts: Has) -> DocumentDraft:
    """Put it under review."""
    command = SubmitDocumentDraft(version_id=version_id, **_fields(data))
    return await submit_document_draft(parts.store, me.who, command)


@post("/api/document-versions/{version_id:str}/return", operation_id="return_document_draft")
async def send_back(version_id: Id, data: JSONBody[ReturnBody], me: Me, parts: Has) -> DocumentDraft:
    """Back to those who wrote it."""
    command = ReturnDocumentDraft(version_id=version_id, **_fields(data))
    return await return_document_draft(parts.store, me.who, command)


@post("/api/document-versions/{version_id:str}/signing", operation_id="begin_document_approval")
async def begin(
    version_id: Id, data: JSONBody[SigningWishBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """What will be signed, with a one-time nonce."""
    command = BeginDocumentApproval(version_id=version_id, **_fields(data))
    begun = await begin_document_approval(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/document-versions/{version_id:str}/approval", operation_id="approve_document")
async def approve(
    version_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> DocumentDraft:
    """Sign: effective from now on."""
    command = ApproveDocument(version_id=version_id, **_fields(data))
    return await approve_document(parts.store, me.who, command, parts.party(request.headers.get("host", "")))


@get("/api/training", operation_id="list_my_training")
async def mine(me: Me, parts: Has) -> list[LessonLine]:
    """What I must be trained in."""
    return await my_training(parts.store.read, me.who, (await parts.store.today(me.who.site_id)).isoformat())


@get("/api/training-matrix", operation_id="get_training_matrix")
async def matrix(me: Me, parts: Has) -> TrainingMatrix:
    """Everybody who must be trained in something, and how they stand; for those who say who must be."""
    await ask_right(me, parts, "set_training_needs")
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await training_matrix(parts.store.read, me.who.site_id, parts.store.clock(), today)


@get("/api/training/{version_id:str}", operation_id="get_lesson")
async def read_lesson(version_id: Id, me: Me, parts: Has) -> Lesson:
    """The text and its questions, without what is right."""
    today = await parts.store.today(me.who.site_id)
    return await lesson(me.reads(parts.store), version_id, me.who.person_id, today.isoformat())


@post("/api/training/{version_id:str}", operation_id="finish_training")
async def finish(version_id: Id, data: JSONBody[TrainingBody], me: Me, parts: Has) -> TrainingResult:
    """Read, understood, and answered."""
    command = FinishTraining(version_id=version_id, **_fields(data))
    return await finish_training(parts.store, me.who, command)


def _fields(data: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(data)


HANDLERS = [
    documents, add, document, change, open_draft, withdraw, needs, version, keep, submit, send_back, begin, approve,
    mine, matrix, read_lesson, finish,
]  # fmt: skip
