"""Answers to the items of an inspection: what was typed, as what it is.

kind       typed                                     becomes
numeric    3.21                                      a number, in the characteristic's unit
           3.21; 3.22; 3.19                          so many readings as the plan asks of each sample
attribute  2                                         units that are nonconforming
           A=2; B=1; 2    A=2                        units with each kind of defect; last, how many units in all
text       any words                                 the words
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import assert_never

import msgspec

from backend.domain.errors import Fact, Reason, Refused, refuse
from backend.domain.plans import Characteristic, Item
from backend.domain.readings import Entered, parse_count, parse_number
from backend.domain.result_kinds import DefectCount, DefectKind, Part, Qualifier

_BETWEEN = re.compile(r"[;；\n]")
_APART = re.compile(r"[;；,，、\n]")
_COUNTED = re.compile(r"(?P<code>.+?)\s*[=:＝：×]\s*(?P<count>\S+)")


class NumberAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="number"):
    """A reading in the characteristic's unit, unrounded; `part`: how it was typed, where that was not so."""

    value: Decimal
    qualifier: Qualifier = ""
    part: Part | None = None


class SeveralAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="several"):
    """Readings of one sample, to be reduced by the characteristic's rule."""

    parts: tuple[Part, ...]


class CountAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="count"):
    """How many of the item's `n` units are nonconforming; `critical`: units with a critical defect.

    `defects`: of each kind, where the plan lists kinds.
    """

    nonconforming: int
    critical: int = 0
    defects: tuple[DefectCount, ...] = ()


class TextAnswer(msgspec.Struct, frozen=True, tag_field="kind", tag="text"):
    """Words, and the inspector's own verdict on them."""

    text: str
    conforming: bool


Answer = NumberAnswer | SeveralAnswer | CountAnswer | TextAnswer


def read_answer(characteristic: Characteristic, item: Item, text: str) -> Answer:
    """Typed text as the answer to an item; refuses as `parse_number` and `parse_count`.

    What was typed in another unit is converted; the caller has it confirmed. A text answer is taken as
    conforming: the door asks when the inspector says otherwise. Also refuses `item_computed`,
    `readings_expected`, `defect_unknown`, `defects_expected`, `units_expected`.
    """
    if item.computed:
        raise refuse("item_computed", field="item_key", item=item.key)
    match characteristic.kind:
        case "numeric":
            return _number(characteristic, text)
        case "attribute":
            return read_count(text, item.n, characteristic.defects)
        case "text":
            if not text.strip():
                raise refuse("reading_missing")
            return TextAnswer(text.strip(), conforming=True)
    assert_never(characteristic.kind)


def _number(characteristic: Characteristic, text: str) -> NumberAnswer | SeveralAnswer:
    replicates = characteristic.replicates
    if replicates is None:
        entered = _entered(characteristic, text)
        plain = entered.limit is None and entered.unit is None
        return NumberAnswer(entered.value, entered.qualifier, None if plain else _part(entered))
    if not text.strip():
        raise refuse("reading_missing")
    texts = several(text, replicates.count)
    if len(texts) != replicates.count:
        raise refuse("readings_expected", field="entered", count=len(texts), expected=replicates.count)
    return SeveralAnswer(tuple(_part(_entered(characteristic, each)) for each in texts))


def several(text: str, count: int) -> list[str]:
    """The readings of one sample: by semicolons or lines; by blanks too, where that gives exactly `count` numbers."""
    parts = [part.strip() for part in _BETWEEN.split(text.strip())]
    if len(parts) > 1 or count == 1:
        return [part for part in parts if part] if parts[-1] == "" else parts
    apart = text.split()
    numbers = all(re.match(r"[<>≤≥＜＞+\-−.,]*[0-9０-９]", each) for each in apart)
    groups = any(re.fullmatch(r"[0-9]{3}", each) for each in apart[1:])
    return apart if len(apart) == count and numbers and not groups else parts


def _entered(characteristic: Characteristic, text: str) -> Entered:
    return parse_number(
        text,
        unit=characteristic.unit,
        resolution=characteristic.resolution,
        detection=characteristic.detection,
        converts=True,
    )


def _part(entered: Entered) -> Part:
    return Part(entered.text.strip(), entered.value, entered.qualifier, entered.limit, entered.unit)


def read_count(text: str, n: int, kinds: Sequence[DefectKind] = ()) -> CountAnswer:
    """Nonconforming units among `n`, by kinds of defects where there are any."""
    if not kinds:
        return CountAnswer(parse_count(text, n))
    named, whole = _by_kind(text, n, kinds)
    counts = [
        DefectCount(kind.code, kind.severity, named[kind.code]) for kind in kinds if named.get(kind.code)
    ]
    most = min(n, sum(each.count for each in counts))
    least = max((each.count for each in counts), default=0)
    if whole is None:
        if least != most:
            raise refuse("units_expected", field="entered", least=least, most=most)
        whole = most
    if whole and not counts:
        codes = [kind.code for kind in kinds]
        raise refuse("defects_expected", field="entered", count=whole, kinds=codes)
    if not least <= whole <= most:
        raise refuse("units_expected", field="entered", least=least, most=most)
    critical = max((each.count for each in counts if each.severity == "critical"), default=0)
    return CountAnswer(whole, critical, tuple(counts))


def _by_kind(text: str, n: int, kinds: Sequence[DefectKind]) -> tuple[Mapping[str, int], int | None]:
    """Counts by code, and the number of units where it was said."""
    codes = {kind.code.casefold(): kind.code for kind in kinds}
    named: dict[str, int] = {}
    whole: int | None = None
    for part in filter(None, (each.strip() for each in _APART.split(text))):
        found = _COUNTED.fullmatch(part)
        if found is None:
            if whole is not None:
                raise refuse("count_expected", field="entered", text=text)
            whole = parse_count(part, n)
            continue
        code = codes.get(found["code"].strip().casefold())
        if code is None:
            facts: dict[str, Fact] = {"defect": found["code"], "kinds": list(codes.values())}
            raise Refused(Reason("defect_unknown", facts, "entered"))
        if code in named:
            raise refuse("item_twice", field="entered", item=code)
        named[code] = parse_count(found["count"], n)
    if not named and whole is None:
        raise refuse("reading_missing")
    return named, whole
