"""Recalls and mock recalls: what one would reach, its two signatures, letters, answers, its close."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.begin_recall import BeginRecall, begin_recall
from backend.actions.close_recall import CloseRecall, close_recall
from backend.actions.finish_mock_recall import FinishMockRecall, finish_mock_recall
from backend.actions.note_recall_letter import NoteRecallLetter, note_recall_letter
from backend.actions.record_recall_answer import AnsweredLine, RecordRecallAnswer, record_recall_answer
from backend.actions.start_mock_recall import StartMockRecall, start_mock_recall
from backend.actions.start_recall import StartRecall, start_recall
from backend.actions.withdraw_recall import WithdrawRecall, withdraw_recall
from backend.domain.certificates import Language
from backend.domain.recalls import Basis, BasisKind, Count
from backend.views.recall_papers import recall_letter, recall_report
from backend.views.recalls import (
    MockView,
    RecallPreview,
    RecallRow,
    RecallView,
    list_recalls,
    mock_view,
    recall_preview,
    recall_view,
)
from backend.web.asking import Has, Id, Me
from backend.web.releases import SignatureBody, SigningRequestView, signing_request
from backend.web.traces import Text, basis_of


class RecallWish(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Where it begins and why; the second signer names the recall that waits."""

    id: str
    recall_id: str | None = None
    basis: Basis | None = None
    reason: str = ""
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


