"""Control charts for early warning: limits, Nelson's rules, capability. A warning is advice; it never judges (RES-11).

    chart        centre         limits                                  sigma
    I            mean           mean +- 3 MR / d2(2)                    MR / d2(2)
    MR           mean range     D3 MR, D4 MR of 2                       -
    X-bar of R   grand mean     +- A2 R                                 R / d2(n)
    R            mean range     D3 R, D4 R                              -
    X-bar of s   grand mean     +- A3 s                                 s / c4(n)
    s            mean s         B3 s, B4 s                              -

Of subgroups of several sizes the means are weighted by size, s is pooled, and each has limits of its own size.
Constants with three decimals, as books print them; those of s are computed, for any size. Source: Montgomery,
Introduction to Statistical Quality Control, ch. 6 and 8; NIST/SEMATECH e-Handbook 6.1.6 and 6.3.2; L. S. Nelson,
The Shewhart Control Chart - Tests for Special Causes, J. Quality Technology 16 (1984).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from math import exp, lgamma, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

import msgspec

from backend.domain.errors import refuse

# fmt: off
D2 = (1.12838, 1.69257, 2.05875, 2.32593, 2.53441, 2.70436, 2.84720, 2.97003, 3.07751, 3.17287, 3.25846, 3.33598,
      3.40676, 3.47183, 3.53198, 3.58788, 3.64006, 3.68896, 3.73495, 3.77834, 3.81938, 3.85832, 3.89535, 3.93063)
R_LOWER = (0, 0, 0, 0, 0, 0.076, 0.136, 0.184, 0.223, 0.256, 0.283, 0.307,
           0.328, 0.347, 0.363, 0.378, 0.391, 0.403, 0.415, 0.425, 0.434, 0.443, 0.451, 0.459)
R_UPPER = (3.267, 2.574, 2.282, 2.114, 2.004, 1.924, 1.864, 1.816, 1.777, 1.744, 1.717, 1.693,
           1.672, 1.653, 1.637, 1.622, 1.608, 1.597, 1.585, 1.575, 1.566, 1.557, 1.548, 1.541)
# fmt: on
"""Of n = 2..25: the mean range of standard normal values; D3 and D4 as printed."""


class Constants(NamedTuple):
    """Of subgroups of n, rounded as books print them."""

    a2: float
    a3: float
    b3: float
    b4: float
    c4: float
    d2: float
    r3: float
    """D3 of the books, the factor of the lower limit of R."""
    r4: float


class Limits(msgspec.Struct, frozen=True):
    """Centre line and control limits of one chart."""

    lower: float
    centre: float
    upper: float


class Chart(msgspec.Struct, frozen=True):
    """A chart of positions and one of spread, with what they were made of."""

    positions: list[float]
    spreads: list[float]
    position: Limits
    spread: Limits
    sigma: float


class Capability(msgspec.Struct, frozen=True):
    """Cp and Cpk by the sigma within, Pp and Ppk by the overall one; Cp and Pp only between two limits."""

    cp: float | None
    cpk: float
    pp: float | None
    ppk: float


class Signal(msgspec.Struct, frozen=True):
    """A Nelson rule (1 to 8) that the chart shows at a point, counted from 0."""

    rule: int
    point: int


def constants(n: int) -> Constants:
    """Factors for subgroups of 2 to 25; refuses `subgroup_size_unsupported`."""
    if not 2 <= n <= len(D2) + 1:
        raise refuse("subgroup_size_unsupported", field="n", n=n)
    d2 = D2[n - 2]
    of_s = deviation_factors(n)
    return Constants(
        a2=round(3 / (d2 * sqrt(n)), 3),
        a3=round(of_s.a3, 3),
        b3=round(of_s.b3, 3),
        b4=round(of_s.b4, 3),
        c4=round(of_s.c4, 4),
        d2=round(d2, 3),
        r3=R_LOWER[n - 2],
        r4=R_UPPER[n - 2],
    )


class DeviationFactors(NamedTuple):
    """Of the standard deviation s of n values, unrounded."""

    c4: float
    a3: float
    b3: float
    b4: float


def deviation_factors(n: int) -> DeviationFactors:
    """Of any n from 2 on, by the gamma function; refuses `subgroup_size_unsupported`."""
    if n < 2:
        raise refuse("subgroup_size_unsupported", field="n", n=n)
    c4 = sqrt(2 / (n - 1)) * exp(lgamma(n / 2) - lgamma((n - 1) / 2))
    b = 3 * sqrt(1 - c4**2) / c4
    return DeviationFactors(c4, 3 / (c4 * sqrt(n)), max(0.0, 1 - b), 1 + b)


def individuals(values: Sequence[float]) -> Chart:
    """The I-MR chart of single values in order; refuses `too_few_values` (under 2)."""
    if len(values) < 2:
        raise refuse("too_few_values", field="values", given=len(values), least=2)
    of_two = constants(2)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    mean, spread = fmean(values), fmean(ranges)
    sigma = spread / of_two.d2
    position = Limits(mean - 3 * sigma, mean, mean + 3 * sigma)
    return Chart(list(values), ranges, position, _spread(spread, of_two.r3, of_two.r4), sigma)


def averages_and_ranges(subgroups: Sequence[Sequence[float]]) -> Chart:
    """The X-bar and R chart of subgroups of one size; refuses what `constants` and `_size` do."""
    of_n = constants(_size(subgroups))
    means = [fmean(group) for group in subgroups]
    ranges = [max(group) - min(group) for group in subgroups]
    return Chart(
        means, ranges, *ranges_limits(fmean(means), fmean(ranges), _size(subgroups)), fmean(ranges) / of_n.d2
    )


def averages_and_deviations(subgroups: Sequence[Sequence[float]]) -> Chart:
    """The X-bar and s chart of subgroups of one size; refuses as `averages_and_ranges`."""
    of_n = constants(_size(subgroups))
    means = [fmean(group) for group in subgroups]
    deviations = [stdev(group) for group in subgroups]
    return Chart(
        means,
        deviations,
        *deviations_limits(fmean(means), fmean(deviations), _size(subgroups)),
        fmean(deviations) / of_n.c4,
    )


class Pooled(msgspec.Struct, frozen=True):
    """What subgroups of several sizes have in common: weighted mean, pooled s with its degrees of freedom."""

    mean: float
    deviation: float
    freedom: int

    @property
    def sigma(self) -> float:
        """Without bias."""
        return self.deviation / deviation_factors(self.freedom + 1).c4

    def limits(self, n: int) -> tuple[Limits, Limits | None]:
        """Of a mean and of an s of n values; of one value there is no s. The centre of s is the pooled one."""
        if n == 1:
            return Limits(self.mean - 3 * self.sigma, self.mean, self.mean + 3 * self.sigma), None
        of_n = deviation_factors(n)
        half = of_n.a3 * self.deviation
        return Limits(self.mean - half, self.mean, self.mean + half), _spread(
            self.deviation, of_n.b3, of_n.b4
        )


def pooled(subgroups: Sequence[Sequence[float]]) -> Pooled:
    """Refuses `too_few_values`: some subgroup must have two."""
    values = [value for group in subgroups for value in group]
    freedom = len(values) - len(subgroups)
    if freedom < 1:
        raise refuse("too_few_values", field="values", given=len(values), least=len(subgroups) + 1)
    squares = sum((len(group) - 1) * stdev(group) ** 2 for group in subgroups if len(group) > 1)
    return Pooled(fmean(values), sqrt(squares / freedom), freedom)


def ranges_limits(mean: float, mean_range: float, n: int) -> tuple[Limits, Limits]:
    """Limits of X-bar and of R from grand mean and mean range."""
    of_n = constants(n)
    half = of_n.a2 * mean_range
    return Limits(mean - half, mean, mean + half), _spread(mean_range, of_n.r3, of_n.r4)


def deviations_limits(mean: float, mean_deviation: float, n: int) -> tuple[Limits, Limits]:
    """Limits of X-bar and of s from grand mean and mean standard deviation."""
    of_n = constants(n)
    half = of_n.a3 * mean_deviation
    return Limits(mean - half, mean, mean + half), _spread(mean_deviation, of_n.b3, of_n.b4)


def capability(
    mean: float, within: float, overall: float, lower: float | None, upper: float | None
) -> Capability:
    """Indices against specification limits; refuses `limits_missing` and `no_spread`."""
    rooms = [*([] if upper is None else [upper - mean]), *([] if lower is None else [mean - lower])]
    if not rooms:
        raise refuse("limits_missing", field="lower")
    if within <= 0 or overall <= 0:
        raise refuse("no_spread", field="values")
    width = None if lower is None or upper is None else upper - lower
    return Capability(
        None if width is None else width / (6 * within),
        min(rooms) / (3 * within),
        None if width is None else width / (6 * overall),
        min(rooms) / (3 * overall),
    )


CPK_Z = 1.96
"""Of a 95 % interval."""


def capability_interval(cpk: float, count: int) -> tuple[float, float]:
    """About the Cpk of `count` values, 95 % of the time: NIST e-Handbook 6.1.6, of values that are normal."""
    half = CPK_Z * sqrt(1 / (9 * count) + cpk**2 / (2 * (count - 1)))
    return cpk - half, cpk + half


def _size(subgroups: Sequence[Sequence[float]]) -> int:
    """The one size of all subgroups; refuses `subgroups_differ`."""
    sizes = {len(group) for group in subgroups}
    if len(sizes) != 1:
        raise refuse("subgroups_differ", field="values", sizes=[str(size) for size in sorted(sizes)])
    return sizes.pop()


def _spread(mean: float, low: float, high: float) -> Limits:
    return Limits(low * mean, mean, high * mean)


Zs = Sequence[float]
"""Distances from the centre line in sigmas of the chart: a third of the way to a limit each."""


class Rule(NamedTuple):
    """One of Nelson's rules: how many points it looks at, the newest last, and what it looks for."""

    points: int
    shows: Callable[[Zs], bool]


