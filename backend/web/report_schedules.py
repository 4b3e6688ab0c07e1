"""Reports that are made by themselves: ordered, listed, steered, opened; and the making of one that is due."""

from __future__ import annotations

import asyncio
from typing import Literal

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody

from backend.actions.keep_report_run import KeepReportRun, keep_report_run
from backend.actions.let_go_report_file import LetGoReportFile, let_go_report_file
from backend.actions.note_report import NoteReport, note_report
from backend.actions.schedule_report import ScheduleReport, schedule_report
from backend.actions.steer_report_schedule import SteerReportSchedule, steer_report_schedule
from backend.domain.errors import Fact, LotgateError, NotFound, Reason
from backend.domain.notices import Job
from backend.domain.report_keeping import LEAST_YEARS, TERMS
from backend.domain.report_schedules import ReportRun, ReportSchedule, has_period, period
from backend.domain.reports import REPORTS
from backend.domain.retention import years_after
from backend.domain.security import system
from backend.store.attachment_files import path_of, remove_bytes, write_bytes
from backend.views.people import printed_names
from backend.views.report_schedules import ScheduleLine, list_schedules, old_runs, unnamed_files
from backend.views.reports import report
from backend.web.asking import Has, Id, Me, ask_right
from backend.web.parts import Parts
from backend.web.record_exports import MEDIA, written
from backend.web.reports import file_name, prover


class StepBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What becomes of it."""

    id: str
    step: Literal["pause", "resume", "end"]
    device_at: str | None = None


@get("/api/report-schedules", operation_id="list_report_schedules")
async def schedules(me: Me, parts: Has) -> list[ScheduleLine]:
    """The newest first."""
    return await list_schedules(parts.store.read, me.who, parts.store.clock())


@post("/api/report-schedules", operation_id="schedule_report")
async def order(data: JSONBody[ScheduleReport], me: Me, parts: Has) -> list[ScheduleLine]:
    """A report, its rhythm, its receivers."""
    await schedule_report(parts.store, me.who, data)
    return await list_schedules(parts.store.read, me.who, parts.store.clock())


@post("/api/report-schedules/{schedule_id:str}/step", operation_id="steer_report_schedule", status_code=200)
async def steer(schedule_id: Id, data: JSONBody[StepBody], me: Me, parts: Has) -> list[ScheduleLine]:
    """Paused, taken up again, ended."""
    command = SteerReportSchedule(schedule_id=schedule_id, **msgspec.structs.asdict(data))
    await steer_report_schedule(parts.store, me.who, command)
    return await list_schedules(parts.store.read, me.who, parts.store.clock())


@get("/api/report-runs/{run_id:str}/file", operation_id="get_report_run")
async def opened(run_id: Id, me: Me, parts: Has) -> Response[bytes]:
    """As it was made. Whoever may not see such a report does not see this one either; each opening is noted."""
    read = me.reads(parts.store)
    run = await read.get(ReportRun, run_id)
    schedule = await read.get(ReportSchedule, run.schedule_id)
    if (right := REPORTS[schedule.report].right) is not None:
        await ask_right(me, parts, right)
    if run.gone_at is not None:
        facts: dict[str, Fact] = {"on": run.gone_at[:10], "years": TERMS[schedule.report].years}
        raise NotFound(Reason("report_file_gone", facts))
    path = path_of(parts.attachments, run.file or "")
    if run.file is None or not path.exists():
        raise NotFound(Reason("not_found", {"kind": "report_run", "id": run_id}))
    body = await asyncio.to_thread(path.read_bytes)
    command = NoteReport(
        id=parts.store.new_id(),
        kind=schedule.report,
        filters=schedule.filters,
        format=schedule.form,
        sha256=run.file,
    )
    await note_report(parts.store, me.who, command)
    headers = {"Content-Disposition": f'attachment; filename="{run.name}"'}
    return Response(body, media_type=MEDIA[schedule.form], headers=headers)


async def make_due_report(parts: Parts, job: Job) -> None:
    """Make the report that this work is about, keep it and tell; nothing where that was done before, or nobody waits
    for it any more. What can't be made as it was asked for is told to whoever asked; other trouble is tried again."""
    schedule = await parts.store.read.get(ReportSchedule, job.subject_id)
    made = await parts.store.read.first(
        ReportRun, "schedule_id = $1 and due_at = $2", schedule.id, schedule.next_at
    )
    if made is not None or schedule.status != "active" or schedule.job_id != job.id:
        return
    try:
        command = await _made(parts, schedule, job)
    except LotgateError as error:
        code = error.reasons[0].code
        command = KeepReportRun(id=parts.store.new_id(), schedule_id=schedule.id, job_id=job.id, failed=code)
    await keep_report_run(parts.store, system(schedule.site_id), command)


async def _made(parts: Parts, schedule: ReportSchedule, job: Job) -> KeepReportRun:
    read, site_id = parts.store.read_long, schedule.site_id
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    since = until = None
    filters = schedule.filters
    if has_period(schedule.report):
        since, until = period(schedule.rhythm, schedule.next_at, zone)
        filters = msgspec.structs.replace(filters, since=since, until=until)
    by = (await printed_names(read, site_id)).get(schedule.opened_by, "")
    found = await report(read, prover(parts.log), site_id, schedule.report, filters, parts.store.clock(), by)
    body = await written(parts, found, schedule.form, schedule.language)
    sha256 = await asyncio.to_thread(write_bytes, parts.attachments, body)
    return KeepReportRun(
        id=parts.store.new_id(),
        schedule_id=schedule.id,
        job_id=job.id,
        since=since,
        until=until,
        file=sha256,
        name=f"{file_name(found)}.{schedule.form}",
        size=len(body),
    )


async def let_go_of_files(parts: Parts, job: Job) -> None:
    """Of a site's reports that were made by themselves: those whose time of keeping is over, first on record, then in
    the folder. What died in between is made up for the next time."""
    read, site_id = parts.store.read_long, job.site_id
    oldest = years_after(parts.store.clock()[:10], -LEAST_YEARS)
    for run_id in await old_runs(read, site_id, oldest):
        command = LetGoReportFile(id=parts.store.new_id(), run_id=run_id)
        await let_go_report_file(parts.store, system(site_id), command)
    for sha256 in await unnamed_files(parts.store.read, site_id):
        await asyncio.to_thread(remove_bytes, parts.attachments, sha256)


HANDLERS = [schedules, order, steer, opened]
