"""CAPAs, change requests and complaints: the line in a list, and the whole with its promises and its history."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from backend.domain.capas import Capa, Cause, Origin, Round
from backend.domain.change_requests import Affected, ChangeRequest
from backend.domain.complaints import Complaint
from backend.domain.consignees import Consignee
from backend.domain.lots import Lot, Receipt
from backend.domain.ncrs import Matter, Ncr
from backend.store.promising import promises_of
from backend.store.reader import Reader
from backend.views.lot_cards import Moment, moment
from backend.views.ncrs import FollowUpLine, PersonRef, active_people, promised
from backend.views.people import printed_names

MOST = 200
DONE = ("answered", "closed", "withdrawn")
"""What stands so is not overdue."""
Looped = TypeVar("Looped", Capa, ChangeRequest, Complaint)


class LoopLine(msgspec.Struct, frozen=True):
    """One CAPA, change or complaint in a list; `overdue` at the site's day."""

    id: str
    number: str
    title: str
    status: str
    owner: str | None
    due_on: str
    opened_at: str
    overdue: bool


class CapaView(msgspec.Struct, frozen=True):
    """All of a CAPA."""

    id: str
    number: str
    title: str
    problem: str
    sources: list[Origin]
    owner: str
    owner_id: str
    due_on: str
    opened_by: str
    opened_at: str
    status: str
    whys: list[str]
    causes: list[Cause]
    root_cause: str | None
    adverse: str | None
    criterion: str | None
    waits_until: str | None
    may_judge: bool
    """Whether the waiting time is over."""
    evidence: str | None
    attachments: list[str]
    rounds: list[Round]
    closed_at: str | None
    version: int
    actions: list[FollowUpLine]
    people: list[PersonRef]
    timeline: list[Moment]


class ChangeView(msgspec.Struct, frozen=True):
    """All of a change request."""

    id: str
    number: str
    title: str
    why: str
    risk: str
    affected: list[Affected]
    told: list[str]
    trained: list[str]
    owner: str
    owner_id: str
    author_id: str
    due_on: str
    opened_at: str
    status: str
    returned: str | None
    approved_by: str | None
    approved_at: str | None
    conclusion: str | None
    closed_at: str | None
    version: int
    actions: list[FollowUpLine]
    people: list[PersonRef]
    timeline: list[Moment]


class ReceiptRef(msgspec.Struct, frozen=True):
    """One of several receipts of a lot, to choose."""

    id: str
    received_at: str
    quantity: Decimal


class ComplaintView(msgspec.Struct, frozen=True):
    """All of a complaint."""

    id: str
    number: str
    received_on: str
    described: str
    reporter: str
    consignee: str | None
    lot_number: str | None
    receipts: list[ReceiptRef]
    serial: str | None
    quantity: Decimal | None
    reference: str | None
    """Its number in the system that it comes from."""
    attachments: list[str]
    owner: str | None
    opened_by: str
    opened_at: str
    due_on: str
    status: str
    harm: str | None
    reportable: bool | None
    findings: str | None
    justified: bool | None
    ncr_id: str | None
    ncr_number: str | None
    reply: str | None
    replied_at: str | None
    closed_at: str | None
    version: int
    timeline: list[Moment]


async def list_capas(read: Reader, site_id: str, today: str) -> list[LoopLine]:
    """Open ones first, by due day."""
    return await _lines(read, site_id, await _found(read, Capa, site_id), today)


async def list_changes(read: Reader, site_id: str, today: str) -> list[LoopLine]:
    """Open ones first, by due day."""
    return await _lines(read, site_id, await _found(read, ChangeRequest, site_id), today)


async def list_complaints(read: Reader, site_id: str, today: str) -> list[LoopLine]:
    """Open ones first, by due day."""
    return await _lines(read, site_id, await _found(read, Complaint, site_id), today)


async def _found(read: Reader, noun: type[Looped], site_id: str) -> list[Looped]:
    where = (
        f"site_id = $1 order by case when closed_at is null then 0 else 1 end, due_on, number limit {MOST}"
    )
    return await read.all(noun, where, site_id)


async def _lines(read: Reader, site_id: str, found: Sequence[Looped], today: str) -> list[LoopLine]:
    names = await printed_names(read, site_id)
    return [
        LoopLine(
            each.id,
            each.number,
            each.described if isinstance(each, Complaint) else each.title,
            each.status,
            names.get(each.owner_id or ""),
            each.due_on,
            each.opened_at,
            each.status not in DONE and each.due_on < today,
        )
        for each in found
    ]


