"""Inspections: the worklist, the sheet, answers, corrections."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.hand_over_inspection import HandedOver, HandOverInspection, hand_over_inspection
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.domain.answering import Recorded
from backend.views.inspections import InspectionSheet, ReadingView, inspection_sheet, reading_of_id
from backend.views.lots import LotLine, lot_line
from backend.views.ncrs import NcrLine, ncr_line
from backend.views.people import Colleague, inspectors
from backend.views.worklist import Worklist, worklist
from backend.web.asking import Has, Id, Me
from backend.web.parts import Parts


class AnswerBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One answer."""

    id: str
    item_key: str
    entered: str
    confirmed: bool = False
    conforming: bool = True
    attachments: list[str] = []
    note: str | None = None
    gauge_id: str | None = None
    device_at: str | None = None


class AnswersBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Several answers in one command."""

    id: str
    entries: list[Entry]
    device_at: str | None = None


class CorrectionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What it should be, and why."""

    id: str
    entered: str
    reason: str
    confirmed: bool = False
    attachments: list[str] = []
    gauge_id: str | None = None
    device_at: str | None = None


class HandOverBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """To whom, and what they need to know."""

    id: str
    to_id: str
    remark: str = ""
    device_at: str | None = None


class RecordedView(msgspec.Struct):
    """What has come of an answer, for the screen."""

    reading: ReadingView
    sheet: InspectionSheet
    ncr: NcrLine | None
    lot: LotLine


@get("/api/worklist", operation_id="get_worklist")
async def my_worklist(me: Me, parts: Has) -> Worklist:
    """What waits for me."""
    today = await parts.store.today(me.who.site_id)
    return await worklist(parts.store.read, me.who, today, parts.store.clock())


@get("/api/inspections/{inspection_id:str}", operation_id="get_inspection")
async def inspection(inspection_id: Id, me: Me, parts: Has) -> InspectionSheet:
    """All questions with what was answered."""
    return await inspection_sheet(me.reads(parts.store), inspection_id, me.who.person_id)


@post("/api/inspections/{inspection_id:str}/results", operation_id="record_result")
async def record(inspection_id: Id, data: JSONBody[AnswerBody], me: Me, parts: Has) -> RecordedView:
    """One answer: judged at once."""
    entry = Entry(
        item_key=data.item_key,
        entered=data.entered,
        confirmed=data.confirmed,
        conforming=data.conforming,
        attachments=data.attachments,
        note=data.note,
        gauge_id=data.gauge_id,
    )
    command = RecordResults(
        id=data.id, inspection_id=inspection_id, entries=[entry], device_at=data.device_at
    )
    return await _view(parts, me.who.person_id, await record_results(parts.store, me.who, command))


@post("/api/inspections/{inspection_id:str}/readings", operation_id="record_results")
async def record_several(inspection_id: Id, data: JSONBody[AnswersBody], me: Me, parts: Has) -> Recorded:
    """Several answers in one command, all or none."""
    command = RecordResults(
        id=data.id, inspection_id=inspection_id, entries=data.entries, device_at=data.device_at
    )
    return await record_results(parts.store, me.who, command)


@post("/api/readings/{reading_id:str}/correction", operation_id="correct_result")
async def correct(reading_id: Id, data: JSONBody[CorrectionBody], me: Me, parts: Has) -> RecordedView:
    """Supersede a reading with a reason."""
    command = CorrectResult(
        id=data.id,
        reading_id=reading_id,
        entered=data.entered,
        reason=data.reason,
        confirmed=data.confirmed,
        attachments=data.attachments,
        gauge_id=data.gauge_id,
        device_at=data.device_at,
    )
    return await _view(parts, me.who.person_id, await correct_result(parts.store, me.who, command))


async def _view(parts: Parts, person_id: str, recorded: Recorded) -> RecordedView:
    read = parts.store.read
    return RecordedView(
        await reading_of_id(read, recorded.readings[0]),
        await inspection_sheet(read, recorded.inspection_id, person_id),
        await ncr_line(read, recorded.ncrs[0]) if recorded.ncrs else None,
        await lot_line(read, recorded.lot_id),
    )


@get("/api/inspectors", operation_id="list_inspectors")
async def colleagues(me: Me, parts: Has) -> list[Colleague]:
    """To whom an inspection can be handed over."""
    return await inspectors(parts.store.read, me.who, parts.store.clock())


@post("/api/inspections/{inspection_id:str}/hand-over", operation_id="hand_over_inspection", status_code=200)
async def hand_over(inspection_id: Id, data: JSONBody[HandOverBody], me: Me, parts: Has) -> HandedOver:
    """Tell a colleague to go on."""
    command = HandOverInspection(
        id=data.id,
        inspection_id=inspection_id,
        to_id=data.to_id,
        remark=data.remark,
        device_at=data.device_at,
    )
    return await hand_over_inspection(parts.store, me.who, command)


HANDLERS = [my_worklist, inspection, record, record_several, correct, colleagues, hand_over]
