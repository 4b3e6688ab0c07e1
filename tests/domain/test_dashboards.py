"""A number and the records that it opens are the same records."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.dashboards import (
    OTHERS,
    Form,
    KeyFigure,
    Record,
    behind,
    figure,
    per_cent,
    tallied,
    week_of,
)

TODAY = date(2026, 11, 29)
SINCE = TODAY - timedelta(days=89)


def record(place: int, days: int, group: str = "", hit: bool = True) -> Record:
    at = (TODAY - timedelta(days=days)).isoformat()
    return Record("ncr", str(place), f"N26-{place:06}", "", f"{at}T08:00:00.000000Z", group, hit)


def said(form: Form, records: list[Record]) -> KeyFigure:
    return figure("m", form, tallied(records), SINCE, TODAY)


RECORDS = st.lists(
    st.tuples(st.integers(0, 89), st.sampled_from("ABCDEFGHIJKL"), st.booleans()), max_size=60
).map(lambda rows: [record(place, *row) for place, row in enumerate(rows)])


@pytest.mark.parametrize("form", ["by_week", "share_by_week", "pareto", "ages"])
@given(records=RECORDS)
def test_each_bar_opens_just_the_records_that_it_counts(form: Form, records: list[Record]) -> None:
    assert len(behind(form, records, None, TODAY)) == len(records)
    opened: list[str] = []
    for bar in said(form, records).bars:
        found = behind(form, records, bar.key, TODAY)
        assert len(found) == (bar.of if form == "share_by_week" else bar.value)
        opened += [each.id for each in found]
    assert sorted(opened) == sorted(each.id for each in records), "each is behind one bar, and none is left"


def test_a_pareto_runs_up_to_all_of_it_and_gathers_what_is_rare() -> None:
    records = [record(place, 1, "ABCDEFGHIJ"[place % 10]) for place in range(25)]
    bars = said("pareto", records).bars
    assert [bar.value for bar in bars] == [3, 3, 3, 3, 3, 2, 2, 6]
    assert (bars[-1].key, bars[-1].running) == (OTHERS, Decimal("100.0"))


def test_ages_shares_and_weeks() -> None:
    records = [record(1, 0), record(2, 30, hit=False), record(3, 31), record(4, 89), record(5, 300)]
    assert [bar.value for bar in said("ages", records).bars] == [2, 1, 1, 1]
    share = said("share", records)
    assert (share.value, share.of) == (Decimal("80.0"), 5)
    assert said("share", []).value is None
    assert (per_cent(1, 3), per_cent(2, 3), per_cent(1, 8)) == (
        Decimal("33.3"),
        Decimal("66.7"),
        Decimal("12.5"),
    )
    assert week_of("2027-01-01") == "2026-W53"
    assert len(said("by_week", []).bars) == 13
