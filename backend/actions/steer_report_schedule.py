"""Pause a report that is made by itself, take it up again, or end it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from backend.domain.notices import Job
from backend.domain.people import Who
from backend.domain.report_schedules import REPORT_STEPS, ReportSchedule, next_due
from backend.domain.sites import Site
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class SteerReportSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, and the step."""

    id: str
    schedule_id: str
    step: Literal["pause", "resume", "end"]
    device_at: str | None = None


@verb
async def steer_report_schedule(tx: Change, who: Who, command: SteerReportSchedule) -> ReportSchedule:
    """What passed while it was paused is not made up for: somebody wanted it so."""
    schedule = await tx.get(ReportSchedule, command.schedule_id)
    status = take(REPORT_STEPS, command.step, schedule.status)
    changes: dict[str, Any] = {"status": status}
    if command.step == "resume":
        zone = (await tx.get(Site, schedule.site_id)).zone
        next_at = next_due(schedule.rhythm, schedule.day, schedule.at, tx.now, zone)
        tx.due("report_due", schedule.id, next_at)
        changes |= {"next_at": next_at, "job_id": tx.pending(Job)[-1].id}
    changed = tx.update(schedule, **changes)
    tx.record(
        "report_schedule_steered", "report_schedule", schedule.id, report=schedule.report, step=command.step
    )
    return changed
