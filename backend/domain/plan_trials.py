"""A draft of a plan tried on past results: what would have been judged otherwise (SMP-1).

past result                                          judged by the draft
of a characteristic that the draft has no more       gone
the kind or the method's document changed            not comparable: the number means something else now
its unit is of another dimension now                 not comparable
several readings, a formula, other ones now          not comparable
a result without one value, of several readings      not comparable
units with kinds of defects, other kinds now         not comparable
a number                                             by the draft's limits in the draft's unit, rounded by its rule
a count among n units, and the draft asks for n too  by the draft's Ac and Re
a count, and the draft asks for another n            not comparable: nobody knows what the other units were
a count of a second sample                           not comparable: the first one asked for it
words                                                as the inspector judged them

A result is judged as it was entered, in the severity of inspection under which its lot was inspected. The trial
says nothing of samples that were never taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from backend.domain.judging import Verdict, judge_numeric, judge_tally
from backend.domain.plans import Characteristic, Limits, PlanDocument, Severities, sample_of
from backend.domain.result_kinds import Qualifier
from backend.domain.second_samples import SECOND_COUNT
from backend.domain.units import convert, convertible, decimal_of, same_unit


class PastResult(msgspec.Struct, frozen=True):
    """One reading in force, as it was judged."""

    characteristic: str
    item_key: str
    value: Decimal | None
    qualifier: str | None
    entered: str
    verdict: Verdict


class PastLot(msgspec.Struct, frozen=True):
    """One inspection: under which document, of how many units, how hard, and its results."""

    lot: str
    inspection: str
    document: PlanDocument
    lot_size: int
    severities: Severities
    results: list[PastResult]


class Difference(msgspec.Struct, frozen=True):
    """A result that the draft judges otherwise."""

    lot: str
    inspection: str
    characteristic: str
    item_key: str
    entered: str
    old: Verdict
    new: str


class TrialCounts(msgspec.Struct, frozen=True):
    """Results by what became of them. `worse`: conforming that would not be; `better`: the other way round.

    `lots_worse`, `lots_better`: lots with at least one such result.
    """

    lots: int = 0
    results: int = 0
    same: int = 0
    worse: int = 0
    better: int = 0
    otherwise: int = 0
    gone: int = 0
    not_comparable: int = 0
    lots_worse: int = 0
    lots_better: int = 0

    def plus(self, other: TrialCounts) -> TrialCounts:
        """Both together."""
        return TrialCounts(
            *map(sum, zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )


class Trial(msgspec.Struct, frozen=True):
    """What a trial found; `differences` in the order of the lots, no more than asked for."""

    counts: TrialCounts
    differences: list[Difference]


class _Line(NamedTuple):
    """A characteristic of the draft beside the one that a lot was inspected by."""

    now: Characteristic
    limits: Limits
    unit: str | None
    """The unit that past values were in, where they convert."""
    comparable: bool
    accept: int
    reject: int
    final: bool
    """No second sample follows: between Ac and Re the lot is accepted."""


Lines = dict[str, _Line]
Outcome = Verdict | Literal["gone", "not_comparable"]


def try_on(draft: PlanDocument, lots: Iterable[PastLot], most: int) -> Trial:
    """Judge past lots by the draft; up to `most` differences are listed, all are counted."""
    wanted = {each.code: each for each in draft.characteristics}
    known: dict[object, Lines] = {}
    counts, found = TrialCounts(), list[Difference]()
    for lot in lots:
        key = (id(lot.document), lot.lot_size, tuple(lot.severities.items()))
        lines = known.get(key)
        if lines is None:
            lines = known[key] = _lines(wanted, lot)
        seen: Counter[str] = Counter()
        for result in lot.results:
            outcome = _judge(lines.get(result.characteristic), result)
            kind = _kind(result.verdict, outcome)
            seen[kind] += 1
            if kind in ("worse", "better", "otherwise") and len(found) < most:
                found.append(_difference(lot, result, outcome))
        counts = counts.plus(
            TrialCounts(
                lots=1,
                results=len(lot.results),
                lots_worse=int(seen["worse"] > 0),
                lots_better=int(seen["better"] > 0),
                **seen,
            )
        )
    return Trial(counts, found)


def _lines(wanted: Mapping[str, Characteristic], lot: PastLot) -> Lines:
    lines = {}
    for was in lot.document.characteristics:
        now = wanted.get(was.code)
        if now is None:
            continue
        then = sample_of(was, lot.lot_size, lot.severities.get(was.severity, "normal"))
        size = sample_of(now, lot.lot_size, lot.severities.get(now.severity, "normal"))
        alike = _asks(was) == _asks(now)
        same = same_unit(was.unit, now.unit)
        comparable = (
            alike
            and (same or convertible(was.unit, now.unit))
            and (now.kind != "attribute" or then.n == size.n)
        )
        lines[was.code] = _Line(
            now, now.limits, None if same else was.unit, comparable, size.accept, size.reject, not size.second
        )
    return lines


def _asks(of: Characteristic) -> tuple[object, ...]:
    return of.kind, of.method.document, of.replicates, of.formula, of.defects


def _judge(line: _Line | None, result: PastResult) -> Outcome:
    if line is None:
        return "gone"
    if not line.comparable:
        return "not_comparable"
    now = line.now
    if now.kind == "text":
        return result.verdict
    if result.value is None or (now.kind == "attribute" and result.value and _has_critical(now)):
        return "not_comparable"
    if now.kind == "attribute":
        if result.item_key.endswith(SECOND_COUNT):
            return "not_comparable"
        accept = line.reject - 1 if line.final else line.accept
        return judge_tally(int(result.value), accept, line.reject)
    value = result.value
    if line.unit is not None:
        value = decimal_of(convert(value, line.unit, now.unit))
    qualifier: Qualifier = result.qualifier or ""  # type: ignore[assignment]
    return judge_numeric(value, qualifier, line.limits, now.rounding, now.resolution)


def _has_critical(of: Characteristic) -> bool:
    return any(kind.severity == "critical" for kind in of.defects)


def _kind(old: Verdict, new: Outcome) -> str:
    if new in ("gone", "not_comparable"):
        return new
    if new == old:
        return "same"
    if "undecidable" in (old, new):
        return "otherwise"
    return "worse" if new == "nonconforming" else "better"


def _difference(lot: PastLot, result: PastResult, new: Outcome) -> Difference:
    return Difference(
        lot.lot, lot.inspection, result.characteristic, result.item_key, result.entered, result.verdict, new
    )
