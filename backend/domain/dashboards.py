"""Numbers for a role's page, each counted from records that it opens: share, weeks, Pareto, ages.

A measure is the records that it is counted from; a figure is what they add up to. So a number can't differ from the
list behind it. What each is counted from is said in words beside it (`dash.how_CODE`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

Page = Literal["quality", "production", "compliance"]
Form = Literal["share", "share_by_week", "by_week", "pareto", "ages", "count"]
AGES = (("0-30", 30), ("31-60", 60), ("61-90", 90))
OLDER = "91+"
MOST_BARS = 8
OTHERS = "…"


class Record(msgspec.Struct, frozen=True):
    """One record behind a number. `at`: instant or day that it counts at; `group`: whose bar it is in; `hit`: whether
    it is among what a share counts. `kind` and `id` say what it opens."""

    kind: str
    id: str
    number: str
    text: str
    at: str
    group: str = ""
    hit: bool = True


class Measure(msgspec.Struct, frozen=True):
    """What is counted, and how."""

    code: str
    form: Form
    records: list[Record]


class Bar(msgspec.Struct, frozen=True):
    """One bar. `value`: how many, or per cent where a share; `of`: of how many; `running`: per cent up to here."""

    key: str
    value: Decimal
    of: int | None = None
    running: Decimal | None = None


class KeyFigure(msgspec.Struct, frozen=True):
    """What a measure says: one number (`value`, per cent of `of` where it is a share) and its bars."""

    code: str
    form: Form
    value: Decimal | None
    of: int | None
    bars: list[Bar]


def figure(measure: Measure, since: date, today: date) -> KeyFigure:
    """Of the records, in the period from `since` to `today`, both included."""
    records, form = measure.records, measure.form
    hits = sum(record.hit for record in records)
    if form in ("share", "share_by_week"):
        bars = _weeks(records, since, today, share=True) if form == "share_by_week" else []
        return KeyFigure(measure.code, form, per_cent(hits, len(records)), len(records), bars)
    if form == "by_week":
        return KeyFigure(
            measure.code, form, Decimal(len(records)), None, _weeks(records, since, today, share=False)
        )
    if form == "pareto":
        return KeyFigure(measure.code, form, Decimal(len(records)), None, _pareto(records))
    if form == "ages":
        return KeyFigure(measure.code, form, Decimal(len(records)), None, _ages(records, today))
    return KeyFigure(measure.code, form, Decimal(len(records)), None, [])


def behind(measure: Measure, key: str | None, today: date) -> list[Record]:
    """The records that a number or a bar is counted from, the newest first."""
    if key is None:
        found = measure.records
    elif measure.form in ("by_week", "share_by_week"):
        found = [record for record in measure.records if week_of(record.at) == key]
    elif measure.form == "ages":
        found = [record for record in measure.records if age_of(record.at, today) == key]
    else:
        named = {bar.key for bar in _pareto(measure.records)}
        found = [
            record
            for record in measure.records
            if record.group == key or (key == OTHERS and record.group not in named)
        ]
    return sorted(found, key=lambda record: (record.at, record.number), reverse=True)


def per_cent(part: int, whole: int) -> Decimal | None:
    """To one decimal, half up; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def week_of(at: str) -> str:
    """ISO 8601 week of an instant or day: `2026-W48`."""
    year, week, _ = date.fromisoformat(at[:10]).isocalendar()
    return f"{year}-W{week:02}"


def age_of(at: str, today: date) -> str:
    """By how many days lie between."""
    days = (today - date.fromisoformat(at[:10])).days
    return next((name for name, most in AGES if days <= most), OLDER)


def _weeks(records: Sequence[Record], since: date, today: date, *, share: bool) -> list[Bar]:
    """Every week of the period, empty ones too."""
    weeks = []
    day = since
    while day <= today:
        weeks.append(week_of(day.isoformat()))
        day += timedelta(days=7)
    weeks = list(dict.fromkeys([*weeks, week_of(today.isoformat())]))
    all_of = Counter(week_of(record.at) for record in records)
    hits = Counter(week_of(record.at) for record in records if record.hit)
    if share:
        return [
            Bar(week, per_cent(hits[week], all_of[week]) or Decimal(0), all_of[week])
            for week in weeks
            if all_of[week]
        ]
    return [Bar(week, Decimal(all_of[week])) for week in weeks]


def _pareto(records: Sequence[Record]) -> list[Bar]:
    """The most frequent first, with the share that all up to it have; what is rarer than the eighth together."""
    counts = sorted(Counter(record.group for record in records).items(), key=lambda each: (-each[1], each[0]))
    if len(counts) > MOST_BARS:
        kept = counts[: MOST_BARS - 1]
        counts = [*kept, (OTHERS, len(records) - sum(count for _, count in kept))]
    bars, running = [], 0
    for key, count in counts:
        running += count
        bars.append(Bar(key, Decimal(count), None, per_cent(running, len(records))))
    return bars


def _ages(records: Sequence[Record], today: date) -> list[Bar]:
    counts = Counter(age_of(record.at, today) for record in records)
    return [Bar(name, Decimal(counts[name])) for name in (*(name for name, _ in AGES), OLDER)]
