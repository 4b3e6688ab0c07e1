"""Periods of reports that are made by themselves: side by side they leave no gap and count nothing twice (AUD-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.domain.report_schedules import LAST_DAY, Rhythm, next_due, period
from backend.domain.signing import later

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
BEGIN = "2026-01-30T12:00:00.000000Z"


def whole(rhythm: Rhythm, day: int, zone: str, again: Callable[[str], str]) -> bool:
    """Whether a year of periods lies side by side; `again`: after which instant the next one is looked for."""
    due = next_due(rhythm, day, "02:30", BEGIN, zone)
    since, until = period(rhythm, due, zone)
    while due < "2027-02-01":
        due = next_due(rhythm, day, "02:30", again(due), zone)
        start, end = period(rhythm, due, zone)
        if not (start == until and since < until < end <= due):
            return False
        since, until = start, end
    return True


@pytest.mark.proves("AUD-4")
@pytest.mark.parametrize("zone", ZONES)
def test_periods_lie_side_by_side(zone: str) -> None:
    rhythms: tuple[Rhythm, ...] = ("daily", "weekly", "monthly")
    for rhythm in rhythms:
        for day in {1, LAST_DAY[rhythm]}:
            assert whole(rhythm, day, zone, lambda due: due), (rhythm, day)


@pytest.mark.proves("AUD-4")
def test_counting_on_from_now_loses_what_an_outage_hid() -> None:
    """The broken twin: the server was away for ten days."""
    assert not whole("weekly", 3, "Asia/Shanghai", lambda due: later(due, timedelta(days=10)))
