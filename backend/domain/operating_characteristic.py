"""What a plan lets pass: its operating characteristic, exact for every plan of one or several stages.

what                                     model            quality is
lots of a continuing series, by units    binomial         share of nonconforming units, 0..1
the same, by defects per unit            poisson          mean nonconformities a unit (AQL 40 = 0.40)
one lot of a known size                  hypergeometric   nonconforming units in the lot, a whole number

Source: Montgomery, Introduction to Statistical Quality Control, ch. 15; ISO 2859-1:1999 clause 12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import comb, exp, inf, lgamma, log
from typing import Literal

import msgspec

from backend.domain.errors import refuse

Model = Literal["binomial", "poisson"]
_STEPS = 60  # bisections: 2**-60 of the range
_PLACES = 400  # first look for the worst average outgoing quality


class Stage(msgspec.Struct, frozen=True):
    """`n` more units; Ac and Re count all nonconforming found so far. The last stage has Re = Ac + 1."""

    n: int
    accept: int
    reject: int


class Chances(msgspec.Struct, frozen=True):
    """Chance that a lot is accepted, and the mean number of units inspected (every sample finished)."""

    accepted: float
    sample_number: float


def check_stages(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """The stages, once they make a plan; refuses `plan_stages_contradict`."""
    checked = tuple(stages)
    gap = any(not -1 <= stage.accept < stage.reject or stage.n < 1 for stage in checked)
    if not checked or gap or checked[-1].reject != checked[-1].accept + 1:
        raise refuse("plan_stages_contradict", field="stages")
    return checked


def chances(stages: Iterable[Stage], quality: float, model: Model = "binomial") -> Chances:
    """A plan's chances at one quality of a continuing series (type B)."""
    least_wrong = 0 <= quality <= 1 if model == "binomial" else 0 <= quality < inf
    if not least_wrong:
        raise refuse("quality_out_of_range", field="quality", quality=str(quality))
    mass = _binomial if model == "binomial" else _poisson

    def found(stage: Stage, _drawn: int, _before: int, more: int) -> float:
        return mass(stage.n, more, quality)

    return _run(stages, found)


def chances_in_lot(stages: Iterable[Stage], nonconforming: int, lot_size: int) -> Chances:
    """A plan's chances for one lot (type A), computed in whole numbers and rounded once at the end.

    Refuses `quality_out_of_range`, and `sample_size_invalid` where the samples do not fit into the lot.
    """
    checked = check_stages(stages)
    if not 0 <= nonconforming <= lot_size:
        raise refuse("quality_out_of_range", field="quality", quality=str(nonconforming))
    if sum(stage.n for stage in checked) > lot_size:
        raise refuse("sample_size_invalid", field="n", n=sum(s.n for s in checked), lot_size=lot_size)

    def found(stage: Stage, drawn: int, before: int, more: int) -> Fraction:
        bad, left = nonconforming - before, lot_size - drawn
        if more > bad or stage.n - more > left - bad:
            return Fraction(0)
        return Fraction(comb(bad, more) * comb(left - bad, stage.n - more), comb(left, stage.n))

    return _run(checked, found)


def quality_at(stages: Iterable[Stage], accepted: float, model: Model = "binomial") -> float:
    """The quality at which a share `accepted` of lots is accepted: 0.95 AQL side, 0.5 indifference, 0.1 LQ."""
    checked = check_stages(stages)
    low, high = 0.0, 1.0
    while model == "poisson" and chances(checked, high, model).accepted > accepted:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if chances(checked, middle, model).accepted > accepted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def outgoing_quality(
    stages: Iterable[Stage], quality: float, model: Model = "binomial", lot_size: int | None = None
) -> float:
    """Average outgoing quality where rejected lots are sorted and what is found nonconforming is replaced."""
    at = chances(stages, quality, model)
    kept = 1.0 if lot_size is None else max(0.0, 1 - at.sample_number / lot_size)
    return quality * at.accepted * kept


def outgoing_quality_limit(
    stages: Iterable[Stage], model: Model = "binomial", lot_size: int | None = None
) -> tuple[float, float]:
    """The worst average outgoing quality (AOQL), and the incoming quality that causes it."""
    checked = check_stages(stages)
    top = quality_at(checked, 1e-6, model)
    worst = max(
        (top * place / _PLACES for place in range(_PLACES + 1)),
        key=lambda quality: outgoing_quality(checked, quality, model, lot_size),
    )
    low, high = max(0.0, worst - top / _PLACES), min(top, worst + top / _PLACES)
    for _ in range(_STEPS):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if outgoing_quality(checked, left, model, lot_size) < outgoing_quality(
            checked, right, model, lot_size
        ):
            low = left
        else:
            high = right
    return outgoing_quality(checked, (low + high) / 2, model, lot_size), (low + high) / 2


def _run(stages: Iterable[Stage], found: Callable[[Stage, int, int, int], float | Fraction]) -> Chances:
    """Walk the stages, keeping the chance of each count that leaves the lot undecided."""
    undecided: dict[int, float | Fraction] = {0: 1}
    accepted: float | Fraction = 0
    inspected: float | Fraction = 0
    drawn = 0
    for stage in check_stages(stages):
        inspected += stage.n * sum(undecided.values())
        after: dict[int, float | Fraction] = {}
        for before, chance in undecided.items():
            for more in range(stage.reject - before):
                after[before + more] = after.get(before + more, 0) + chance * found(
                    stage, drawn, before, more
                )
        accepted += sum(chance for count, chance in after.items() if count <= stage.accept)
        undecided = {count: chance for count, chance in after.items() if count > stage.accept}
        drawn += stage.n
    return Chances(float(accepted), float(inspected))


def _binomial(n: int, count: int, share: float) -> float:
    if count > n:
        return 0.0
    if share in (0.0, 1.0):
        return float(count == n * share)
    ways = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1)
    return exp(ways + count * log(share) + (n - count) * log(1 - share))


def _poisson(n: int, count: int, mean: float) -> float:
    if mean == 0:
        return float(count == 0)
    return exp(count * log(n * mean) - n * mean - lgamma(count + 1))
