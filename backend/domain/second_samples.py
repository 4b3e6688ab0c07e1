"""Double sampling in an inspection: when the second sample is asked for, and what of (SMP-2).

    first sample                               second sample
    not answered or not decided in full        not asked for
    Ac or fewer, Re or more                    not asked for: the first has decided
    more than Ac and fewer than Re             asked for; the sum of both is judged by its own Ac and Re
    corrected after the second was begun       stays asked for: what was found in it counts

ANSI/ASQ Z1.4 10.1.2. That a begun second sample stays is stricter than the standard, which knows no corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from backend.domain.answers import Answer
from backend.domain.plans import Item, PlanDocument
from backend.domain.tallies import judge_inspection

SECOND_COUNT = "-0.2"
"""Ends the key of a count of the second sample."""


def asked_now(document: PlanDocument, first: list[Item], answers: Mapping[str, Answer]) -> list[Item]:
    """The questions of the first samples, each followed by those of its second sample where that is due."""
    if not any(item.second for item in first):
        return first
    asked: list[Item] = []
    for _, group in groupby(first, key=lambda item: item.characteristic):
        of_first = list(group)
        asked += of_first
        if of_first[0].second is not None:
            asked += _second(document, of_first, answers)
    return asked


def _second(document: PlanDocument, of_first: list[Item], answers: Mapping[str, Answer]) -> list[Item]:
    known = {item.key: answers[item.key] for item in of_first if item.key in answers}
    verdict = judge_inspection(document, of_first, known)
    [tally] = verdict.tallies
    further = _items(of_first[0], tally.nonconforming)
    counted = of_first[0].sample_number == 0
    decided = counted or all(item.verdict != "undecidable" for item in verdict.items)
    between = tally.outcome == "open" and tally.nonconforming > tally.accept
    due = tally.answered == len(of_first) and decided and between
    return further if due or any(item.key in answers for item in further) else []


def _items(item: Item, found: int) -> list[Item]:
    second = item.second
    if second is None:
        return []
    code, counted = item.characteristic, item.sample_number == 0
    numbers = [0] if counted else range(item.n + 1, item.n + second.n + 1)
    return [
        Item(
            f"{code}{SECOND_COUNT}" if counted else f"{code}-{number}",
            code,
            number,
            second.n,
            second.accept - found,
            second.reject - found,
            found=found,
        )
        for number in numbers
    ]


def units_needed(asked: list[Item]) -> set[int]:
    """How many units each characteristic needs by now: the steps in which samples are numbered."""
    needed = set()
    for _, group in groupby(asked, key=lambda item: item.characteristic):
        of_one = list(group)
        first, last = of_one[0], of_one[-1]
        needed |= {first.n} if last.found is None else {first.n, first.n + last.n}
    return needed
