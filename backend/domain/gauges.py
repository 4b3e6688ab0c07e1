"""Gauges: what may measure what, and what a failed calibration puts in doubt (RES-6, RES-7; ISO 13485 7.6).

stored status      by whom                                    measures?
in_use             added with a good calibration, or returned  until its due day is over, then overdue
locked_out         a person, with a reason                     no
out_of_tolerance   a calibration that left it so               no, until one leaves it in tolerance
retired            a person, with a reason                     never again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec

from backend.domain.days import day_of
from backend.domain.errors import Fact, Reason
from backend.domain.inspections import Reading
from backend.domain.plans import Characteristic
from backend.domain.steps import Step
from backend.domain.units import convert, convertible, is_unit
from backend.domain.words import Words

GaugeStatus = Literal["in_use", "locked_out", "out_of_tolerance", "retired"]
Found = Literal["in_tolerance", "out_of_tolerance"]
Conclusion = Literal["no_effect", "re_inspect", "hold"]

SOON = timedelta(days=14)
"""A gauge whose calibration is due within these days is shown as due soon."""
ASSESSMENT_DAYS = 5
"""Days until an assessment is due."""
RULE = "RES-6"


class Gauge(msgspec.Struct, frozen=True):
    """One instrument. `lower`, `upper`: its range; `resolution`: its smallest step, both in `unit`; days are ISO."""

    id: str
    site_id: str
    code: str
    type: str
    name: Words
    unit: str
    lower: Decimal
    upper: Decimal
    resolution: Decimal
    interval_days: int
    status: GaugeStatus
    calibrated_on: str
    due_on: str
    version: int = 1


class Calibration(msgspec.Struct, frozen=True):
    """One calibration: done on the day `done_on`, how the gauge was found, how it was left, and its certificate."""

    id: str
    site_id: str
    gauge_id: str
    done_on: str
    as_found: Found
    as_left: Found
    certificate: str
    due_on: str
    person_id: str
    at: str
    note: str | None = None


class Assessment(msgspec.Struct, frozen=True):
    """What a gauge found out of tolerance means for one receipt of a lot; only a person closes it."""

    id: str
    site_id: str
    number: str
    gauge_id: str
    calibration_id: str
    lot_id: str
    receipt_id: str
    readings: list[str]
    """Ids, the oldest first."""
    owner_id: str
    due_on: str
    opened_at: str
    status: Literal["open", "closed"] = "open"
    conclusion: Conclusion | None = None
    reason: str | None = None
    closed_by: str | None = None
    closed_at: str | None = None
    version: int = 1


# step, from, to
GAUGE_STEPS = (
    Step("lock_out", ("in_use",), "locked_out"),
    Step("return", ("locked_out",), "in_use"),
    Step("retire", ("in_use", "locked_out", "out_of_tolerance"), "retired"),
    Step("calibrate_good", ("in_use", "locked_out", "out_of_tolerance"), "in_use"),
    Step("calibrate_bad", ("in_use", "locked_out", "out_of_tolerance"), "out_of_tolerance"),
)
ASSESSMENT_STEPS = (Step("close", ("open",), "closed"),)


class Use(NamedTuple):
    """What a gauge is to measure: a value in the characteristic's unit."""

    characteristic: Characteristic
    value: Decimal | None


def standing(gauge: Gauge, today: str) -> str:
    """What a person reads: the stored status, or of a gauge in use that it is due soon or overdue."""
    if gauge.status != "in_use":
        return gauge.status
    if gauge.due_on < today:
        return "overdue"
    soon = (date.fromisoformat(today) + SOON).isoformat()
    return "due_soon" if gauge.due_on <= soon else "in_use"


def faults(gauge: Gauge, use: Use, today: str) -> list[Reason]:
    """Every reason why this gauge must not give this reading today; each has a way out in words (RES-6)."""
    of = use.characteristic
    found: list[Reason] = []
    if of.instrument_type is not None and gauge.type != of.instrument_type:
        found.append(_fault("gauge_wrong_type", gauge, type=gauge.type, wanted=of.instrument_type))
    state = standing(gauge, today)
    if state == "overdue":
        found.append(_fault("gauge_overdue", gauge, due_on=gauge.due_on))
    elif state not in ("in_use", "due_soon"):
        found.append(_fault("gauge_not_in_use", gauge, status=state))
    if of.kind != "numeric":
        return found
    if not _measures(gauge.unit, of.unit):
        return [*found, _fault("gauge_other_unit", gauge, unit=gauge.unit, wanted=of.unit)]
    if of.resolution is not None and _step(gauge, of.unit) > Fraction(of.resolution):
        found.append(
            _fault(
                "gauge_too_coarse",
                gauge,
                resolution=_of(gauge.resolution, gauge.unit),
                wanted=_of(of.resolution, of.unit),
            )
        )
    if use.value is not None and not _covers(gauge, use.value, of.unit):
        span = f"{gauge.lower:f} – {_of(gauge.upper, gauge.unit)}"
        found.append(_fault("gauge_out_of_range", gauge, value=_of(use.value, of.unit), range=span))
    return found


