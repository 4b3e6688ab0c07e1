"""Gauges: what is due, the card with its history, and the assessments of what a bad one has measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from backend.domain.gauges import SOON, Assessment, Calibration, Gauge, standing
from backend.domain.plans import Characteristic
from backend.domain.words import Words
from backend.store.database import Row
from backend.store.inspecting import document_of
from backend.store.reader import Reader
from backend.views.lots import LotLine, lot_line


class GaugeLine(msgspec.Struct, frozen=True):
    """One gauge in a list; `standing` is in_use, due_soon, overdue, locked_out, out_of_tolerance or retired today."""

    id: str
    code: str
    type: str
    name: Words
    unit: str
    lower: Decimal
    upper: Decimal
    resolution: Decimal
    interval_days: int
    standing: str
    calibrated_on: str
    due_on: str
    version: int


class CalibrationLine(msgspec.Struct, frozen=True):
    """One calibration of its history."""

    id: str
    done_on: str
    as_found: str
    as_left: str
    certificate: str
    due_on: str
    by: str
    at: str
    note: str | None


class AssessmentLine(msgspec.Struct, frozen=True):
    """One assessment in a list."""

    id: str
    number: str
    gauge: str
    lot_number: str
    count: int
    """Readings in doubt."""
    owner: str
    due_on: str
    status: str
    conclusion: str | None


class UseLine(msgspec.Struct, frozen=True):
    """One result that a gauge gave, with the gauge as it was then."""

    inspection_id: str
    inspection: str
    lot_number: str
    characteristic: Words
    entered: str
    unit: str
    verdict: str
    status: str
    by: str
    at: str
    gauge_due_on: str
    gauge_resolution: Decimal


class GaugeCard(msgspec.Struct, frozen=True):
    """The gauge with its history; `uses` are the newest."""

    gauge: GaugeLine
    calibrations: list[CalibrationLine]
    assessments: list[AssessmentLine]
    uses: list[UseLine]


class AssessmentReport(msgspec.Struct, frozen=True):
    """All that the person who concludes has to read: the calibration, and every result in doubt."""

    assessment: AssessmentLine
    gauge: GaugeLine
    calibration: CalibrationLine
    lot: LotLine
    receipt_id: str
    results: list[UseLine]
    reason: str | None
    closed_by: str | None
    closed_at: str | None
    version: int


MOST_USES = 50

_ASSESSMENTS = (
    "select assessment.id, assessment.number, gauge.code, lot.number, readings, person.printed_name, "
    "assessment.due_on, assessment.status, conclusion from assessment join gauge on gauge.id = assessment.gauge_id "
    "join lot on lot.id = assessment.lot_id join person on person.id = owner_id"
)
_USES = (
    "select reading.inspection_id, inspection.number, lot.number, reading.characteristic, "
    "inspection.plan_version_id, reading.entered, reading.verdict, reading.status, person.printed_name, "
    "reading.at, reading.gauge_due_on, reading.gauge_resolution from reading "
    "join inspection on inspection.id = reading.inspection_id join lot on lot.id = inspection.lot_id "
    "join person on person.id = reading.person_id"
)
_READINGS = msgspec.json.Decoder(list[str])


def gauge_line(gauge: Gauge, today: date) -> GaugeLine:
    """As it stands on a day."""
    return GaugeLine(
        gauge.id,
        gauge.code,
        gauge.type,
        gauge.name,
        gauge.unit,
        gauge.lower,
        gauge.upper,
        gauge.resolution,
        gauge.interval_days,
        standing(gauge, today.isoformat()),
        gauge.calibrated_on,
        gauge.due_on,
        gauge.version,
    )


async def list_gauges(read: Reader, site_id: str, today: date) -> list[GaugeLine]:
    """What is due first; retired ones last."""
    found = await read.all(
        Gauge,
        "site_id = $1 order by case when status = 'retired' then 1 else 0 end, due_on, code",
        site_id,
    )
    return [gauge_line(each, today) for each in found]


async def due_gauges(read: Reader, site_id: str, today: date) -> list[GaugeLine]:
    """Those that somebody has to have calibrated: due soon, overdue, out of tolerance."""
    found = await read.all(
        Gauge,
        "site_id = $1 and (status = 'out_of_tolerance' or (status = 'in_use' and due_on <= $2)) order by due_on, code",
        site_id,
        (today + SOON).isoformat(),
    )
    return [gauge_line(each, today) for each in found]


async def gauge_card(read: Reader, gauge_id: str, today: date) -> GaugeCard:
    """By id."""
    gauge = await read.get(Gauge, gauge_id)
    calibrations = await read.all(Calibration, "gauge_id = $1 order by done_on desc, at desc", gauge.id)
    names = await _names(read, [each.person_id for each in calibrations])
    return GaugeCard(
        gauge_line(gauge, today),
        [_calibration(each, names) for each in calibrations],
        await assessments(read, gauge.site_id, gauge_id=gauge.id),
        await _uses(
            read, "reading.gauge_id = $1 order by reading.at desc, reading.id limit $2", gauge.id, MOST_USES
        ),
    )


async def assessments(
    read: Reader, site_id: str, *, open_only: bool = False, gauge_id: str | None = None
) -> list[AssessmentLine]:
    """By due day, the open ones first."""
    condition = " and assessment.status = 'open'" if open_only else ""
    if gauge_id is not None:
        condition += " and assessment.gauge_id = $2"
    rows = await read.rows(
        f"{_ASSESSMENTS} where assessment.site_id = $1{condition} order by "
        "case when assessment.status = 'open' then 0 else 1 end, assessment.due_on, assessment.number limit 200",
        site_id,
        *([gauge_id] if gauge_id is not None else []),
    )
    return [_assessment(row) for row in rows]


async def assessment_report(read: Reader, assessment_id: str, today: date) -> AssessmentReport:
    """By id."""
    assessment = await read.get(Assessment, assessment_id)
    gauge = await read.get(Gauge, assessment.gauge_id)
    calibration = await read.get(Calibration, assessment.calibration_id)
    names = await _names(read, [calibration.person_id, assessment.closed_by or ""])
    rows = await read.rows(f"{_ASSESSMENTS} where assessment.id = $1", assessment.id)
    marks = ", ".join(f"${place + 1}" for place in range(len(assessment.readings)))
    results = await _uses(
        read, f"reading.id in ({marks}) order by reading.at, reading.id", *assessment.readings
    )
    return AssessmentReport(
        _assessment(rows[0]),
        gauge_line(gauge, today),
        _calibration(calibration, names),
        await lot_line(read, assessment.lot_id),
        assessment.receipt_id,
        results,
        assessment.reason,
        names.get(assessment.closed_by or ""),
        assessment.closed_at,
        assessment.version,
    )


def _assessment(row: Row) -> AssessmentLine:
    id, number, gauge, lot, readings, owner, due_on, status, conclusion = row
    return AssessmentLine(
        id, number, gauge, lot, len(_READINGS.decode(readings)), owner, due_on, status, conclusion
    )


def _calibration(each: Calibration, names: dict[str, str]) -> CalibrationLine:
    return CalibrationLine(
        each.id,
        each.done_on,
        each.as_found,
        each.as_left,
        each.certificate,
        each.due_on,
        names.get(each.person_id, ""),
        each.at,
        each.note,
    )


async def _uses(read: Reader, condition: str, *args: object) -> list[UseLine]:
    lines = []
    for row in await read.rows(f"{_USES} where {condition}", *args):
        document = await document_of(read, row[4])
        of: Characteristic = next(each for each in document.characteristics if each.code == row[3])
        lines.append(
            UseLine(
                inspection_id=row[0],
                inspection=row[1],
                lot_number=row[2],
                characteristic=of.name,
                entered=row[5],
                unit=of.unit,
                verdict=row[6],
                status=row[7],
                by=row[8],
                at=row[9],
                gauge_due_on=row[10],
                gauge_resolution=Decimal(row[11]),
            )
        )
    return lines


async def _names(read: Reader, ids: list[str]) -> dict[str, str]:
    known = sorted({each for each in ids if each})
    if not known:
        return {}
    marks = ", ".join(f"${place + 1}" for place in range(len(known)))
    return dict(await read.rows(f"select id, printed_name from person where id in ({marks})", *known))
