"""The GS1 application identifiers, read from the table of facts, and whether a value is one of theirs."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from backend.domain.errors import Reason
from backend.domain.gs1_facts import FACTS
from backend.domain.gs1_values import CHARACTERS, CHECKS, DATES, RULES
from backend.domain.gs1_values import check_digit as check_digit

_LONGEST_SHOWN = 90


class Part(msgspec.Struct, frozen=True):
    """One component of a value: `least` to `most` characters of a set, perhaps absent, held to rules by name."""

    characters: str
    least: int
    most: int
    optional: bool
    rules: tuple[str, ...]


class Identifier(msgspec.Struct, frozen=True):
    """One application identifier. `separated`: FNC1 must stand behind it unless it is the last; `attribute`: a
    Digital Link may carry it as one; `needs`, `excludes`: what else stands on the item, or must not; `least`, `most`:
    characters of a value."""

    ai: str
    separated: bool
    attribute: bool
    parts: tuple[Part, ...]
    needs: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    least: int
    most: int


@cache
def identifiers() -> dict[str, Identifier]:
    """All application identifiers by their digits."""
    found = {}
    for line in FACTS.strip().splitlines():
        value, marks, needs, excludes, ranges = (column.strip() for column in line.split("|"))
        parts = tuple(map(_part, value.split()))
        for ai in (ai for each in ranges.split() for ai in _spread(each)):
            found[ai] = Identifier(
                ai,
                "=" not in marks,
                "?" in marks,
                parts,
                tuple(tuple(one.split("+")) for one in needs.split()),
                tuple(ai[:3] + "n" if one == "~" else one for one in excludes.split()),
                sum(part.least for part in parts if not part.optional),
                sum(part.most for part in parts),
            )
    return found


def identifier_at(text: str, at: int = 0) -> Identifier | None:
    """The application identifier that begins at this place; none is the beginning of another."""
    size = _sizes().get(text[at : at + 2])
    return identifiers().get(text[at : at + size]) if size else None


@cache
def _sizes() -> dict[str, int]:
    """How many digits an identifier has, by its first two."""
    return {ai[:2]: len(ai) for ai in identifiers()}


def check_value(ai: str, value: str) -> Reason | None:
    """What is wrong with a value: `ai_unknown`, `ai_value_invalid`, `check_digit_wrong`, `date_impossible`."""
    if ai not in identifiers():
        return Reason("ai_unknown", {"ai": ai})
    pattern, ruled = _compiled(ai)
    found = pattern.fullmatch(value)
    if found is None:
        return Reason("ai_value_invalid", {"ai": ai, "value": value[:_LONGEST_SHOWN]})
    for place, rule in ruled:
        piece = found[place]
        if piece and not RULES[rule](piece):
            return _broken(ai, value, rule, piece)
    return None


def _broken(ai: str, value: str, rule: str, piece: str) -> Reason:
    if rule in DATES:
        return Reason("date_impossible", {"ai": ai, "value": piece})
    if rule in CHECKS:
        return Reason("check_digit_wrong", {"ai": ai, "value": piece, "expected": CHECKS[rule](piece)})
    return Reason("ai_value_invalid", {"ai": ai, "value": value[:_LONGEST_SHOWN]})


@cache
def _compiled(ai: str) -> tuple[re.Pattern[str], tuple[tuple[int, str], ...]]:
    """A value's form as one expression with a group for each component, and the rules of each group."""
    parts = identifiers()[ai].parts
    pattern = ""
    for part in reversed(parts):
        group = f"({CHARACTERS[part.characters]}{{{part.least},{part.most}}})"
        pattern = f"(?:{group}{pattern})?" if part.optional else group + pattern
    padding = ("padding",)
    ruled = [
        (place, rule)
        for place, part in enumerate(parts, 1)
        for rule in (*(padding if part.characters == "Z" else ()), *part.rules)
    ]
    return re.compile(pattern), tuple(ruled)


def _spread(text: str) -> list[str]:
    first, _, last = text.partition("-")
    return [str(number).zfill(len(first)) for number in range(int(first), int(last or first) + 1)]


def _part(text: str) -> Part:
    shape = re.fullmatch(r"\[?([NXYZ])(\.\.)?([0-9]+)\]?((?:\.[a-z0-9]+)*)", text)
    if shape is None:
        raise ValueError(f"the table of application identifiers has an unreadable value: {text}")
    most = int(shape[3])
    return Part(shape[1], 1 if shape[2] else most, most, text[0] == "[", tuple(shape[4].split(".")[1:]))