def check_gauge(gauge: Gauge, taken: bool) -> list[Reason]:
    """All that keeps a gauge from being added."""
    reasons = [
        Reason("text_missing", field=field)
        for field, text in {
            "code": gauge.code,
            "type": gauge.type,
            "name.en": gauge.name.en,
            "name.zh": gauge.name.zh,
        }.items()
        if not text.strip()
    ]
    if taken:
        reasons.append(Reason("gauge_code_taken", {"gauge": gauge.code}, "code"))
    if not is_unit(gauge.unit):
        reasons.append(Reason("unit_unknown", {"unit": gauge.unit}, "unit"))
    if not all(one.is_finite() for one in (gauge.lower, gauge.upper, gauge.resolution)):
        return [*reasons, Reason("gauge_range_invalid", field="upper")]
    if gauge.lower >= gauge.upper or gauge.resolution <= 0 or gauge.resolution > gauge.upper - gauge.lower:
        reasons.append(Reason("gauge_range_invalid", field="upper"))
    return reasons


def check_calibration(done_on: str, certificate: str, interval_days: int, today: str) -> list[Reason]:
    """All that keeps a calibration from being recorded."""
    reasons = []
    if not _is_day(done_on) or done_on > today:
        reasons.append(Reason("calibration_day_wrong", {"done_on": done_on[:20]}, "done_on"))
    if not certificate.strip():
        reasons.append(Reason("certificate_missing", field="certificate"))
    if not 1 <= interval_days <= 3660:
        reasons.append(Reason("interval_invalid", {"days": interval_days}, "interval_days"))
    return reasons


def due_after(done_on: str, interval_days: int) -> str:
    """The last day on which a gauge calibrated on a day measures."""
    return (date.fromisoformat(done_on) + timedelta(days=interval_days)).isoformat()


def last_good(calibrations: Iterable[Calibration], before: Calibration) -> Calibration | None:
    """The calibration from which the gauge was last known to measure rightly: it left it in tolerance, on an
    earlier day than `before`, or on the same day but recorded earlier."""
    good = [
        each
        for each in calibrations
        if each.as_left == "in_tolerance"
        and each.id != before.id
        and (each.done_on, each.at) < (before.done_on, before.at)
    ]
    return max(good, key=lambda each: (each.done_on, each.at), default=None)


def next_good(calibrations: Iterable[Calibration], after: Calibration) -> Calibration | None:
    """The calibration that set the gauge right again: the failed one itself, or the first later one."""
    if after.as_left == "in_tolerance":
        return after
    good = [each for each in calibrations if each.done_on > after.done_on and each.as_left == "in_tolerance"]
    return min(good, key=lambda each: (each.done_on, each.at), default=None)


def in_doubt(
    readings: Iterable[Reading], calibrations: Sequence[Calibration], failed: Calibration, zone: str
) -> list[Reading]:
    """Every result of the gauge since its last good calibration (RES-7); all of them where there was none.

    A reading that waited on a phone counts by its own day as well as by the server's, whichever puts it in
    doubt; the days of both calibrations belong to it, since nobody knows at which hour they were.
    """
    first, last = last_good(calibrations, failed), next_good(calibrations, failed)
    start, end = first.done_on if first else "", last.done_on if last else "9999-12-31"
    return [each for each in readings if _days(each, zone)[1] >= start and _days(each, zone)[0] <= end]


def _days(reading: Reading, zone: str) -> tuple[str, str]:
    """The earlier and the later of a reading's days at the site: by the device, by the server."""
    days = [day_of(at, zone).isoformat() for at in (reading.at, reading.device_at) if at is not None]
    return min(days), max(days)


def _fault(code: str, gauge: Gauge, **facts: Fact) -> Reason:
    return Reason(code, {"gauge": gauge.code, **facts, "rule": RULE}, "gauge_id")


def _of(value: Decimal, unit: str) -> str:
    return f"{value:f} {unit}".rstrip()


def _measures(unit: str, wanted: str) -> bool:
    return unit == wanted or convertible(unit, wanted)


def _in_unit(value: Decimal, of: str, to: str) -> Fraction:
    return Fraction(value) if of == to else convert(value, of, to)


def _step(gauge: Gauge, unit: str) -> Fraction:
    """The gauge's smallest step in another unit; a difference, so an offset goes out."""
    return _in_unit(gauge.resolution, gauge.unit, unit) - _in_unit(Decimal(0), gauge.unit, unit)


def _covers(gauge: Gauge, value: Decimal, unit: str) -> bool:
    return gauge.lower <= _in_unit(value, unit, gauge.unit) <= gauge.upper


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
