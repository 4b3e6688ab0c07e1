"""Dates as labels print them, and every span of days that such a print may mean.

| printed                                    | meant                                                       |
|--------------------------------------------|-------------------------------------------------------------|
| 2029-03-14, 2029/3/14, 2029.03.14, 20290314, 2029 03 14 | that day                                       |
| 2029年3月14日                               | that day                                                    |
| 14 MAR 2029, 2029-MAR-14, MAR 14, 2029     | that day                                                    |
| 2029-03-00, 290300                         | the last day of the month (GS1 General Specifications 7.12) |
| 2029-03, 2029年3月, 03/2029, MAR 2029       | the month: a span                                           |
| 14/03/2029, 03/04/2029, 03042029           | day first or month first, as far as the calendar allows both |
| 290314                                     | year, month, day                                            |
| 29-03-14                                   | year first, day first or month first                        |
| 202903                                     | the month; 201103 also the day 2020-11-03                   |
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from backend.domain.label_identity import century_of

AS_DIGIT = str.maketrans("OoIl|SsBZz", "0011155822")
"""Letters that a reader of print takes digits for."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAME = rf"({'|'.join(_MONTHS)})[A-Z]{{0,6}}\.?"
_FULL = r"((?:19|20)\d\d)"


class Span(msgspec.Struct, frozen=True):
    """ISO days from `first` to `last`; one day where both are the same."""

    first: str
    last: str


class PrintedDate(msgspec.Struct, frozen=True):
    """A date found in a text from `start` to `end`. `doubtful`: letters had to be taken for digits."""

    text: str
    start: int
    end: int
    spans: list[Span]
    doubtful: bool = False


Parts = tuple[int, int, int | None]
"""Year (two or four digits), month, day; None for a month."""


def _ymd(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[1]), int(m[2]), int(m[3])


def _ym(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[1]), int(m[2]), None


def _my(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[2]), int(m[1]), None


def _day_or_month_first(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[3]), int(m[2]), int(m[1])
    yield int(m[3]), int(m[1]), int(m[2])


def _any_order(m: re.Match[str]) -> Iterator[Parts]:
    yield from _ymd(m)
    yield from _day_or_month_first(m)


def _six_digits(m: re.Match[str]) -> Iterator[Parts]:
    if m[1] in ("19", "20"):
        yield int(m[1] + m[2]), int(m[3]), None
    yield from _ymd(m)


def _day_name_year(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[3]), _month(m[2]), int(m[1])


def _year_name_day(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[1]), _month(m[2]), int(m[3])


def _name_day_year(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[3]), _month(m[1]), int(m[2])


def _name_year(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[2]), _month(m[1]), None


def _year_name(m: re.Match[str]) -> Iterator[Parts]:
    yield int(m[1]), _month(m[2]), None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Parts]]], ...] = tuple(
    (re.compile(rf"(?<![A-Z0-9]){pattern}(?![0-9])"), parts)
    for pattern, parts in (
        (_FULL + r"\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?", _ymd),
        (_FULL + r"[-/. ]?(\d\d)[-/. ]?(\d\d)", _ymd),
        (_FULL + r"\s?[-/.年]\s?(\d{1,2})月?(?!\s?[-/.]?\d)", _ym),
        (r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?" + _FULL, _day_or_month_first),
        (r"(\d\d)(\d\d)" + _FULL, _day_or_month_first),
        (r"(\d{1,2})\s?[-/.]\s?" + _FULL, _my),
        (r"(\d\d)[-/.](\d\d)[-/.](\d\d)", _any_order),
        (r"(\d{1,2})[-/. ]?" + _NAME + r"[-/., ]{0,2}(\d{4}|\d\d)", _day_name_year),
        (_FULL + r"[-/. ]?" + _NAME + r"[-/. ]?(\d{1,2})", _year_name_day),
        (_NAME + r"[-/. ]?(\d{1,2})[-/., ]{1,2}" + _FULL, _name_day_year),
        (_NAME + r"[-/. ]{0,2}" + _FULL, _name_year),
        (_FULL + r"[-/. ]?" + _NAME, _year_name),
        (r"(\d\d)(\d\d)(\d\d)", _six_digits),
    )
)


def find_date(text: str, today: date) -> PrintedDate | None:
    """The first date in a text (NFKC), None where there is none. `today` decides centuries only."""
    plain = text.upper()
    return _find(plain, text, today, doubtful=False) or _find(
        plain.translate(AS_DIGIT), text, today, doubtful=True
    )


def _find(searched: str, text: str, today: date, *, doubtful: bool) -> PrintedDate | None:
    best: PrintedDate | None = None
    for pattern, parts in _FORMS:
        for match in pattern.finditer(searched):
            spans = [span for each in parts(match) if (span := _span(*each, today))]
            if not spans:
                continue
            if best is None or match.start() < best.start:
                start, end = match.span()
                best = PrintedDate(text[start:end], start, end, list(dict.fromkeys(spans)), doubtful)
            break
    return best


def _span(year: int, month: int, day: int | None, today: date) -> Span | None:
    full = century_of(year, today) if year < 100 else year
    if not 1 <= month <= 12:
        return None
    last = monthrange(full, month)[1]
    if day is None:
        return Span(f"{full:04}-{month:02}-01", f"{full:04}-{month:02}-{last:02}")
    if day > last:
        return None
    exact = f"{full:04}-{month:02}-{day or last:02}"
    return Span(exact, exact)
