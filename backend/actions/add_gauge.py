"""Add a gauge with the calibration that lets it measure (RES-6)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Refused
from backend.domain.gauges import Calibration, Gauge, check_calibration, check_gauge, due_after
from backend.domain.people import Who
from backend.domain.words import Words
from backend.store.change import Change
from backend.store.verb import verb


class AddGauge(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on it and in its certificate; range and resolution in `unit`, `calibrated_on` an ISO day."""

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


@verb
async def add_gauge(tx: Change, who: Who, command: AddGauge) -> Gauge:
    """Add it; its first calibration left it in tolerance, or it would not be added."""
    code = command.code.strip()
    taken = await tx.first(Gauge, "site_id = $1 and code = $2", who.site_id, code)
    reasons = check_calibration(
        command.calibrated_on, command.certificate, command.interval_days, tx.today.isoformat()
    )
    due_on = command.calibrated_on if reasons else due_after(command.calibrated_on, command.interval_days)
    gauge = Gauge(
        id=tx.new_id(),
        site_id=who.site_id,
        code=code,
        type=command.type.strip(),
        name=command.name,
        unit=command.unit,
        lower=command.lower,
        upper=command.upper,
        resolution=command.resolution,
        interval_days=command.interval_days,
        status="in_use",
        calibrated_on=command.calibrated_on,
        due_on=due_on,
    )
    reasons = [*check_gauge(gauge, taken is not None), *reasons]
    if reasons:
        raise Refused(*reasons)
    tx.insert(gauge)
    tx.insert(
        Calibration(
            id=tx.new_id(),
            site_id=who.site_id,
            gauge_id=gauge.id,
            done_on=command.calibrated_on,
            as_found="in_tolerance",
            as_left="in_tolerance",
            certificate=command.certificate.strip(),
            due_on=due_on,
            person_id=who.person_id,
            at=tx.now,
        )
    )
    tx.record("gauge_added", "gauge", gauge.id, gauge=gauge.code)
    return gauge
