"""Complaints from the field: taken in, assessed, investigated, answered, closed (QUA-8)."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.answer_complaint import AnswerComplaint, answer_complaint
from backend.actions.assess_complaint import AssessComplaint, assess_complaint
from backend.actions.close_complaint import CloseComplaint, close_complaint
from backend.actions.investigate_complaint import InvestigateComplaint, investigate_complaint
from backend.actions.take_complaint import TakeComplaint, take_complaint
from backend.domain.complaints import Harm
from backend.domain.ncrs import Severity
from backend.views.loop import ComplaintView, LoopLine, complaint_view, list_complaints
from backend.web.asking import Has, Id, Me
from backend.web.looping import Body


class AssessmentBody(Body, kw_only=True, forbid_unknown_fields=True):
    """Harm, and the duty to report."""

    harm: Harm
    reportable: bool
    lot_number: str | None = None


class FindingsBody(Body, kw_only=True, forbid_unknown_fields=True):
    """What was found; `report`: the severity of the report to open."""

    findings: str
    justified: bool
    report: Severity | None = None
    receipt_id: str | None = None


class ReplyBody(Body, kw_only=True, forbid_unknown_fields=True):
    """The answer as it was given."""

    reply: str


@get("/api/complaints", operation_id="list_complaints")
async def complaints(me: Me, parts: Has) -> list[LoopLine]:
    """Open ones first."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_complaints(parts.store.read, me.who.site_id, today)


@get("/api/complaints/{complaint_id:str}", operation_id="get_complaint")
async def complaint(complaint_id: Id, me: Me, parts: Has) -> ComplaintView:
    """All of it."""
    return await complaint_view(me.reads(parts.store), complaint_id)


@post("/api/complaints", operation_id="take_complaint")
async def take(data: JSONBody[TakeComplaint], me: Me, parts: Has) -> ComplaintView:
    """Take one in."""
    taken = await take_complaint(parts.store, me.who, data)
    return await complaint_view(me.reads(parts.store), taken.id)


@post("/api/complaints/{complaint_id:str}/assessment", operation_id="assess_complaint")
async def assess(complaint_id: Id, data: JSONBody[AssessmentBody], me: Me, parts: Has) -> ComplaintView:
    """Judge its harm."""
    command = AssessComplaint(complaint_id=complaint_id, **msgspec.structs.asdict(data))
    await assess_complaint(parts.store, me.who, command)
    return await complaint_view(me.reads(parts.store), complaint_id)


@post("/api/complaints/{complaint_id:str}/findings", operation_id="investigate_complaint")
async def investigate(complaint_id: Id, data: JSONBody[FindingsBody], me: Me, parts: Has) -> ComplaintView:
    """Say what was found."""
    command = InvestigateComplaint(complaint_id=complaint_id, **msgspec.structs.asdict(data))
    await investigate_complaint(parts.store, me.who, command)
    return await complaint_view(me.reads(parts.store), complaint_id)


@post("/api/complaints/{complaint_id:str}/reply", operation_id="answer_complaint")
async def answer(complaint_id: Id, data: JSONBody[ReplyBody], me: Me, parts: Has) -> ComplaintView:
    """Keep the answer."""
    command = AnswerComplaint(complaint_id=complaint_id, **msgspec.structs.asdict(data))
    await answer_complaint(parts.store, me.who, command)
    return await complaint_view(me.reads(parts.store), complaint_id)


@post("/api/complaints/{complaint_id:str}/close", operation_id="close_complaint")
async def close(complaint_id: Id, data: JSONBody[Body], me: Me, parts: Has) -> ComplaintView:
    """Close it."""
    command = CloseComplaint(complaint_id=complaint_id, **msgspec.structs.asdict(data))
    await close_complaint(parts.store, me.who, command)
    return await complaint_view(me.reads(parts.store), complaint_id)


HANDLERS = [complaints, complaint, take, assess, investigate, answer, close]
