"""What differs on a chart: suppliers from each other, lots by more than their own spread, later lots from the baseline.

Every p-value of one chart is corrected for all of them together (Holm); `p` is the corrected one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from statistics import fmean
from typing import Protocol

import msgspec

from backend.domain.drift import equal_spreads, holm, two_groups, unequal_spreads
from backend.domain.early_warning import Subgroup
from backend.domain.errors import LotgateError
from backend.views.lots import SupplierRef

FEWEST = 5
"""Lots on each side of a comparison; fewer say nothing that would hold."""
SURE = 0.05


class Charted(Protocol):
    """Somebody with a chart."""

    @property
    def supplier(self) -> SupplierRef | None:
        """None: our own production."""


class DriftLine(msgspec.Struct, frozen=True):
    """One test. `what`: suppliers, pair, lots or later; `first` and `second`: codes of suppliers ("" our own).

    `statistic` is F of suppliers and lots, t of the others; `effect` is eta squared or Hedges' g likewise.
    """

    what: str
    first: str | None
    second: str | None
    difference: float | None
    statistic: float
    freedom: list[float]
    p: float
    effect: float
    sure: bool


class Drift(msgspec.Struct, frozen=True):
    """All tests that there were enough lots for; `fewest`: lots that each side needs."""

    lines: list[DriftLine]
    fewest: int


def drift_of(
    groups: Sequence[Subgroup],
    others: Mapping[str, Sequence[Subgroup]],
    suppliers: Sequence[Charted],
    baseline: int,
) -> Drift:
    """Of the lots of one chart, and of the other suppliers' (by id) of the same characteristic."""
    usable = [each for each in groups if each.values]
    codes = {
        each.supplier.id if each.supplier else "": each.supplier.code if each.supplier else ""
        for each in suppliers
    }
    own = usable[0].supplier_id if usable else ""
    of = {own: usable, **{id: [each for each in lots if each.values] for id, lots in others.items()}}
    means = {
        codes.get(id, ""): [fmean(each.values) for each in lots]
        for id, lots in of.items()
        if len(lots) >= FEWEST
    }
    found = [
        *_tried(lambda: _suppliers(means)),
        *(
            line
            for first, second in combinations(sorted(means), 2)
            for line in _tried(_pair(means, first, second))
        ),
        *_tried(lambda: _lots(usable)),
        *_tried(lambda: _later(usable, baseline)),
    ]
    corrected = holm([line.p for line in found])
    lines = [
        msgspec.structs.replace(line, p=p, sure=p < SURE) for line, p in zip(found, corrected, strict=True)
    ]
    return Drift(lines, FEWEST)


def _tried(test: Callable[[], DriftLine | None]) -> list[DriftLine]:
    """What can't be tested, for want of spread, is left out."""
    try:
        line = test()
    except LotgateError:
        return []
    return [line] if line is not None else []


def _suppliers(means: Mapping[str, list[float]]) -> DriftLine | None:
    if len(means) < 3:
        return None
    found = unequal_spreads(list(means.values()))
    freedom = [found.between, found.within]
    return DriftLine("suppliers", None, None, None, found.f, freedom, found.p, found.explained, False)


def _pair(means: Mapping[str, list[float]], first: str, second: str) -> Callable[[], DriftLine]:
    def test() -> DriftLine:
        found = two_groups(means[first], means[second])
        return DriftLine(
            "pair", first, second, found.difference, found.t, [found.freedom], found.p, found.g, False
        )

    return test


def _lots(usable: Sequence[Subgroup]) -> DriftLine | None:
    if len(usable) < FEWEST or all(len(each.values) == 1 for each in usable):
        return None
    found = equal_spreads([each.values for each in usable])
    freedom = [found.between, found.within]
    return DriftLine("lots", None, None, None, found.f, freedom, found.p, found.explained, False)


def _later(usable: Sequence[Subgroup], baseline: int) -> DriftLine | None:
    before = [fmean(each.values) for each in usable[:baseline]]
    after = [fmean(each.values) for each in usable[baseline:]]
    if len(before) < FEWEST or len(after) < FEWEST:
        return None
    found = two_groups(after, before)
    return DriftLine("later", None, None, found.difference, found.t, [found.freedom], found.p, found.g, False)
