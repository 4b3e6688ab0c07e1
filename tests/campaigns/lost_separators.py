"""Valid labels whose separators were lost: exact, asked about, or refused, and never wrong in silence (LBL-2)."""

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


def outcome(elements: list[Element], reader: Reader = read) -> str:
    """What becomes of this label when every separator is gone."""
    reading = reader(message(elements, ""))
    if reading.valid:
        return "exact" if reading.elements == elements else "wrong"
    if any(element not in elements for element in reading.elements) and reading.ambiguous:
        return "wrong"
    return "ambiguous" if reading.ambiguous else "refused"


class Tally(NamedTuple):
    """Outcomes of the labels that had a separator to lose, of the others, and the first wrong ones as texts."""

    lost: Counter[str]
    none_to_lose: Counter[str]
    wrong: list[str]


def lost_separators(count: int, seed: int, reader: Reader = read) -> Tally:
    """How `count` labels end when every separator is gone."""
    maker, tally = Maker(random.Random(seed)), Tally(Counter(), Counter(), [])
    for _ in range(count):
        elements = maker.label()
        text = message(elements)
        came = outcome(elements, reader)
        (tally.lost if FNC1 in text else tally.none_to_lose)[came] += 1
        if came == "wrong" and len(tally.wrong) < MOST_SHOWN:
            tally.wrong.append(text.replace(FNC1, r"\x1d"))
    return tally


def table(tally: Tally) -> str:
    """The shares in words and figures."""
    rows = [f"{'':24}{'labels':>10}" + "".join(f"{each:>12}" for each in OUTCOMES)]
    for name, found in (("had separators to lose", tally.lost), ("had none", tally.none_to_lose)):
        total = max(found.total(), 1)
        shares = "".join(f"{found[each] / total:>11.3%} " for each in OUTCOMES[:-1]) + f"{found['wrong']:>11}"
        rows.append(f"{name:24}{found.total():>10}{shares}")
    return "\n".join([*rows, *tally.wrong])
