"""Take a gauge out of use, bring it back, or retire it, with a reason (RES-6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.errors import Reason, Stale, refuse
from backend.domain.gauges import GAUGE_STEPS, Gauge
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class ChangeGaugeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Which step, and why."""

    id: str
    gauge_id: str
    step: Literal["lock_out", "return", "retire"]
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def change_gauge_status(tx: Change, who: Who, command: ChangeGaugeStatus) -> Gauge:
    """Take the step. What is out of tolerance comes back by a good calibration only."""
    gauge = await tx.get(Gauge, command.gauge_id)
    if command.version is not None and command.version != gauge.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "gauge", "id": gauge.code}))
    if not command.reason.strip():
        raise refuse("reason_missing", field="reason")
    changed = tx.update(gauge, status=take(GAUGE_STEPS, command.step, gauge.status))
    tx.record(
        "gauge_status_changed",
        "gauge",
        gauge.id,
        reason=command.reason.strip(),
        gauge=gauge.code,
        old=gauge.status,
        new=changed.status,
    )
    return changed
