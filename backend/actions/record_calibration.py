"""Record a calibration; a gauge found out of tolerance puts in doubt what it has measured since (RES-7)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from backend.domain.errors import Reason, Refused, Stale
from backend.domain.gauges import (
    ASSESSMENT_DAYS,
    GAUGE_STEPS,
    Assessment,
    Calibration,
    Found,
    Gauge,
    check_calibration,
    due_after,
    in_doubt,
)
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Lot, Receipt
from backend.domain.numbers import next_number, year_prefix
from backend.domain.people import Person, Who
from backend.domain.sites import Site
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.doubting import hold_in_doubt
from backend.store.numbering import number
from backend.store.verb import verb


class RecordCalibration(msgspec.Struct, frozen=True, kw_only=True):
    """How the gauge was found and how it was left on the day `done_on`. `owner_id`: who assesses; None: who records."""

    id: str
    gauge_id: str
    done_on: str
    as_found: Found
    as_left: Found
    certificate: str
    interval_days: int | None = None
    owner_id: str | None = None
    note: str | None = None
    version: int | None = None
    device_at: str | None = None


class Calibrated(msgspec.Struct, frozen=True):
    """The gauge as it is now, what was recorded, and the assessments that it opened."""

    gauge: Gauge
    calibration: Calibration
    assessments: list[Assessment]


@verb
async def record_calibration(tx: Change, who: Who, command: RecordCalibration) -> Calibrated:
    """Record it. Found out of tolerance: one assessment for each receipt with a result since the last good one."""
    gauge = await tx.get(Gauge, command.gauge_id)
    if command.version is not None and command.version != gauge.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "gauge", "id": gauge.code}))
    interval = gauge.interval_days if command.interval_days is None else command.interval_days
    reasons = check_calibration(command.done_on, command.certificate, interval, tx.today.isoformat())
    owner = await tx.first(Person, "id = $1 and site_id = $2", command.owner_id or who.person_id, who.site_id)
    if owner is None or not owner.active:
        reasons.append(Reason("owner_unknown", field="owner_id"))
    if reasons or owner is None:
        raise Refused(*reasons)
    good = command.as_left == "in_tolerance"
    status = take(GAUGE_STEPS, "calibrate_good" if good else "calibrate_bad", gauge.status)
    calibration = tx.insert(
        Calibration(
            id=tx.new_id(),
            site_id=gauge.site_id,
            gauge_id=gauge.id,
            done_on=command.done_on,
            as_found=command.as_found,
            as_left=command.as_left,
            certificate=command.certificate.strip(),
            due_on=due_after(command.done_on, interval) if good else command.done_on,
            person_id=who.person_id,
            at=tx.now,
            note=(command.note or "").strip() or None,
        )
    )
    changed = gauge
    if command.done_on >= gauge.calibrated_on:  # an older one, recorded late, changes nothing about today
        changed = tx.update(
            gauge,
            status=status,
            interval_days=interval,
            calibrated_on=command.done_on,
            due_on=calibration.due_on if good else gauge.due_on,
        )
    opened = []
    if "out_of_tolerance" in (command.as_found, command.as_left):
        opened = await _assess(tx, gauge, calibration, owner)
    tx.record(
        "calibration_recorded",
        "gauge",
        gauge.id,
        gauge=gauge.code,
        as_found=command.as_found,
        as_left=command.as_left,
        assessments=[each.number for each in opened],
    )
    return Calibrated(changed, calibration, opened)


async def _assess(tx: Change, gauge: Gauge, failed: Calibration, owner: Person) -> list[Assessment]:
    site = await tx.get(Site, gauge.site_id)
    calibrations = await tx.all(Calibration, "gauge_id = $1", gauge.id)
    readings = await tx.all(Reading, "gauge_id = $1 and status <> 'superseded' order by at, id", gauge.id)
    doubtful: dict[str, list[Reading]] = {}
    for reading in in_doubt(readings, calibrations, failed, site.zone):
        doubtful.setdefault(reading.inspection_id, []).append(reading)
    receipts: dict[str, tuple[Inspection, list[str]]] = {}
    for inspection_id, each in doubtful.items():
        inspection = await tx.get(Inspection, inspection_id)
        _, ids = receipts.setdefault(inspection.receipt_id, (inspection, []))
        ids += [reading.id for reading in each]
    opened: list[Assessment] = []
    last = await number(tx, "assessment")
    for inspection, ids in receipts.values():
        lot = await tx.get(Lot, inspection.lot_id)
        assessment = tx.insert(
            Assessment(
                id=tx.new_id(),
                site_id=gauge.site_id,
                number=last,
                gauge_id=gauge.id,
                calibration_id=failed.id,
                lot_id=lot.id,
                receipt_id=inspection.receipt_id,
                readings=ids,
                owner_id=owner.id,
                due_on=(tx.today + timedelta(days=ASSESSMENT_DAYS)).isoformat(),
                opened_at=tx.now,
            )
        )
        await hold_in_doubt(tx, await tx.get(Receipt, inspection.receipt_id))
        last = next_number(year_prefix("assessment", tx.now), last)
        opened.append(assessment)
        tx.tell(
            owner.id,
            "assessment_opened",
            "assessment",
            assessment.id,
            assessment=assessment.number,
            lot=lot.number,
            gauge=gauge.code,
            count=len(ids),
            due_on=assessment.due_on,
        )
        tx.due("assessment_reminder", assessment.id, f"{assessment.due_on}T00:00:00.000000Z")
    lots = [(await tx.get(Lot, each.lot_id)).number for each in opened]
    await tx.tell_role(
        ("quality_engineer", "quality_manager"),
        "gauge_out_of_tolerance",
        "gauge",
        gauge.code,
        gauge=gauge.code,
        lots=sorted(set(lots)),
        count=len(opened),
    )
    return opened
