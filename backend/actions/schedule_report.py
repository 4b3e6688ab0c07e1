"""Order a report that is made by itself: which, of what, how often, for whom (AUD-4)."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Language
from backend.domain.errors import Reason, Refused
from backend.domain.notices import Job
from backend.domain.people import Who
from backend.domain.record_exports import Format, Kind
from backend.domain.report_schedules import ReportSchedule, Rhythm, against_schedule, next_due
from backend.domain.reports import Filters
from backend.domain.sites import Site
from backend.store.change import Change
from backend.store.reporting_rights import may_see
from backend.store.verb import verb


class ScheduleReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """See `ReportSchedule`."""

    id: str
    report: Kind
    filters: Filters
    form: Format
    language: Language
    rhythm: Rhythm
    at: str
    receivers: list[str]
    day: int = 1
    as_file: bool = False
    device_at: str | None = None


@verb
async def schedule_report(tx: Change, who: Who, command: ScheduleReport) -> ReportSchedule:
    """From now on. Refused where a receiver, or whoever orders it, may not see such a report."""
    receivers = list(dict.fromkeys(command.receivers))
    reasons = against_schedule(
        command.report, command.filters, command.rhythm, command.day, command.at, receivers
    )
    if not reasons:
        seeing = await may_see(tx, who.site_id, command.report, [*receivers, who.person_id], tx.now)
        blind = [each for each in dict.fromkeys([*receivers, who.person_id]) if each not in seeing]
        reasons += [
            Reason("receiver_without_right", {"person": each, "report": command.report}, "receivers")
            for each in blind
        ]
    if reasons:
        raise Refused(*reasons)
    zone = (await tx.get(Site, who.site_id)).zone
    next_at = next_due(command.rhythm, command.day, command.at, tx.now, zone)
    schedule_id = tx.new_id()
    tx.due("report_due", schedule_id, next_at)
    schedule = tx.insert(
        ReportSchedule(
            schedule_id, who.site_id, command.report, command.filters, command.form, command.language, command.rhythm,
            command.day, command.at, receivers, command.as_file, who.person_id, tx.now, "active", next_at,
            tx.pending(Job)[-1].id,
        )
    )  # fmt: skip
    tx.record(
        "report_scheduled",
        "report_schedule",
        schedule.id,
        report=command.report,
        rhythm=command.rhythm,
        receivers=len(receivers),
    )
    return schedule
