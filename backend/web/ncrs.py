"""Nonconformity reports and what was promised in them."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.close_ncr import CloseNcr, close_ncr
from backend.actions.complete_follow_up import CompleteFollowUp, complete_follow_up
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.finish_rework import FinishRework, finish_rework
from backend.actions.report_exception import ReportException, report_exception
from backend.actions.report_nonconformity import ReportNonconformity, report_nonconformity
from backend.domain.ncrs import Disposition, Matter, Ncr, PlannedFollowUp, Severity, Source
from backend.views.ncrs import NcrLine, NcrReport, list_ncrs, ncr_report
from backend.web.asking import Has, Id, Me


class ContainmentBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was done at once."""

    id: str
    containment: str
    version: int | None = None
    device_at: str | None = None


class DispositionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What becomes of it, why, who follows up."""

    id: str
    disposition: Disposition
    justification: str
    follow_ups: list[PlannedFollowUp] = []
    version: int | None = None
    device_at: str | None = None


class CompletionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What came of it."""

    id: str
    outcome: str
    device_at: str | None = None


class ClosureBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """As it was read."""

    id: str
    version: int | None = None
    device_at: str | None = None


class Kept(msgspec.Struct, frozen=True):
    """Which promise, and what it belongs to."""

    id: str
    kind: Matter
    subject_id: str


class ReworkBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was done to how much, and where."""

    id: str
    done: str
    quantity: Decimal
    line: str | None = None
    equipment: str | None = None
    device_at: str | None = None


class ReportBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What somebody saw; `quantity` None: all that lies here."""

    id: str
    lot_number: str
    what: str
    severity: Severity
    source: Source = "floor"
    quantity: Decimal | None = None
    receipt_id: str | None = None
    attachments: list[str] = []
    device_at: str | None = None


@post("/api/ncr-exceptions", operation_id="report_exception")
async def from_exception(data: JSONBody[ReportException], me: Me, parts: Has) -> Ncr:
    """Opened from an audit exception, which it names."""
    return await report_exception(parts.store, me.who, data)


@post("/api/ncrs", operation_id="report_nonconformity")
async def report(data: JSONBody[ReportBody], me: Me, parts: Has) -> NcrReport:
    """Open a report that no result opened."""
    opened = await report_nonconformity(
        parts.store, me.who, ReportNonconformity(**msgspec.structs.asdict(data))
    )
    return await ncr_report(me.reads(parts.store), opened.id)


@get("/api/ncrs", operation_id="list_ncrs")
async def ncrs(me: Me, parts: Has) -> list[NcrLine]:
    """Open ones first."""
    return await list_ncrs(parts.store.read, me.who.site_id)


@get("/api/ncrs/{ncr_id:str}", operation_id="get_ncr")
async def ncr(ncr_id: Id, me: Me, parts: Has) -> NcrReport:
    """The whole report."""
    return await ncr_report(me.reads(parts.store), ncr_id)


@post("/api/ncrs/{ncr_id:str}/containment", operation_id="contain_ncr")
async def contain(ncr_id: Id, data: JSONBody[ContainmentBody], me: Me, parts: Has) -> NcrReport:
    """Contain it."""
    command = ContainNcr(
        id=data.id,
        ncr_id=ncr_id,
        containment=data.containment,
        version=data.version,
        device_at=data.device_at,
    )
    await contain_ncr(parts.store, me.who, command)
    return await ncr_report(me.reads(parts.store), ncr_id)


@post("/api/ncrs/{ncr_id:str}/disposition", operation_id="dispose_ncr")
async def dispose(ncr_id: Id, data: JSONBody[DispositionBody], me: Me, parts: Has) -> NcrReport:
    """Decide what becomes of it."""
    command = DisposeNcr(
        id=data.id,
        ncr_id=ncr_id,
        disposition=data.disposition,
        justification=data.justification,
        follow_ups=data.follow_ups,
        version=data.version,
        device_at=data.device_at,
    )
    await dispose_ncr(parts.store, me.who, command)
    return await ncr_report(me.reads(parts.store), ncr_id)


@post("/api/follow-ups/{follow_up_id:str}/completion", operation_id="complete_follow_up")
async def complete(follow_up_id: Id, data: JSONBody[CompletionBody], me: Me, parts: Has) -> Kept:
    """The promise was kept."""
    command = CompleteFollowUp(
        id=data.id, follow_up_id=follow_up_id, outcome=data.outcome, device_at=data.device_at
    )
    done = await complete_follow_up(parts.store, me.who, command)
    return Kept(done.id, *done.matter)


@post("/api/reworks/{rework_id:str}/finish", operation_id="finish_rework")
async def rework_done(rework_id: Id, data: JSONBody[ReworkBody], me: Me, parts: Has) -> NcrReport:
    """What was done."""
    command = FinishRework(rework_id=rework_id, **msgspec.structs.asdict(data))
    done = await finish_rework(parts.store, me.who, command)
    return await ncr_report(me.reads(parts.store), done.ncr_id)


@post("/api/ncrs/{ncr_id:str}/closure", operation_id="close_ncr")
async def close(ncr_id: Id, data: JSONBody[ClosureBody], me: Me, parts: Has) -> NcrReport:
    """Close it."""
    command = CloseNcr(id=data.id, ncr_id=ncr_id, version=data.version, device_at=data.device_at)
    await close_ncr(parts.store, me.who, command)
    return await ncr_report(me.reads(parts.store), ncr_id)


HANDLERS = [from_exception, rework_done, report, ncrs, ncr, contain, dispose, complete, close]
