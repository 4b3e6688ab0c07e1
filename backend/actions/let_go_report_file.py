"""Let go of the file of a report that was made by itself, once its time is over and nothing holds it (AUD-10)."""

from __future__ import annotations

import msgspec

from backend.domain.days import day_of
from backend.domain.errors import Reason
from backend.domain.people import Who
from backend.domain.report_keeping import TERMS, against_letting_go, file_until
from backend.domain.report_schedules import ReportRun, ReportSchedule
from backend.domain.sites import Site
from backend.store.change import Change
from backend.store.retaining import holds_at, keeping_of_lot, lots_asked_for
from backend.store.verb import verb


class LetGoReportFile(msgspec.Struct, frozen=True, kw_only=True):
    """Of which run."""

    id: str
    run_id: str
    device_at: str | None = None


@verb(own=True)
async def let_go_report_file(tx: Change, _who: Who, command: LetGoReportFile) -> list[Reason]:
    """Why it is still kept; nothing: it is let go of, and its bytes are removed after this. The run stays."""
    run = await tx.get(ReportRun, command.run_id)
    if run.file is None or run.gone_at is not None:
        return []
    schedule = await tx.get(ReportSchedule, run.schedule_id)
    zone = (await tx.get(Site, run.site_id)).zone
    made_on = day_of(run.made_at, zone).isoformat()
    lots = [
        await keeping_of_lot(tx, run.site_id, lot.id, lot.number)
        for lot in await lots_asked_for(tx, run.site_id, schedule.filters)
    ]
    holds = [] if lots else await holds_at(tx, run.site_id)
    kept = against_letting_go(schedule.report, made_on, tx.today.isoformat(), lots, holds)
    if kept:
        return kept
    tx.update(run, gone_at=tx.now)
    term = TERMS[schedule.report]
    tx.record(
        "report_file_let_go",
        "report_schedule",
        schedule.id,
        report=schedule.report,
        run=run.id,
        sha256=run.file,
        made_on=made_on,
        record=term.record,
        years=term.years,
        until=file_until(schedule.report, made_on),
        lots=[f"{each.lot} {each.until}" for each in lots],
    )
    return []
