"""The day is the site's own, whatever the server's clock says in UTC (LBL-3)."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.days import day_of


@pytest.mark.proves("LBL-3")
@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-23T15:59:59.999999Z", "Asia/Shanghai", date(2026, 11, 23)),
        ("2026-11-23T16:00:00.000000Z", "Asia/Shanghai", date(2026, 11, 24)),
        ("2026-11-23T04:59:59.000000Z", "America/New_York", date(2026, 11, 22)),
        ("2026-11-23T16:00:00.000000Z", "UTC", date(2026, 11, 23)),
    ],
)
def test_the_day_of_an_instant(now: str, zone: str, day: date) -> None:
    assert day_of(now, zone) == day
