"""A supplier's scorecard: each figure with what it was counted from (QUA-5).

| figure              | what                                                                                        |
|---------------------|---------------------------------------------------------------------------------------------|
| received            | deliveries                                                                                  |
| accepted            | of them, with a release in force of all or a part                                           |
| conceded            | with a concession in force                                                                  |
| rejected            | with a rejection in force, or stock that a disposition has rejected                         |
| undecided           | with none of these                                                                          |
| ppm                 | units found nonconforming, of a million inspected, in the first inspection of each delivery |
| days_to_decision    | median, from receipt to the first release, concession or rejection in force                 |
| ncrs_open, _closed  | nonconformity reports of these deliveries                                                   |
| days_to_containment | median, from the opening of a report to its containment                                     |
| days_to_disposition | median, from the opening of a report to its disposition                                     |

A delivery that was decided in parts counts wherever a part of it does, so the three may add up to more than all.
A measured unit counts once, whatever of it failed; units that were counted as nonconforming, by attributes, have no
number and are added up; an inspection has no more nonconforming units than it has looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Literal

import msgspec

DAY = Decimal(86400)
MILLION = 1_000_000


class Delivery(msgspec.Struct, frozen=True):
    """One receipt of a lot; `decided`: meaning and instant of each decision in force on stock of it."""

    lot_number: str
    received_at: str
    decided: list[tuple[str, str]] = []
    rejected_stock: bool = False

    def has(self, meaning: str) -> bool:
        """Whether a part of it stands decided so."""
        return any(each == meaning for each, _ in self.decided) or (
            meaning == "reject" and self.rejected_stock
        )


class Looked(msgspec.Struct, frozen=True):
    """The first inspection of a delivery: units looked at, measured ones that failed, and how many were counted."""

    lot_number: str
    units: int
    measured: int
    counted: int

    @property
    def nonconforming(self) -> int:
        """Never more than were looked at."""
        return min(self.units, self.measured + self.counted)


class Reported(msgspec.Struct, frozen=True):
    """A nonconformity report; instants of its steps."""

    id: str
    number: str
    closed: bool
    opened_at: str
    contained_at: str | None
    disposed_at: str | None


class Behind(msgspec.Struct, frozen=True):
    """One record that a figure was counted from; `note`: what it adds (`2 / 13`, days). Lots go by their number."""

    kind: Literal["lot", "ncr"]
    id: str
    number: str
    note: str = ""


class Figure(msgspec.Struct, frozen=True):
    """A figure; None: nothing to count it from. `facts` fill the sentence that says how it was counted."""

    code: str
    value: Decimal | None
    facts: dict[str, int]
    behind: list[Behind]


DECISIONS = {"accepted": "release", "conceded": "concession", "rejected": "reject"}


def scorecard(
    deliveries: Sequence[Delivery], looked: Sequence[Looked], reports: Sequence[Reported]
) -> list[Figure]:
    """All figures of one supplier in one period."""
    total = len(deliveries)
    figures = [_deliveries("received", deliveries, total)]
    for code, meaning in DECISIONS.items():
        figures.append(_deliveries(code, [each for each in deliveries if each.has(meaning)], total))
    waiting = [each for each in deliveries if not any(each.has(one) for one in DECISIONS.values())]
    figures.append(_deliveries("undecided", waiting, total))
    figures.append(_ppm([each for each in looked if each.units > 0]))
    figures.append(_to_decision(deliveries))
    for code, closed in (("ncrs_open", False), ("ncrs_closed", True)):
        chosen = [each for each in reports if each.closed is closed]
        behind = [Behind("ncr", each.id, each.number) for each in chosen]
        figures.append(Figure(code, Decimal(len(chosen)), {"of": len(reports)}, behind))
    figures.append(_to_step("days_to_containment", reports, lambda each: each.contained_at))
    figures.append(_to_step("days_to_disposition", reports, lambda each: each.disposed_at))
    return figures


def _deliveries(code: str, chosen: Sequence[Delivery], total: int) -> Figure:
    behind = [Behind("lot", each.lot_number, each.lot_number) for each in chosen]
    return Figure(code, Decimal(len(chosen)), {"of": total}, behind)


def _ppm(looked: Sequence[Looked]) -> Figure:
    bad, units = sum(each.nonconforming for each in looked), sum(each.units for each in looked)
    value = (Decimal(bad) * MILLION / units).quantize(Decimal(1), ROUND_HALF_UP) if units else None
    behind = [
        Behind("lot", each.lot_number, each.lot_number, f"{each.nonconforming} / {each.units}")
        for each in looked
    ]
    return Figure("ppm", value, {"bad": bad, "of": units}, behind)


def _to_decision(deliveries: Sequence[Delivery]) -> Figure:
    taken = [
        (each, _days(each.received_at, min(at)))
        for each in deliveries
        if (at := [at for meaning, at in each.decided if meaning in DECISIONS.values()])
    ]
    behind = [Behind("lot", each.lot_number, each.lot_number, f"{days:f}") for each, days in taken]
    return Figure("days_to_decision", _median([days for _, days in taken]), {"of": len(taken)}, behind)


def _to_step(code: str, reports: Sequence[Reported], step: Callable[[Reported], str | None]) -> Figure:
    taken = [(each, _days(each.opened_at, at)) for each in reports if (at := step(each)) is not None]
    behind = [Behind("ncr", each.id, each.number, f"{days:f}") for each, days in taken]
    return Figure(code, _median([days for _, days in taken]), {"of": len(taken)}, behind)


def _days(since: str, until: str) -> Decimal:
    seconds = (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()
    return (Decimal(str(seconds)) / DAY).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _median(days: Sequence[Decimal]) -> Decimal | None:
    return median(days).quantize(Decimal("0.1"), ROUND_HALF_UP) if days else None
