"""Do suppliers, or lots, differ? Tests with their assumption, their effect size, and corrected for their number.

| question                          | values              | test                    | assumes                     |
|-----------------------------------|---------------------|-------------------------|-----------------------------|
| do suppliers differ               | one mean a lot      | Welch's ANOVA           | independent lots, normal    |
| which two suppliers               | one mean a lot      | Welch's t, Hedges' g    | the same                    |
| do lots differ by more than their | all values of a lot | ANOVA, F, eta squared   | independent values, normal, |
| own spread                        |                     |                         | one variance in all lots    |
| do the lots after the baseline    | one mean a lot      | Welch's t, Hedges' g    | as of suppliers             |
| differ from it                    |                     |                         |                             |

Suppliers are compared by lot means, since values of one lot are not independent of each other. All p-values that
stand on one page are corrected together (Holm). Sources: B. L. Welch, Biometrika 34 (1947) and 38 (1951); NIST/SEMATECH
e-Handbook 7.3.1 and 7.4.3; L. V. Hedges, J. Educational Statistics 6 (1981); S. Holm, Scand. J. Statistics 6 (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import sqrt
from statistics import fmean, variance

import msgspec

from backend.domain.distributions import f_tail, t_tails
from backend.domain.errors import refuse

Values = Sequence[float]


class TwoGroups(msgspec.Struct, frozen=True):
    """Welch's t of the first mean less the second. `g`: in standard deviations, corrected for small numbers."""

    difference: float
    t: float
    freedom: float
    p: float
    g: float


class ManyGroups(msgspec.Struct, frozen=True):
    """F and its degrees of freedom. `explained`: eta squared, the share of the variation between the groups."""

    f: float
    between: float
    within: float
    p: float
    explained: float


def two_groups(first: Values, second: Values) -> TwoGroups:
    """Welch's test; refuses `too_few_values` (two a group) and `no_spread`."""
    _enough([first, second])
    parts = [variance(group) / len(group) for group in (first, second)]
    if sum(parts) <= 0:
        raise refuse("no_spread", field="values")
    difference = fmean(first) - fmean(second)
    t = difference / sqrt(sum(parts))
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(group) - 1) for part, group in zip(parts, (first, second), strict=True)
    )
    return TwoGroups(difference, t, freedom, t_tails(t, freedom), _hedges(first, second, difference))


def _hedges(first: Values, second: Values, difference: float) -> float:
    of_both = len(first) + len(second) - 2
    pooled = ((len(first) - 1) * variance(first) + (len(second) - 1) * variance(second)) / of_both
    return difference / sqrt(pooled) * (1 - 3 / (4 * of_both - 1))


def unequal_spreads(groups: Sequence[Values]) -> ManyGroups:
    """Welch's analysis of variance: groups may spread differently; refuses as `two_groups` does."""
    _enough(groups)
    if any(variance(group) <= 0 for group in groups):
        raise refuse("no_spread", field="values")
    count = len(groups)
    weights = [len(group) / variance(group) for group in groups]
    means = [fmean(group) for group in groups]
    total = sum(weights)
    centre = sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / total
    off = sum(
        (1 - weight / total) ** 2 / (len(group) - 1) for weight, group in zip(weights, groups, strict=True)
    )
    between = sum(weight * (mean - centre) ** 2 for weight, mean in zip(weights, means, strict=True))
    f = between / (count - 1) / (1 + 2 * (count - 2) / (count**2 - 1) * off)
    within = (count**2 - 1) / (3 * off)
    return ManyGroups(f, count - 1, within, f_tail(f, count - 1, within), _explained(groups))


def equal_spreads(groups: Sequence[Values]) -> ManyGroups:
    """One-way analysis of variance; groups of one value count as well, if any has more. Refuses as `two_groups`."""
    values = list(chain.from_iterable(groups))
    between, within = len(groups) - 1, len(values) - len(groups)
    if between < 1 or within < 1:
        raise refuse("too_few_values", field="values", given=len(values), least=len(groups) + 1)
    among, inside = _squares(groups)
    if inside <= 0:
        raise refuse("no_spread", field="values")
    f = among / between / (inside / within)
    return ManyGroups(f, between, within, f_tail(f, between, within), among / (among + inside))


def holm(ps: Sequence[float]) -> list[float]:
    """Each p-value as it stands after all of them were asked, in the order given."""
    adjusted = [0.0] * len(ps)
    most = 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda place: ps[place])):
        most = max(most, min(1.0, ps[place] * (len(ps) - rank)))
        adjusted[place] = most
    return adjusted


def _explained(groups: Sequence[Values]) -> float:
    among, inside = _squares(groups)
    return among / (among + inside)


def _squares(groups: Sequence[Values]) -> tuple[float, float]:
    """Sums of squares between and within groups."""
    centre = fmean(chain.from_iterable(groups))
    means = [fmean(group) for group in groups]
    among = sum(len(group) * (mean - centre) ** 2 for group, mean in zip(groups, means, strict=True))
    inside = sum((value - mean) ** 2 for group, mean in zip(groups, means, strict=True) for value in group)
    return among, inside


def _enough(groups: Sequence[Values]) -> None:
    given = min((len(group) for group in groups), default=0)
    if given < 2 or len(groups) < 2:
        raise refuse("too_few_values", field="values", given=given, least=2)
