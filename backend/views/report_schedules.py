"""Reports that are made by themselves, each with its last runs, as a person may see them."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from backend.domain.people import Who
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.store.reader import Reader
from backend.store.reporting_rights import may_see
from backend.views.people import allowed_actions, printed_names

LAST_RUNS = 5


class RunLine(msgspec.Struct, frozen=True):
    """One report that was made; `file`: there is one to be opened; `gone_at`: when its file was let go of."""

    id: str
    due_at: str
    made_at: str
    since: str | None
    until: str | None
    file: bool
    size: int
    told: list[str]
    withheld: list[str]
    failed: str | None
    gone_at: str | None


class ScheduleLine(msgspec.Struct, frozen=True):
    """One schedule; names of people as printed, `runs` the newest first."""

    id: str
    report: str
    filters: dict[str, str]
    form: str
    language: str
    rhythm: str
    day: int
    at: str
    receivers: list[str]
    as_file: bool
    opened_by: str
    status: str
    next_at: str
    runs: list[RunLine]


async def list_schedules(read: Reader, who: Who, now: str) -> list[ScheduleLine]:
    """All of them for whoever may order one; for others those that they receive. Runs only of reports that they may
    see."""
    steers = "schedule_report" in await allowed_actions(read, who.site_id, who.roles)
    found = [
        each
        for each in await read.all(ReportSchedule, "site_id = $1 order by id desc", who.site_id)
        if steers or who.person_id in each.receivers
    ]
    names = await printed_names(read, who.site_id)
    runs: dict[str, list[ReportRun]] = defaultdict(list)
    for each in found:
        if await may_see(read, who.site_id, each.report, [who.person_id], now):
            where = f"schedule_id = $1 order by due_at desc limit {LAST_RUNS}"
            runs[each.id] = await read.all(ReportRun, where, each.id)
    return [
        ScheduleLine(
            each.id, each.report, each.filters.given(), each.form, each.language, each.rhythm, each.day, each.at,
            [names.get(one, one) for one in each.receivers], each.as_file, names.get(each.opened_by, ""), each.status,
            each.next_at, [_run(run, names) for run in runs[each.id]],
        )
        for each in found
    ]  # fmt: skip


def _run(run: ReportRun, names: dict[str, str]) -> RunLine:
    return RunLine(
        run.id, run.due_at, run.made_at, run.since, run.until,
        run.file is not None and run.gone_at is None, run.size,
        [names.get(one, one) for one in run.told], [names.get(one, one) for one in run.withheld], run.failed,
        run.gone_at,
    )  # fmt: skip


async def old_runs(read: Reader, site_id: str, made_before: str) -> list[str]:
    """Ids of those whose file is still kept, the oldest first."""
    where = "site_id = $1 and made_at < $2 and file is not null and gone_at is null order by made_at, id"
    return [run.id for run in await read.all(ReportRun, where, site_id, made_before)]


async def unnamed_files(read: Reader, site_id: str) -> list[str]:
    """SHA-256 of files that were let go of, and that no other run and no attachment names, at whatever site."""
    rows = await read.rows(
        "select distinct file from report_run where site_id = $1 and gone_at is not null and not exists (select 1 from "
        "report_run kept where kept.file = report_run.file and kept.gone_at is null) and not exists (select 1 from "
        "attachment where attachment.id = report_run.file) order by file",
        site_id,
    )
    return [row[0] for row in rows]
