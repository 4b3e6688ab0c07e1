"""Gauges, their calibrations, and the assessments of what a bad one has measured."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.add_gauge import AddGauge, add_gauge
from backend.actions.change_gauge_status import ChangeGaugeStatus, change_gauge_status
from backend.actions.close_assessment import CloseAssessment, close_assessment
from backend.actions.record_calibration import RecordCalibration, record_calibration
from backend.domain.gauges import Conclusion, Found
from backend.domain.words import Words
from backend.views.gauges import (
    AssessmentLine,
    AssessmentReport,
    GaugeCard,
    GaugeLine,
    assessment_report,
    assessments,
    gauge_card,
    list_gauges,
)
from backend.web.asking import Has, Id, Me


class GaugeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A new gauge and the calibration that it comes with."""

    id: str
    code: str
    type: str
    name: Words
    unit: str
    lower: Decimal
    upper: Decimal
    resolution: Decimal
    interval_days: int
    calibrated_on: str
    certificate: str
    device_at: str | None = None


class CalibrationBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How it was found, how it was left."""

    id: str
    done_on: str
    as_found: Found
    as_left: Found
    certificate: str
    interval_days: int | None = None
    owner_id: str | None = None
    note: str | None = None
    version: int | None = None
    device_at: str | None = None


class StatusBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Out of use, back, or retired, and why."""

    id: str
    step: Literal["lock_out", "return", "retire"]
    reason: str
    version: int | None = None
    device_at: str | None = None


class ConclusionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What it means for the lot, and why."""

    id: str
    conclusion: Conclusion
    reason: str
    version: int | None = None
    device_at: str | None = None


@get("/api/gauges", operation_id="list_gauges")
async def gauges(me: Me, parts: Has) -> list[GaugeLine]:
    """What is due first."""
    return await list_gauges(parts.store.read, me.who.site_id, await parts.store.today(me.who.site_id))


@post("/api/gauges", operation_id="add_gauge")
async def add(data: JSONBody[GaugeBody], me: Me, parts: Has) -> GaugeCard:
    """Add one."""
    made = await add_gauge(parts.store, me.who, AddGauge(**msgspec.structs.asdict(data)))
    return await gauge_card(me.reads(parts.store), made.id, await parts.store.today(me.who.site_id))


@get("/api/gauges/{gauge_id:str}", operation_id="get_gauge")
async def gauge(gauge_id: Id, me: Me, parts: Has) -> GaugeCard:
    """One with its history."""
    return await gauge_card(me.reads(parts.store), gauge_id, await parts.store.today(me.who.site_id))


@post("/api/gauges/{gauge_id:str}/calibrations", operation_id="record_calibration")
async def calibrate(gauge_id: Id, data: JSONBody[CalibrationBody], me: Me, parts: Has) -> GaugeCard:
    """Record a calibration."""
    command = RecordCalibration(gauge_id=gauge_id, **msgspec.structs.asdict(data))
    await record_calibration(parts.store, me.who, command)
    return await gauge_card(me.reads(parts.store), gauge_id, await parts.store.today(me.who.site_id))


@post("/api/gauges/{gauge_id:str}/status", operation_id="change_gauge_status")
async def change(gauge_id: Id, data: JSONBody[StatusBody], me: Me, parts: Has) -> GaugeCard:
    """Take it out of use, or bring it back."""
    command = ChangeGaugeStatus(gauge_id=gauge_id, **msgspec.structs.asdict(data))
    await change_gauge_status(parts.store, me.who, command)
    return await gauge_card(me.reads(parts.store), gauge_id, await parts.store.today(me.who.site_id))


@get("/api/assessments", operation_id="list_assessments")
async def all_assessments(me: Me, parts: Has) -> list[AssessmentLine]:
    """Open ones first."""
    return await assessments(parts.store.read, me.who.site_id)


@get("/api/assessments/{assessment_id:str}", operation_id="get_assessment")
async def assessment(assessment_id: Id, me: Me, parts: Has) -> AssessmentReport:
    """Every result in doubt."""
    return await assessment_report(
        me.reads(parts.store), assessment_id, await parts.store.today(me.who.site_id)
    )


@post("/api/assessments/{assessment_id:str}/closure", operation_id="close_assessment")
async def close(assessment_id: Id, data: JSONBody[ConclusionBody], me: Me, parts: Has) -> AssessmentReport:
    """Conclude it."""
    command = CloseAssessment(assessment_id=assessment_id, **msgspec.structs.asdict(data))
    await close_assessment(parts.store, me.who, command)
    return await assessment_report(
        me.reads(parts.store), assessment_id, await parts.store.today(me.who.site_id)
    )


HANDLERS = [gauges, add, gauge, calibrate, change, all_assessments, assessment, close]
