"""Valid labels that lost all separators, or some of them: exact, asked about, or refused, and never wrong in silence
(LBL-2).

A reader of codes loses all or none; text that was typed, copied or read from print may keep one and lose another.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from backend.domain.gs1 import FNC1, Element
from backend.domain.labels import LabelReading, read_label
from tests.campaigns.label_maker import Maker, message

TODAY = date(2026, 11, 23)
Reader = Callable[[str], LabelReading]
MOST_SHOWN = 10
OUTCOMES = ("exact", "ambiguous", "refused", "wrong")


def read(text: str) -> LabelReading:
    return read_label(text, "]d2", today=TODAY)


def typed(text: str) -> LabelReading:
    return read_label(text, today=TODAY)


def outcome(elements: list[Element], reader: Reader = read) -> str:
    """What becomes of this label when every separator is gone."""
    return judged(elements, reader(message(elements, "")))


def some_lost(text: str, chance: random.Random) -> str:
    """The message without one or more of its separators; one stays where there are two."""
    places = [place for place, sign in enumerate(text) if sign == FNC1]
    gone = set(chance.sample(places, chance.randint(1, max(1, len(places) - 1))))
    return "".join(sign for place, sign in enumerate(text) if place not in gone)


def judged(elements: list[Element], reading: LabelReading) -> str:
    """Against what was on the label."""
    if reading.valid:
        return "exact" if reading.elements == elements else "wrong"
    if any(element not in elements for element in reading.elements) and reading.ambiguous:
        return "wrong"
    return "ambiguous" if reading.ambiguous else "refused"


class Tally(NamedTuple):
    """Outcomes of the labels that had a separator to lose, of those that lost some of several, of the same
    typed whole, of the others, and the
    first wrong ones as texts."""

    lost: Counter[str]
    some: Counter[str]
    kept: Counter[str]
    none_to_lose: Counter[str]
    wrong: list[str]


def lost_separators(count: int, seed: int, reader: Reader = read, by_hand: Reader = typed) -> Tally:
    """How `count` labels end when every separator is gone, and those with several when only some are."""
    maker, tally = Maker(random.Random(seed)), Tally(Counter(), Counter(), Counter(), Counter(), [])
    chance = random.Random(seed + 1)
    for _ in range(count):
        elements = maker.label()
        text = message(elements)
        came = outcome(elements, reader)
        (tally.lost if FNC1 in text else tally.none_to_lose)[came] += 1
        if text.count(FNC1) > 1:
            left = some_lost(text, chance)
            partly = judged(elements, by_hand(left))
            tally.some[partly] += 1
            tally.kept[judged(elements, by_hand(text))] += 1
            if partly == "wrong" and len(tally.wrong) < MOST_SHOWN:
                tally.wrong.append(left.replace(FNC1, r"\x1d"))
        if came == "wrong" and len(tally.wrong) < MOST_SHOWN:
            tally.wrong.append(text.replace(FNC1, r"\x1d"))
    return tally


def table(tally: Tally) -> str:
    """The shares in words and figures."""
    rows = [f"{'':24}{'labels':>10}" + "".join(f"{each:>12}" for each in OUTCOMES)]
    rows_of = (
        ("lost all separators", tally.lost),
        ("lost some of several", tally.some),
        ("typed with all of them", tally.kept),
        ("had none", tally.none_to_lose),
    )
    for name, found in rows_of:
        total = max(found.total(), 1)
        shares = "".join(f"{found[each] / total:>11.3%} " for each in OUTCOMES[:-1]) + f"{found['wrong']:>11}"
        rows.append(f"{name:24}{found.total():>10}{shares}")
    return "\n".join([*rows, *tally.wrong])