class RecallSignature(SignatureBody, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, with where the recall begins as it was shown."""

    recall_id: str | None = None
    basis: Basis | None = None


class ReasonBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why, or what is concluded."""

    id: str
    reason: str
    device_at: str | None = None


class LetterBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """By which way somebody was written to."""

    id: str
    channel: str
    device_at: str | None = None


class AnswerBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a consignee says."""

    id: str
    answer: str
    lines: list[AnsweredLine]
    device_at: str | None = None


class MockEndBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What an exercise has found."""

    id: str
    counted: list[Count]
    reached: list[str]
    note: str
    device_at: str | None = None


@get("/api/recall-preview", operation_id="preview_recall")
async def preview(
    me: Me,
    parts: Has,
    kind: FromQuery[BasisKind] = "lot",
    value: Text = None,
    since: Text = None,
    until: Text = None,
    item: Text = None,
    supplier: Text = None,
) -> RecallPreview:
    """What one would reach now: lots, what lies here, what is with whom."""
    basis = basis_of(kind, value, since, until, item, supplier)
    return await recall_preview(parts.store.read_long, me.who.site_id, basis)


@get("/api/recalls", operation_id="list_recalls")
async def recalls(me: Me, parts: Has) -> list[RecallRow]:
    """Exercises among them, the newest first."""
    return await list_recalls(parts.store.read, me.who.site_id)


@get("/api/recalls/{recall_id:str}", operation_id="get_recall")
async def recall(recall_id: Id, me: Me, parts: Has) -> RecallView:
    """How far it has got, and what its close waits for."""
    return await recall_view(me.reads(parts.store), recall_id, me.who.person_id)


@post("/api/recalls/signing", operation_id="begin_recall")
async def begin(
    data: JSONBody[RecallWish], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """What will be signed, with a one-time nonce."""
    begun = await begin_recall(parts.store, me.who, BeginRecall(**_fields(data)))
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/recalls", operation_id="start_recall")
async def start(
    data: JSONBody[RecallSignature], request: Request[Any, Any, Any], me: Me, parts: Has
) -> RecallView:
    """The first of two signatures proposes it, the second starts it."""
    command = StartRecall(**_fields(data))
    started = await start_recall(parts.store, me.who, command, parts.party(request.headers.get("host", "")))
    return await recall_view(me.reads(parts.store), started.id, me.who.person_id)


@post("/api/recalls/{recall_id:str}/withdrawal", operation_id="withdraw_recall")
async def withdraw(recall_id: Id, data: JSONBody[ReasonBody], me: Me, parts: Has) -> RecallView:
    """Before its second signature."""
    await withdraw_recall(parts.store, me.who, WithdrawRecall(recall_id=recall_id, **_fields(data)))
    return await recall_view(me.reads(parts.store), recall_id, me.who.person_id)


@post("/api/recalls/{recall_id:str}/consignees/{consignee_id:str}/letter", operation_id="note_recall_letter")
async def letter_sent(
    recall_id: Id, consignee_id: Id, data: JSONBody[LetterBody], me: Me, parts: Has
) -> RecallView:
    """It went out."""
    command = NoteRecallLetter(recall_id=recall_id, consignee_id=consignee_id, **_fields(data))
    await note_recall_letter(parts.store, me.who, command)
    return await recall_view(me.reads(parts.store), recall_id, me.who.person_id)


@post(
    "/api/recalls/{recall_id:str}/consignees/{consignee_id:str}/answer", operation_id="record_recall_answer"
)
async def answered(
    recall_id: Id, consignee_id: Id, data: JSONBody[AnswerBody], me: Me, parts: Has
) -> RecallView:
    """What became of what they have."""
    command = RecordRecallAnswer(recall_id=recall_id, consignee_id=consignee_id, **_fields(data))
    await record_recall_answer(parts.store, me.who, command)
    return await recall_view(me.reads(parts.store), recall_id, me.who.person_id)


@post("/api/recalls/{recall_id:str}/close", operation_id="close_recall")
async def close(recall_id: Id, data: JSONBody[ReasonBody], me: Me, parts: Has) -> RecallView:
    """Once every consignee has answered and every unit is accounted for."""
    command = CloseRecall(id=data.id, recall_id=recall_id, conclusion=data.reason, device_at=data.device_at)
    await close_recall(parts.store, me.who, command)
    return await recall_view(me.reads(parts.store), recall_id, me.who.person_id)


@get("/api/recalls/{recall_id:str}/consignees/{consignee_id:str}/letter.pdf", operation_id="recall_letter")
async def letter(
    recall_id: Id, consignee_id: Id, me: Me, parts: Has, language: FromQuery[Language | None] = None
) -> Response[bytes]:
    """The letter to one consignee, in their language or another."""
    paper = await recall_letter(me.reads(parts.store), recall_id, consignee_id)
    pdf = await asyncio.to_thread(parts.print_recall, paper, language or paper.language)
    return _pdf(pdf, f"{paper.recall}-{paper.code}.pdf")


@get("/api/recalls/{recall_id:str}/report.pdf", operation_id="recall_report")
async def report(recall_id: Id, me: Me, parts: Has, language: FromQuery[Language] = "en") -> Response[bytes]:
    """The report on a recall, or on an exercise with its stop-watch."""
    paper = await recall_report(me.reads(parts.store), recall_id)
    pdf = await asyncio.to_thread(parts.print_recall, paper, language)
    return _pdf(pdf, f"{paper.recall}.pdf")


@get("/api/mock-recalls/{mock_id:str}", operation_id="get_mock_recall")
async def mock(mock_id: Id, me: Me, parts: Has) -> MockView:
    """An exercise: what it reaches, and what was found."""
    return await mock_view(me.reads(parts.store), mock_id)


@post("/api/mock-recalls", operation_id="start_mock_recall")
async def start_mock(data: JSONBody[StartMockRecall], me: Me, parts: Has) -> MockView:
    """The stop-watch runs from here; no stock is touched."""
    begun = await start_mock_recall(parts.store, me.who, data)
    return await mock_view(me.reads(parts.store), begun.id)


@post("/api/mock-recalls/{mock_id:str}/finish", operation_id="finish_mock_recall")
async def finish_mock(mock_id: Id, data: JSONBody[MockEndBody], me: Me, parts: Has) -> MockView:
    """With what was counted and who was reached."""
    await finish_mock_recall(parts.store, me.who, FinishMockRecall(mock_id=mock_id, **_fields(data)))
    return await mock_view(me.reads(parts.store), mock_id)


def _fields(data: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(data)


def _pdf(body: bytes, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/pdf", headers=headers)


HANDLERS = [
    preview, recalls, recall, begin, start, withdraw, letter_sent, answered, close, letter, report, mock, start_mock,
    finish_mock,
]  # fmt: skip
