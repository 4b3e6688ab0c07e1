"""The day it is where the work is done: expiry and due days follow the site's own calendar (LBL-3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(now: str, zone: str) -> date:
    """The calendar day of an instant (UTC, ISO) in an IANA time zone."""
    return datetime.fromisoformat(now).astimezone(ZoneInfo(zone)).date()


def is_day(text: str) -> bool:
    """Whether a text is an ISO day as we write it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_day_from(text: str | None, first: date) -> bool:
    """Whether a text is an ISO day, and not before `first`."""
    try:
        return text is not None and date.fromisoformat(text) >= first
    except ValueError:
        return False


def day_after(days: int | None, day: date) -> str | None:
    """The ISO day that lies an interval after `day`; None where there is no interval."""
    return (day + timedelta(days=days)).isoformat() if days else None


def days_before(days: int, day: str) -> date:
    """The day that lies some days before an ISO day."""
    return date.fromisoformat(day) - timedelta(days=days)


def start_of(day: date, zone: str) -> str:
    """The instant (UTC, ISO) at which a calendar day begins in an IANA time zone."""
    moment = datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
