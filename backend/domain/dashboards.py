"""Numbers for a role's page, each counted from records that it opens: share, weeks, Pareto, ages.

A figure is what the records of one statement add up to, tallied by day and group; the list behind it is the same
records. What each is counted from is said in words beside it (`dash.how_CODE`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

import msgspec

Page = Literal["quality", "production", "compliance"]
Form = Literal["share", "share_by_week", "by_week", "pareto", "ages", "count"]
AGES = (("0-30", 30), ("31-60", 60), ("61-90", 90))
OLDER = "91+"
MOST_BARS = 8
OTHERS = "…"


class Reported(msgspec.Struct, frozen=True):
    """The latest nonconformity report that was opened from an audit exception, and whether it still is open."""

    id: str
    number: str
    open: bool


class Record(msgspec.Struct, frozen=True):
    """One record behind a number. `at`: instant or day that it counts at; `group`: whose bar it is in; `hit`: whether
    it is among what a share counts. `kind` and `id` say what it opens; `reported` what was opened from it."""

    kind: str
    id: str
    number: str
    text: str
    at: str
    group: str = ""
    hit: bool = True
    reported: Reported | None = None


class Tally(NamedTuple):
    """How many records of a day (ISO) and group are among what a share counts (`hit`), or are not."""

    day: str
    group: str
    hit: bool
    records: int


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


def figure(code: str, form: Form, tallies: Sequence[Tally], since: date, today: date) -> KeyFigure:
    """Of the records, in the period from `since` to `today`, both included."""
    whole = sum(each.records for each in tallies)
    if form in ("share", "share_by_week"):
        hits = sum(each.records for each in tallies if each.hit)
        bars = _weeks(tallies, since, today, share=True) if form == "share_by_week" else []
        return KeyFigure(code, form, per_cent(hits, whole), whole, bars)
    bars = []
    if form == "by_week":
        bars = _weeks(tallies, since, today, share=False)
    elif form == "pareto":
        bars = _pareto(tallies)
    elif form == "ages":
        bars = _ages(tallies, today)
    return KeyFigure(code, form, Decimal(whole), None, bars)


def behind(form: Form, records: Sequence[Record], key: str | None, today: date) -> list[Record]:
    """The records that a number or a bar is counted from, the newest first."""
    if key is None:
        found = list(records)
    elif form in ("by_week", "share_by_week"):
        found = [record for record in records if week_of(record.at) == key]
    elif form == "ages":
        found = [record for record in records if age_of(record.at, today) == key]
    else:
        named = {bar.key for bar in _pareto(tallied(records))}
        found = [
            record
            for record in records
            if record.group == key or (key == OTHERS and record.group not in named)
        ]
    return sorted(found, key=lambda record: (record.at, record.number), reverse=True)


def tallied(records: Sequence[Record]) -> list[Tally]:
    """As the database counts them."""
    counts = Counter((record.at[:10], record.group, record.hit) for record in records)
    return [Tally(*key, count) for key, count in counts.items()]


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


def _weeks(tallies: Sequence[Tally], since: date, today: date, *, share: bool) -> list[Bar]:
    """Every week of the period, empty ones too; of a share those in which there was something."""
    days = range(0, (today - since).days + 1, 7)
    weeks = [week_of((since + timedelta(days=each)).isoformat()) for each in days]
    whole, hits = Counter[str](), Counter[str]()
    for each in tallies:
        whole[week_of(each.day)] += each.records
        hits[week_of(each.day)] += each.records * each.hit
    weeks = list(dict.fromkeys([*weeks, week_of(today.isoformat()), *sorted(whole)]))
    if share:
        found = [week for week in sorted(weeks) if whole[week]]
        return [Bar(week, per_cent(hits[week], whole[week]) or Decimal(0), whole[week]) for week in found]
    return [Bar(week, Decimal(whole[week])) for week in sorted(weeks)]


def _pareto(tallies: Sequence[Tally]) -> list[Bar]:
    """The most frequent first, with the share that all up to it have; what is rarer than the eighth together."""
    groups = Counter[str]()
    for each in tallies:
        groups[each.group] += each.records
    whole = groups.total()
    counts = sorted(groups.items(), key=lambda each: (-each[1], each[0]))
    if len(counts) > MOST_BARS:
        kept = counts[: MOST_BARS - 1]
        counts = [*kept, (OTHERS, whole - sum(count for _, count in kept))]
    bars, running = [], 0
    for key, count in counts:
        running += count
        bars.append(Bar(key, Decimal(count), None, per_cent(running, whole)))
    return bars


def _ages(tallies: Sequence[Tally], today: date) -> list[Bar]:
    counts = Counter[str]()
    for each in tallies:
        counts[age_of(each.day, today)] += each.records
    return [Bar(name, Decimal(counts[name])) for name in (*(name for name, _ in AGES), OLDER)]
