"""Which factors go with a measured characteristic: each candidate's effect, how sure it is, ranked. A hint, no cause.

| factor                               | effect                            | chance                         |
|--------------------------------------|-----------------------------------|--------------------------------|
| of kinds: equipment, supplier, shift | omega squared; eta squared beside | F of one-way ANOVA             |
| a number: parameter, environment     | Spearman's rank correlation rho,  | t of rho with n - 2 degrees of |
|                                      | ties at their mean rank           | freedom                        |

One value a lot (the mean of its readings), since values of one lot are not independent. Ranked by the share of the
variation that goes with the factor: omega squared, or rho squared; the two are alike in kind, not the same figure.
Chances are corrected for all factors that were tested together, after Holm (Scandinavian Journal of Statistics 6,
1979). Asked are at least LEAST lots; of kinds those count that at least two lots have.

Sources: NIST/SEMATECH e-Handbook 7.4.3; W. L. Hays, Statistics (omega squared); C. Spearman, American Journal of
Psychology 15 (1904); E. C. Fieller, H. O. Hartley, E. S. Pearson, Biometrika 44 (1957). Where factors go together
(a supplier on one line alone), each shows the other's effect: nothing here parts them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean
from typing import Literal

import msgspec

from backend.domain.distributions import t_tails
from backend.domain.drift import equal_spreads, holm
from backend.domain.errors import LotgateError, refuse

LEAST = 8
"""Lots under which nothing is ranked."""
SURE = 0.05
"""Corrected chance under which a factor is pointed out."""
FactorKind = Literal[
    "supplier", "part_supplier", "line", "equipment", "operator", "recipe", "parameter", "gauge", "inspector", "shift",
    "environment",
]  # fmt: skip
Why = Literal["too_few_lots", "one_kind", "no_spread"]


class Candidate(msgspec.Struct, frozen=True):
    """Something that lots were made or measured with; `name`: which parameter, quantity or part; "" if the kind says
    all. `values`: by lot, all texts (of kinds) or all numbers."""

    kind: FactorKind
    name: str
    unit: str
    values: Mapping[str, str | float]


class GroupMean(msgspec.Struct, frozen=True):
    """Lots of one kind of a factor."""

    code: str
    lots: int
    mean: float


class Ranked(msgspec.Struct, frozen=True):
    """A factor with its effect. `measure` omega2: `effect` is omega squared, `eta2` beside it; rho: Spearman's.

    `share`: what is ranked by, 0 to 1. `chance`: corrected. `points`: factor and value of each lot, of a number.
    """

    kind: FactorKind
    name: str
    unit: str
    measure: Literal["omega2", "rho"]
    effect: float
    eta2: float | None
    share: float
    lots: int
    p: float
    chance: float
    groups: list[GroupMean]
    points: list[tuple[float, float]]


class Unranked(msgspec.Struct, frozen=True):
    """A factor of which nothing can be said, and why."""

    kind: FactorKind
    name: str
    unit: str
    lots: int
    why: Why


class Ranking(msgspec.Struct, frozen=True):
    """The strongest first; `lots` with a value there were."""

    lots: int
    ranked: list[Ranked]
    unranked: list[Unranked]


def rank(means: Mapping[str, float], candidates: Sequence[Candidate]) -> Ranking:
    """By lot its mean. Refuses `factors_too_few_lots` and `factors_no_spread`, where every lot measures the same."""
    if len(means) < LEAST:
        raise refuse("factors_too_few_lots", lots=len(means), least=LEAST)
    if len(set(means.values())) == 1:
        raise refuse("factors_no_spread", lots=len(means))
    found = [_judged(means, each) for each in candidates]
    judged = [each for each in found if isinstance(each, Ranked)]
    chances = holm([each.p for each in judged])
    ranked = [
        msgspec.structs.replace(each, chance=chance) for each, chance in zip(judged, chances, strict=True)
    ]
    ranked.sort(key=lambda each: (-each.share, each.p, each.kind, each.name))
    unranked = [each for each in found if isinstance(each, Unranked)]
    return Ranking(len(means), ranked, unranked)


def _judged(means: Mapping[str, float], of: Candidate) -> Ranked | Unranked:
    values = {lot: value for lot, value in of.values.items() if lot in means}
    numbers = {lot: value for lot, value in values.items() if not isinstance(value, str)}
    if len(numbers) == len(values):
        return _numeric(means, of, numbers)
    return _grouped(means, of, {lot: str(value) for lot, value in values.items()})


def _numeric(means: Mapping[str, float], of: Candidate, values: Mapping[str, float]) -> Ranked | Unranked:
    if len(values) < LEAST:
        return Unranked(of.kind, of.name, of.unit, len(values), "too_few_lots")
    points = [(value, means[lot]) for lot, value in sorted(values.items())]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        return Unranked(of.kind, of.name, of.unit, len(values), "no_spread")
    rho, p = spearman(xs, ys)
    return Ranked(of.kind, of.name, of.unit, "rho", rho, None, rho * rho, len(points), p, p, [], points)


def _grouped(means: Mapping[str, float], of: Candidate, values: Mapping[str, str]) -> Ranked | Unranked:
    groups: dict[str, list[float]] = defaultdict(list)
    for lot, code in values.items():
        groups[code].append(means[lot])
    groups = {code: group for code, group in groups.items() if len(group) >= 2}
    lots = sum(map(len, groups.values()))
    if len(groups) < 2:
        return Unranked(of.kind, of.name, of.unit, len(values), "one_kind")
    if lots < LEAST:
        return Unranked(of.kind, of.name, of.unit, lots, "too_few_lots")
    try:
        test = equal_spreads(list(groups.values()))
    except LotgateError:
        return Unranked(of.kind, of.name, of.unit, lots, "no_spread")
    effect = omega_squared(test.f, test.between, lots)
    shown = [GroupMean(code, len(group), fmean(group)) for code, group in groups.items()]
    shown.sort(key=lambda each: (-each.mean, each.code))
    share = max(effect, 0.0)
    return Ranked(
        of.kind, of.name, of.unit, "omega2", effect, test.explained, share, lots, test.p, test.p, shown, []
    )


def omega_squared(f: float, between: float, values: int) -> float:
    """Of a one-way ANOVA: (SSb - dfb MSw) / (SSt + MSw), written with F. Below 0 where F is below 1."""
    return between * (f - 1) / (between * (f - 1) + values)


def spearman(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """rho, and its two-sided p by t with n - 2 degrees of freedom."""
    first, second = mean_ranks(xs), mean_ranks(ys)
    centre = (len(xs) + 1) / 2
    both = sum((a - centre) * (b - centre) for a, b in zip(first, second, strict=True))
    rho = both / sqrt(sum((a - centre) ** 2 for a in first) * sum((b - centre) ** 2 for b in second))
    rho = max(-1.0, min(1.0, rho))
    rest = 1 - rho * rho
    if rest <= 1e-15:
        return rho, 0.0
    return rho, t_tails(rho * sqrt((len(xs) - 2) / rest), len(xs) - 2)


def mean_ranks(values: Sequence[float]) -> list[float]:
    """From 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    return ranks
