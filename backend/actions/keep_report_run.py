"""Keep a report that was made as it was due, and tell those who may see it; one for one due time, whatever dies
meanwhile (AUD-4)."""

from __future__ import annotations

import msgspec

from backend.domain.events import Value
from backend.domain.notices import Job
from backend.domain.people import Who
from backend.domain.record_exports import both
from backend.domain.record_labels import title_of
from backend.domain.report_keeping import FILES_DUE, LOOK_AGAIN
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.domain.signing import later
from backend.store.change import Change
from backend.store.reporting_rights import may_see
from backend.store.verb import verb


class KeepReportRun(msgspec.Struct, frozen=True, kw_only=True):
    """Of which schedule and due work; the file, or the code of why there is none."""

    id: str
    schedule_id: str
    job_id: str
    since: str | None = None
    until: str | None = None
    file: str | None = None
    name: str | None = None
    size: int = 0
    failed: str | None = None
    device_at: str | None = None


@verb(own=True)
async def keep_report_run(tx: Change, who: Who, command: KeepReportRun) -> ReportRun | None:
    """None where the schedule waits for other work by now, or has this report already."""
    schedule = await tx.get(ReportSchedule, command.schedule_id)
    due_at = schedule.next_at
    known = await tx.first(ReportRun, "schedule_id = $1 and due_at = $2", schedule.id, due_at)
    if known is not None or schedule.status != "active" or schedule.job_id != command.job_id:
        return None
    asked = [schedule.opened_by] if command.failed else schedule.receivers
    seeing = await may_see(tx, schedule.site_id, schedule.report, asked, tx.now)
    run = tx.insert(
        ReportRun(
            tx.new_id(), schedule.site_id, schedule.id, due_at, tx.now, command.since, command.until, command.file,
            command.name, command.size, seeing, [each for each in asked if each not in seeing], command.failed,
        )
    )  # fmt: skip
    if (
        await tx.first(Job, "kind = $1 and site_id = $2 and done_at is null", FILES_DUE, schedule.site_id)
        is None
    ):
        tx.due(FILES_DUE, schedule.site_id, later(tx.now, LOOK_AGAIN))
    code = "report_failed" if command.failed else "report_ready"
    report = both(title_of(schedule.report))
    handed: dict[str, Value] = {"as_file": True} if schedule.as_file and command.file else {}
    for person_id in seeing:
        tx.tell(person_id, code, "report_schedule", schedule.id, report=report, run=run.id, **handed)
    tx.record(
        "report_made", "report_schedule", schedule.id,
        report=schedule.report, run=run.id, sha256=command.file, told=len(seeing),
        withheld=len(run.withheld), failed=command.failed,
    )  # fmt: skip
    return run
