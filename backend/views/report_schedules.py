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
    """One report that was made; `file`: there is one to be opened."""

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
        run.id, run.due_at, run.made_at, run.since, run.until, run.file is not None, run.size,
        [names.get(one, one) for one in run.told], [names.get(one, one) for one in run.withheld], run.failed,
    )  # fmt: skip