def _same_side(zs: Zs) -> bool:
    return all(z > 0 for z in zs) or all(z < 0 for z in zs)


def _trend(zs: Zs) -> bool:
    steps = [after - before for before, after in pairwise(zs)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternates(zs: Zs) -> bool:
    steps = [after - before for before, after in pairwise(zs)]
    return all(before * after < 0 for before, after in pairwise(steps))


def _beyond(zs: Zs, limit: float, least: int) -> bool:
    """`least` of the points on one side beyond `limit` sigmas, the newest of them among these."""
    above, below = [z > limit for z in zs], [z < -limit for z in zs]
    return any(side[-1] and sum(side) >= least for side in (above, below))


NELSON: dict[int, Rule] = {
    1: Rule(1, lambda zs: abs(zs[0]) > 3),
    2: Rule(9, _same_side),
    3: Rule(6, _trend),
    4: Rule(14, _alternates),
    5: Rule(3, lambda zs: _beyond(zs, 2, 2)),
    6: Rule(5, lambda zs: _beyond(zs, 1, 4)),
    7: Rule(15, lambda zs: all(abs(z) < 1 for z in zs)),
    8: Rule(8, lambda zs: all(abs(z) > 1 for z in zs)),
}


ALL_RULES = frozenset(NELSON)


def signals(values: Sequence[float], limits: Limits) -> list[Signal]:
    """Each rule at each point where it is met, by point; none where the limits leave no room."""
    sigma = (limits.upper - limits.centre) / 3
    return signals_of([(value - limits.centre) / sigma for value in values]) if sigma > 0 else []


def signals_of(zs: Zs, rules: Collection[int] = ALL_RULES) -> list[Signal]:
    """The same of distances from the centre line, for limits that differ from point to point."""
    return [
        Signal(number, point)
        for point in range(len(zs))
        for number, rule in NELSON.items()
        if number in rules
        and point + 1 >= rule.points
        and rule.shows(zs[point + 1 - rule.points : point + 1])
    ]
