"""Reports that are made by themselves, again and again, and sent to those who may see them (AUD-4).

| rhythm  | made                  | about                                            |
|---------|-----------------------|--------------------------------------------------|
| daily   | every day at `at`     | the day before                                   |
| weekly  | on `day` (1 = Monday) | the seven days before                            |
| monthly | on `day` (1 to 28)    | from that day of the month before to the day before |

Days are the site's. A report without a period is about everything there is. A period that passed while nobody could
make its report is made up for, so that reports side by side have no gap.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from backend.domain.certificates import Language
from backend.domain.errors import Reason
from backend.domain.record_exports import Format, Kind
from backend.domain.reports import REPORTS, Filters, against_filters
from backend.domain.signing import instant
from backend.domain.steps import Step
from backend.domain.telling import is_time

Rhythm = Literal["daily", "weekly", "monthly"]
LAST_DAY: dict[Rhythm, int] = {"daily": 1, "weekly": 7, "monthly": 28}
MOST_RECEIVERS = 100


class ReportSchedule(msgspec.Struct, frozen=True):
    """One report, asked for until it is ended. `day`: see the rhythm; `at`: `HH:MM` at the site.

    `receivers`: ids of people. `as_file`: chat hands over the file itself where it can. `next_at`: the instant that it
    is due at; `job_id`: the due work that will make it, and no other may.
    """

    id: str
    site_id: str
    report: Kind
    filters: Filters
    form: Format
    language: Language
    rhythm: Rhythm
    day: int
    at: str
    receivers: list[str]
    as_file: bool
    opened_by: str
    opened_at: str
    status: Literal["active", "paused", "ended"]
    next_at: str
    job_id: str
    version: int = 1


class ReportRun(msgspec.Struct, frozen=True):
    """One report that was made: for which due time, about which period, the file by its SHA-256 (hex), and who was
    told. `failed`: the code of why there is none; `withheld`: receivers who may not see it any more; `gone_at`: when
    its file was let go of (see `report_keeping`)."""

    id: str
    site_id: str
    schedule_id: str
    due_at: str
    made_at: str
    since: str | None
    until: str | None
    file: str | None
    name: str | None
    size: int
    told: list[str]
    withheld: list[str]
    failed: str | None = None
    gone_at: str | None = None


REPORT_STEPS = (
    Step("pause", ("active",), "paused"),
    Step("resume", ("paused",), "active"),
    Step("end", ("active", "paused"), "ended"),
)


def against_schedule(
    kind: Kind, filters: Filters, rhythm: Rhythm, day: int, at: str, receivers: list[str]
) -> list[Reason]:
    """What of it can't be: a time of its own beside the rhythm's, a day that there is not, nobody to send it to."""
    found = against_filters(kind, filters)
    found += [
        Reason("filter_unknown", {"report": kind, "filter": name}, name)
        for name in ("since", "until")
        if name in filters.given()
    ]
    if not 1 <= day <= LAST_DAY[rhythm]:
        found.append(Reason("rhythm_day", {"day": day, "most": LAST_DAY[rhythm]}, "day"))
    if not is_time(at):
        found.append(Reason("time_of_day", {"text": at}, "at"))
    if not 0 < len(set(receivers)) <= MOST_RECEIVERS:
        found.append(Reason("receivers_missing", {"most": MOST_RECEIVERS}, "receivers"))
    return found


def next_due(rhythm: Rhythm, day: int, at: str, after: str, zone: str) -> str:
    """The first instant after `after` at which it is due."""
    local = datetime.fromisoformat(after).astimezone(ZoneInfo(zone))
    clock, today = time.fromisoformat(at), local.date()
    days = (today + timedelta(days=ahead) for ahead in range(63))
    chosen = (each for each in days if _falls(rhythm, day, each))
    return next(due for each in chosen if (due := _instant(each, clock, zone)) > after)


def period(rhythm: Rhythm, due_at: str, zone: str) -> tuple[str, str]:
    """From and to, the second one excluded, of the report that is due at an instant."""
    until = datetime.fromisoformat(due_at).astimezone(ZoneInfo(zone)).date()
    if rhythm == "monthly":
        since = (until.replace(day=1) - timedelta(days=1)).replace(day=until.day)
    else:
        since = until - timedelta(days=1 if rhythm == "daily" else 7)
    return _instant(since, time(), zone), _instant(until, time(), zone)


def has_period(kind: Kind) -> bool:
    """Whether it is about a time."""
    return "since" in REPORTS[kind].takes


def _falls(rhythm: Rhythm, day: int, on: date) -> bool:
    return rhythm == "daily" or (on.isoweekday() if rhythm == "weekly" else on.day) == day


def _instant(day: date, clock: time, zone: str) -> str:
    return instant(datetime.combine(day, clock, ZoneInfo(zone)).astimezone(ZoneInfo("UTC")))
