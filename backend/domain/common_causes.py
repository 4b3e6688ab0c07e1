"""What lots have in common that others of their kind have not: ranked by how much rarer it is elsewhere.

A factor is anything that a lot was made of or with: a lot that went into it, a supplier, equipment, a line, an
operator, a gauge. For each, the cases that have it are set against other lots of the same items that have it. That so
many cases have it by chance alone has the probability of Fisher's exact test, one-sided (R. A. Fisher, Statistical
Methods for Research Workers, 1934, §21.02), corrected for the number of factors after Holm (Scandinavian Journal of
Statistics 6, 1979). It is advice: what many share may still be no cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from math import comb

import msgspec

LEAST_CASES = 2


class Factor(msgspec.Struct, frozen=True, order=True):
    """`kind` lot, supplier, supplier_lot, equipment, line, operator, gauge or recipe; its code."""

    kind: str
    code: str


class Cause(msgspec.Struct, frozen=True):
    """A factor that cases share: `cases` of `of_cases` have it, `others` of `of_others` of the same items.

    `times`: how many times as frequent it is among the cases; None where no other lot has it. `chance`: corrected.
    """

    factor: Factor
    cases: int
    of_cases: int
    others: int
    of_others: int
    times: float | None
    chance: float


def tail(both: int, cases: int, marked: int, everything: int) -> float:
    """Probability of `both` or more marked among `cases` drawn from `everything` of which `marked` are marked."""
    most = min(cases, marked)
    ways = sum(
        comb(marked, k) * comb(everything - marked, cases - k)
        for k in range(both, most + 1)
        if cases - k <= everything - marked
    )
    return ways / comb(everything, cases)


def common_causes(
    cases: Mapping[str, Collection[Factor]], others: Mapping[str, Collection[Factor]], most: int = 50
) -> list[Cause]:
    """Factors that at least two cases share, or the one case there is has, the least likely first."""
    among_cases = Counter(factor for factors in cases.values() for factor in set(factors))
    among_others = Counter(factor for factors in others.values() for factor in set(factors))
    least = min(LEAST_CASES, len(cases))
    shared = [factor for factor, count in among_cases.items() if count >= least]
    everything = len(cases) + len(others)
    raw = {
        factor: tail(among_cases[factor], len(cases), among_cases[factor] + among_others[factor], everything)
        for factor in shared
    }
    chances = holm(raw)
    causes = [
        Cause(
            factor,
            among_cases[factor],
            len(cases),
            among_others[factor],
            len(others),
            _times(among_cases[factor], len(cases), among_others[factor], len(others)),
            chances[factor],
        )
        for factor in shared
    ]
    causes.sort(key=lambda each: (raw[each.factor], -each.cases, each.factor))
    return causes[:most]


def holm(raw: Mapping[Factor, float]) -> dict[Factor, float]:
    """Each probability corrected for all of them; never more than 1, and in the same order."""
    corrected, largest = {}, 0.0
    for place, factor in enumerate(sorted(raw, key=lambda each: (raw[each], each))):
        largest = max(largest, min(1.0, raw[factor] * (len(raw) - place)))
        corrected[factor] = largest
    return corrected


def _times(cases: int, of_cases: int, others: int, of_others: int) -> float | None:
    if not others:
        return None
    return round((cases / of_cases) / (others / of_others), 1)