async def capa_view(read: Reader, capa_id: str, today: str) -> CapaView:
    """By id."""
    capa = await read.get(Capa, capa_id)
    names = await printed_names(read, capa.site_id)
    return CapaView(
        id=capa.id,
        number=capa.number,
        title=capa.title,
        problem=capa.problem,
        sources=capa.sources,
        owner=names[capa.owner_id],
        owner_id=capa.owner_id,
        due_on=capa.due_on,
        opened_by=names[capa.opened_by],
        opened_at=capa.opened_at,
        status=capa.status,
        whys=capa.whys,
        causes=capa.causes,
        root_cause=capa.root_cause,
        adverse=capa.adverse,
        criterion=capa.criterion,
        waits_until=capa.waits_until,
        may_judge=capa.waits_until is not None and capa.waits_until <= today,
        evidence=capa.evidence,
        attachments=capa.attachments,
        rounds=capa.rounds,
        closed_at=capa.closed_at,
        version=capa.version,
        actions=await _actions(read, "capa", capa.id, names),
        people=await active_people(read, capa.site_id),
        timeline=await _timeline(read, capa.id),
    )


async def change_view(read: Reader, change_id: str) -> ChangeView:
    """By id."""
    request = await read.get(ChangeRequest, change_id)
    names = await printed_names(read, request.site_id)
    return ChangeView(
        id=request.id,
        number=request.number,
        title=request.title,
        why=request.why,
        risk=request.risk,
        affected=request.affected,
        told=list(request.told),
        trained=list(request.trained),
        owner=names[request.owner_id],
        owner_id=request.owner_id,
        author_id=request.opened_by,
        due_on=request.due_on,
        opened_at=request.opened_at,
        status=request.status,
        returned=request.returned,
        approved_by=names.get(request.approved_by or ""),
        approved_at=request.approved_at,
        conclusion=request.conclusion,
        closed_at=request.closed_at,
        version=request.version,
        actions=await _actions(read, "change_request", request.id, names),
        people=await active_people(read, request.site_id),
        timeline=await _timeline(read, request.id),
    )


async def complaint_view(read: Reader, complaint_id: str) -> ComplaintView:
    """By id."""
    complaint = await read.get(Complaint, complaint_id)
    names = await printed_names(read, complaint.site_id)
    lot = await read.get(Lot, complaint.lot_id) if complaint.lot_id else None
    receipts = (
        await read.all(Receipt, "lot_id = $1 order by received_at, id", lot.id) if lot is not None else []
    )
    consignee = await read.get(Consignee, complaint.consignee_id) if complaint.consignee_id else None
    ncr = await read.get(Ncr, complaint.ncr_id) if complaint.ncr_id else None
    return ComplaintView(
        id=complaint.id,
        number=complaint.number,
        received_on=complaint.received_on,
        described=complaint.described,
        reporter=complaint.reporter,
        consignee=f"{consignee.code} · {consignee.name}" if consignee is not None else None,
        lot_number=lot.number if lot is not None else None,
        receipts=[ReceiptRef(each.id, each.received_at, each.quantity) for each in receipts],
        serial=complaint.serial,
        quantity=complaint.quantity,
        reference=complaint.reference,
        attachments=complaint.attachments,
        owner=names.get(complaint.owner_id or ""),
        opened_by=names[complaint.opened_by],
        opened_at=complaint.opened_at,
        due_on=complaint.due_on,
        status=complaint.status,
        harm=complaint.harm,
        reportable=complaint.reportable,
        findings=complaint.findings,
        justified=complaint.justified,
        ncr_id=complaint.ncr_id,
        ncr_number=ncr.number if ncr is not None else None,
        reply=complaint.reply,
        replied_at=complaint.replied_at,
        closed_at=complaint.closed_at,
        version=complaint.version,
        timeline=await _timeline(read, complaint.id),
    )


async def _actions(read: Reader, kind: Matter, id: str, names: dict[str, str]) -> list[FollowUpLine]:
    return [promised(each, names) for each in await promises_of(read, kind, id)]


async def _timeline(read: Reader, id: str) -> list[Moment]:
    events = await read.rows(
        "select event.body, person.printed_name from event left join person on person.id = event.person_id "
        "where event.subject_id = $1 order by event.seq",
        id,
    )
    return [moment(body, person) for body, person in events]
