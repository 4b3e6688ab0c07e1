"""What a sampling rule lets pass in a lot of a known size: n, Ac, Re and the chance of each quality (ISO 2859-1, 12).

Exact for the one lot (hypergeometric, type A), in floating point so that a lot of a million is drawn at once.
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil, exp, lgamma

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.operating_characteristic import Stage
from backend.domain.plan_checks import check_sampling
from backend.domain.plans import Characteristic, sample_of
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import SampleSize, Switched
from backend.domain.variables_curve import passes_by_variables

LARGEST_LOT = 10_000_000
SAID = (1.0, 2.5, 5.0, 10.0)
"""Percent nonconforming that a person is told about in words."""
POINTS = 60
SEVERITIES: tuple[SamplingSeverity, ...] = ("normal", "tightened", "reduced")


class RuleAt(msgspec.Struct, frozen=True):
    """A rule applied to the lot, at one severity of inspection."""

    severity: SamplingSeverity
    n: int
    accept: int
    reject: int
    inspect_all: bool
    second: Stage | None = None
    """Double sampling: the second sample, its numbers over both."""
    most_outside: Decimal | None = None
    """By variables: the largest estimated percent outside the limits that is accepted."""


class CurvePoint(msgspec.Struct, frozen=True):
    """`nonconforming` units of the lot, as `percent` of it; it passes in `cases` of 100."""

    nonconforming: int
    percent: float
    cases: float


class RuleCurve(msgspec.Struct, frozen=True):
    """What is drawn (`points`, the best quality first) and what is said (`said`)."""

    lot_size: int
    rules: list[RuleAt]
    points: list[CurvePoint]
    said: list[CurvePoint]


def curve_of(characteristic: Characteristic, lot_size: int) -> RuleCurve:
    """Of the characteristic's rule and class; refuses what `check_sampling` finds, and `lot_size_invalid`."""
    if not 1 <= lot_size <= LARGEST_LOT:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    if reasons := check_sampling(characteristic):
        raise Refused(*reasons)
    switches = isinstance(characteristic.sampling, Switched)
    sizes = {s: sample_of(characteristic, lot_size, s) for s in (SEVERITIES if switches else SEVERITIES[:1])}
    size = sizes["normal"]
    said = sorted({max(1, round(percent * lot_size / 100)) for percent in SAID})
    return RuleCurve(
        lot_size=lot_size,
        rules=[
            RuleAt(s, each.n, each.accept, each.reject, each.inspect_all, each.second, each.most_outside)
            for s, each in sizes.items()
        ],
        points=[_point(size, bad, lot_size) for bad in _qualities(size, lot_size)],
        said=[_point(size, bad, lot_size) for bad in said],
    )


def passes(size: SampleSize, nonconforming: int, lot_size: int) -> float:
    """The chance that a lot with so many nonconforming units is accepted; by variables, of a normal process so bad."""
    if size.most_outside is not None:
        return passes_by_variables(size.n, float(size.most_outside), nonconforming / lot_size)
    if size.second is None:
        # Between Ac and Re of the last sample a lot is accepted.
        found = range(min(size.reject - 1, nonconforming, size.n) + 1)
        return min(1.0, sum(_finds(each, size.n, nonconforming, lot_size) for each in found))
    second, chance = size.second, 0.0
    for first in range(min(size.reject - 1, nonconforming, size.n) + 1):
        likely = _finds(first, size.n, nonconforming, lot_size)
        if first > size.accept:
            left = range(min(second.reject - 1 - first, nonconforming - first) + 1)
            likely *= sum(_finds(each, second.n, nonconforming - first, lot_size - size.n) for each in left)
        chance += likely
    return min(1.0, chance)


def _finds(found: int, n: int, nonconforming: int, lot_size: int) -> float:
    """The chance of exactly so many among n units of the lot."""
    good = lot_size - nonconforming
    if found < n - good or found > nonconforming:
        return 0.0
    return exp(_log_ways(nonconforming, found) + _log_ways(good, n - found) - _log_ways(lot_size, n))


def _qualities(size: SampleSize, lot_size: int) -> list[int]:
    """From none to where hardly any lot passes."""
    low, high = 0, lot_size
    while low < high:
        middle = (low + high) // 2
        if passes(size, middle, lot_size) > 0.005:
            low = middle + 1
        else:
            high = middle
    step = max(1, ceil(low / POINTS))
    return [*range(0, low, step), low]


def _point(size: SampleSize, nonconforming: int, lot_size: int) -> CurvePoint:
    bad = min(nonconforming, lot_size)
    return CurvePoint(bad, round(100 * bad / lot_size, 4), round(100 * passes(size, bad, lot_size), 2))


def _log_ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
