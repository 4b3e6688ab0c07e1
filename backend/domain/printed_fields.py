"""What the print on a label proposes: lot, serial, dates, device identifier, each with what makes one think so.

| how           | evidence                                                                                  |
|---------------|-------------------------------------------------------------------------------------------|
| `after_word`  | behind its word in one line: `LOT B2107`, `有效期至 2029-03-14`, `生产日期/批号：20260315` |
| `beside_word` | the word alone (the symbol LOT of ISO 15223-1, a table): the line to its right             |
| `under_word`  | the word alone, nothing to its right: the line under it                                   |
| `in_brackets` | the plain print of a GS1 code: `(01)...(17)...(10)...`                                    |
| `date_alone`  | a line that is a date and nothing else, as beside the symbols of factory and hourglass    |

It proposes and never decides: see `print_check`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from math import hypot
from typing import Literal, Protocol

import msgspec

from backend.domain.label_identity import iso_day
from backend.domain.printed_dates import AS_DIGIT, Span, find_date
from backend.domain.printed_words import Field, Word, words_in

How = Literal["after_word", "beside_word", "under_word", "in_brackets", "date_alone"]
Point = tuple[int, int]

SURE_PERMILLE = 800
"""A line that the engine is less sure of contradicts nobody."""
BESIDE = 8.0
UNDER = 1.6
"""How far a value may stand from its word, in heights of the line."""
LONGEST = 40
_BRACKETS = re.compile(r"\((\d{2,4})\)([^()]*)")
_BY_AI: dict[str, Field] = {
    "01": "device_identifier",
    "10": "lot",
    "11": "production_date",
    "17": "expiry",
    "21": "serial",
}
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_+*-]*")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－~", "-"))
_BEGIN = re.compile(r"^[\s:.#№=>|\]-]+")


class Line(msgspec.Struct, frozen=True):
    """A line of print. `box`: corners in reading order (begin top, end top, end bottom, begin bottom), pixels;
    `permille`: how sure the engine is, 0 to 1000."""

    text: str
    box: tuple[Point, Point, Point, Point]
    permille: int


class Proposal(msgspec.Struct, frozen=True):
    """One field as the print seems to say it. `text` as printed; `spans` for a date, the days it may mean.

    `place`: proposals with the same place are several ways to read one print. `sure`: a contradiction counts;
    else it is a question. `more`: further letters and digits stand behind it.
    """

    field: Field
    text: str
    word: str
    how: How
    place: int
    permille: int
    spans: list[Span] = []
    sure: bool = True
    more: bool = False


class ReadLine(Protocol):
    """A line as the reader of print gives it; `score` 0 to 1."""

    @property
    def text(self) -> str: ...
    @property
    def box(self) -> tuple[Point, Point, Point, Point]: ...
    @property
    def score(self) -> float: ...


def line_of(read: ReadLine) -> Line:
    """The same without fractions, as it can stand in the log."""
    return Line(read.text, read.box, round(read.score * 1000))


def proposals_of(read: Iterable[ReadLine], today: date) -> list[Proposal]:
    """Every proposal of the lines that were read."""
    return propose([line_of(line) for line in read], today)


def propose(lines: Sequence[Line], today: date) -> list[Proposal]:
    """Every proposal, in the order of the lines."""
    plain = [msgspec.structs.replace(line, text=plain_text(line.text)) for line in lines]
    words = [words_in(line.text) for line in plain]
    found: list[Proposal] = []
    taken: set[int] = set()
    for at, line in enumerate(plain):
        if _BRACKETS.search(line.text):
            found += _in_brackets(line, at, today)
            taken.add(at)
            continue
        for number, word in enumerate(words[at]):
            ends = words[at][number + 1].start if number + 1 < len(words[at]) else len(line.text)
            place = at * 100 + number
            behind = line.text[word.end : ends]
            said = _BEGIN.sub("", behind).strip()
            if said:
                found += _read(word, said, line, "after_word", place, today)
                if behind[:1].isalnum():
                    found += _with_its_word(word, found, place)
            elif number + 1 == len(words[at]) and (near := _near(plain, words, at)):
                how, other = near
                taken.add(other)
                found += _read(word, plain[other].text, plain[other], how, place, today)
        if words[at]:
            taken.add(at)
    named = {each.field for each in found}
    if not named & {"expiry", "production_date"}:
        found += _dates_alone([(at, line) for at, line in enumerate(plain) if at not in taken], today)
    return found


def plain_text(text: str) -> str:
    """One form of each sign: full width becomes half width, every dash the one of the keyboard."""
    return re.sub(r"\s*-\s*", "-", unicodedata.normalize("NFKC", text).translate(_DASHES)).strip()


def _read(word: Word, said: str, line: Line, how: How, place: int, today: date) -> list[Proposal]:
    found: list[Proposal] = []
    for number, field in enumerate(dict.fromkeys(word.meant)):
        where = place + 10 * number
        if field in ("expiry", "production_date"):
            found += _date(field, said, word.text, line, how, where, today)
        elif field in ("lot", "serial"):
            found += _tokens(field, said, word.text, line, how, where)
    return found


def _with_its_word(word: Word, found: list[Proposal], place: int) -> list[Proposal]:
    """`SN SN0042`: a word that a value follows without a gap may belong to the value."""
    latin = re.search(r"[A-Za-z]+$", word.text)
    return [
        msgspec.structs.replace(each, text=latin[0] + each.text)
        for each in found
        if latin and each.place == place and each.field in ("lot", "serial")
    ]


def _date(
    field: Field, said: str, word: str, line: Line, how: How, place: int, today: date
) -> list[Proposal]:
    read = find_date(said, today)
    if read is None:
        return []
    return [Proposal(field, read.text, word, how, place, line.permille, read.spans, sure=not read.doubtful)]


def _tokens(field: Field, said: str, word: str, line: Line, how: How, place: int) -> list[Proposal]:
    """The first token, and all of them as one: a reader of print drops spaces and puts some in."""
    tokens = _TOKEN.findall(re.split(r"[^\x20-\x7e]", said)[0])
    if not tokens or not _TOKEN.match(said):
        return []
    first, rest = tokens[0].rstrip("."), tokens[1:]
    more = any(len(each) == 1 or any(sign.isdigit() for sign in each) for each in rest)
    sure = any(sign.isdigit() for sign in first)
    found = [Proposal(field, first[:LONGEST], word, how, place, line.permille, sure=sure, more=more)]
    if more:
        found.append(Proposal(field, "".join(tokens)[:LONGEST], word, how, place, line.permille, sure=sure))
    return found


def _in_brackets(line: Line, at: int, today: date) -> list[Proposal]:
    found: list[Proposal] = []
    for number, (ai, value) in enumerate(_BRACKETS.findall(line.text)):
        field, value = _BY_AI.get(ai), value.replace(" ", "")
        if field is None or not value:
            continue
        spans: list[Span] = []
        digits = value.translate(AS_DIGIT)
        if field in ("expiry", "production_date"):
            day = iso_day(digits, today) if re.fullmatch(r"[0-9]{6}", digits) else None
            spans = [Span(day, day)] if day else []
        sure = digits == value if field not in ("lot", "serial") else True
        found.append(
            Proposal(
                field,
                value[:LONGEST],
                f"({ai})",
                "in_brackets",
                at * 100 + number,
                line.permille,
                spans,
                sure=sure,
            )
        )
    return found


def _dates_alone(lines: list[tuple[int, Line]], today: date) -> list[Proposal]:
    """Two dates: made and expiring. One: expiring if it is to come. More say nothing. They only ask."""
    dates = []
    for at, line in lines:
        read = find_date(line.text, today)
        if read is not None and read.end - read.start == len(line.text):
            dates.append((min(span.last for span in read.spans), at, line, read))
    dates.sort(key=lambda each: each[0])
    if not dates or len(dates) > 2:
        return []
    late: Field = "expiry" if len(dates) == 2 or dates[0][0] > today.isoformat() else "production_date"
    fields: tuple[Field, ...] = ("production_date", "expiry") if len(dates) == 2 else (late,)
    return [
        Proposal(field, read.text, "", "date_alone", at * 100, line.permille, read.spans, sure=False)
        for field, (_, at, line, read) in zip(fields, dates, strict=True)
    ]


def _near(lines: Sequence[Line], words: Sequence[list[Word]], at: int) -> tuple[How, int] | None:
    """The line to the right of a word that stands alone, else the one under it, as the word is read."""
    begin, end, _, below = lines[at].box
    height = max(hypot(below[0] - begin[0], below[1] - begin[1]), 1.0)
    length = max(hypot(end[0] - begin[0], end[1] - begin[1]), 1.0)
    along = ((end[0] - begin[0]) / length, (end[1] - begin[1]) / length)

    def seen(point: Point) -> tuple[float, float]:
        """Along and across the word's line from where it begins, in its heights."""
        x, y = point[0] - begin[0], point[1] - begin[1]
        return (x * along[0] + y * along[1]) / height, (y * along[0] - x * along[1]) / height

    right: list[tuple[float, int]] = []
    under: list[tuple[float, int]] = []
    for other, line in enumerate(lines):
        if other == at or words[other] or _BRACKETS.search(line.text):
            continue
        (left, top), (_, bottom) = seen(line.box[0]), seen(line.box[3])
        middle = (top + bottom) / 2
        ends = seen(line.box[1])[0]
        if abs(middle - 0.5) < 0.7 and -0.5 < left - length / height < BESIDE:
            right.append((left, other))
        elif 0.4 < top < UNDER and left < length / height + 1 and ends > -1:
            under.append((top, other))
    if right:
        return "beside_word", min(right)[1]
    return ("under_word", min(under)[1]) if under else None
