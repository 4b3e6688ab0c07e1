"""Early warning from stored results: one point a lot, limits of a baseline, Nelson's rules, and once a signal (RES-11).

Which chart: values of one size each decide.

| values of a lot          | position                  | spread                                         |
|--------------------------|---------------------------|------------------------------------------------|
| one                      | value, limits by MR       | moving range of two lots                       |
| 2 to 10, the same number | mean, limits by R         | range                                          |
| more, or several numbers | mean, limits by pooled s  | standard deviation, each with its own limits   |
| lots that differ by more | mean, limits by the MR of | as above                                       |
| than their own spread    | the means                 |                                                |

The last row: where lots of a supplier differ from each other as lots do, limits made of the spread inside a lot would
ring at nearly every lot. It holds where the analysis of variance of the baseline says so at BETWEEN. Limits are
calculated anew with each lot until the baseline is full, and stand still from then on; a person who says that the
process was changed on purpose begins a new one. Position is watched by the rules of the setting, spread by rule 1.
It proposes; nothing here is read by a verdict, a hold or a blocker.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, stdev
from typing import Literal

import msgspec

from backend.domain.chart_signals import ChartProposal, Part, Shown
from backend.domain.control_charts import (
    NELSON,
    Capability,
    Limits,
    averages_and_ranges,
    capability,
    capability_interval,
    individuals,
    pooled,
    signals_of,
)
from backend.domain.drift import equal_spreads
from backend.domain.errors import LotgateError

Kind = Literal["individuals", "ranges", "deviations"]

RULES = (1, 2, 3, 5, 6)
"""Nelson recommends 1 to 4 for every chart, and 5 and 6 where an early warning pays. Of these 4 is left out: it tells
two streams that take turns, and lots come as they are ordered. 7 and 8 tell how subgroups were formed."""
BASELINE = 25
"""Lots that make the limits (Montgomery: 20 to 25 subgroups)."""
LEAST = 12
"""Lots from which on signals are told; limits of fewer hardly mean anything."""
BETWEEN = 0.01
"""p-value from which on lots count as different by themselves."""
LARGEST_BY_RANGE = 10
FEW, SOME = 25, 50
"""Values under which a capability hardly says anything, or is to be read with caution."""


class Watch(msgspec.Struct, frozen=True):
    """The setting: which rules, of how many lots. `version` stands with every signal that it made."""

    rules: tuple[int, ...] = RULES
    baseline: int = BASELINE
    least: int = LEAST

    @property
    def version(self) -> str:
        """For example `nelson-1 rules 1,2,3 baseline 25 from 12`."""
        rules = ",".join(str(rule) for rule in self.rules)
        return f"nelson-1 rules {rules} baseline {self.baseline} from {self.least}"


class Subgroup(msgspec.Struct, frozen=True):
    """What one lot gave to a chart: the values in force, in order of samples, without censored ones.

    `left_out`: censored values, which have no number; `corrected`: values that took the place of others.
    """

    inspection_id: str
    inspection: str
    lot: str
    supplier_id: str
    at: str
    values: list[float]
    left_out: int = 0
    corrected: int = 0


class Point(msgspec.Struct, frozen=True):
    """One lot on the chart; the spread of a single value is its distance from the lot before, None at the first."""

    subgroup: Subgroup
    position: float
    limits: Limits
    spread: float | None
    spread_limits: Limits | None
    rules: list[int]
    spread_rules: list[int]


class Finding(msgspec.Struct, frozen=True):
    """A rule that a point met, with all points it looked at; the newest is the last."""

    part: Part
    rule: int
    points: list[int]


class LiveChart(msgspec.Struct, frozen=True):
    """`baseline`: lots that made the limits; `frozen`: they stand still. `between`: limits by the means of lots."""

    kind: Kind
    between: bool
    baseline: int
    frozen: bool
    sigma: float
    points: list[Point]
    findings: list[Finding]


class Ability(msgspec.Struct, frozen=True):
    """Capability of all values of a chart. `caution`: few, some, unstable or none."""

    index: Capability
    count: int
    mean: float
    within: float
    overall: float
    cpk_from: float
    cpk_to: float
    caution: Literal["few", "some", "unstable"] | None


def live_chart(subgroups: Sequence[Subgroup], watch: Watch) -> LiveChart | None:
    """The chart of lots in their order; None where there are fewer than two, or no spread at all."""
    usable = [group for group in subgroups if group.values]
    base = usable[: watch.baseline]
    if len(base) < 2:
        return None
    sizes = {len(group.values) for group in usable}
    kind: Kind = (
        "individuals"
        if sizes == {1}
        else "ranges"
        if len(sizes) == 1 and max(sizes) <= LARGEST_BY_RANGE
        else "deviations"
    )
    try:
        made = _lines(kind, [group.values for group in base], usable)
    except LotgateError:
        return None
    if made.sigma <= 0:
        return None
    findings = _findings(made, usable, watch.rules)
    points = [
        msgspec.structs.replace(
            point,
            rules=[each.rule for each in findings if (each.part, each.points[-1]) == ("position", place)],
            spread_rules=[
                each.rule for each in findings if (each.part, each.points[-1]) == ("spread", place)
            ],
        )
        for place, point in enumerate(made.points)
    ]
    frozen = len(usable) >= watch.baseline
    return LiveChart(kind, made.between, len(base), frozen, made.sigma, points, findings)


class _Made(msgspec.Struct):
    points: list[Point]
    sigma: float
    between: bool


def _lines(kind: Kind, base: list[list[float]], usable: list[Subgroup]) -> _Made:
    means = [fmean(group.values) for group in usable]
    between = kind != "individuals" and _differ(base)
    of_means = individuals([fmean(values) for values in base])
    if kind == "individuals":
        spreads: list[float | None] = [None, *(abs(after - before) for before, after in pairwise(means))]
        lines = [(of_means.position, of_means.spread)] * len(usable)
        sigma = of_means.sigma
    elif kind == "ranges":
        chart = averages_and_ranges(base)
        spreads = [max(group.values) - min(group.values) for group in usable]
        lines = [(chart.position, chart.spread)] * len(usable)
        sigma = chart.sigma
    else:
        common = pooled(base)
        spreads = [stdev(group.values) if len(group.values) > 1 else None for group in usable]
        lines = [common.limits(len(group.values)) for group in usable]  # type: ignore[misc]
        sigma = common.sigma
    points = [
        Point(group, mean, of_means.position if between else position, spread, spread_limits, [], [])
        for group, mean, spread, (position, spread_limits) in zip(usable, means, spreads, lines, strict=True)
    ]
    return _Made(points, sigma, between)


def _differ(base: list[list[float]]) -> bool:
    try:
        return equal_spreads(base).p < BETWEEN
    except LotgateError:
        return False


def _findings(made: _Made, usable: list[Subgroup], rules: tuple[int, ...]) -> list[Finding]:
    zs = [_distance(point.position, point.limits) for point in made.points]
    found = [
        Finding(
            "position",
            signal.rule,
            list(range(signal.point + 1 - NELSON[signal.rule].points, signal.point + 1)),
        )
        for signal in signals_of(zs, rules)
    ]
    for place, point in enumerate(made.points):
        limits = point.spread_limits
        if 1 not in rules or point.spread is None or limits is None:
            continue
        if not limits.lower <= point.spread <= limits.upper:
            of_two = len(usable[place].values) == 1
            found.append(Finding("spread", 1, [place - 1, place] if of_two else [place]))
    return sorted(found, key=lambda each: (each.points[-1], each.part, each.rule))


def _distance(value: float, limits: Limits) -> float:
    sigma = (limits.upper - limits.centre) / 3
    return (value - limits.centre) / sigma if sigma > 0 else 0.0


def shown_at(chart: LiveChart, inspection_id: str) -> list[Shown]:
    """What the chart shows at one lot."""
    return [
        Shown(
            each.part,
            each.rule,
            [chart.points[place].subgroup.inspection_id for place in each.points],
        )
        for each in chart.findings
        if chart.points[each.points[-1]].subgroup.inspection_id == inspection_id
    ]


def untold(shown: Sequence[Shown], told: Sequence[Shown]) -> list[Shown]:
    """What was not told: a rule is told again only of points of which it was not told before."""
    known: dict[tuple[str, int], set[str]] = {}
    for each in told:
        known.setdefault((each.part, each.rule), set()).update(each.inspections)
    return [each for each in shown if known.get((each.part, each.rule), set()).isdisjoint(each.inspections)]


def ability(chart: LiveChart, lower: float | None, upper: float | None) -> Ability | None:
    """Against the specification limits; None where there are none."""
    groups = [point.subgroup.values for point in chart.points]
    values = [value for group in groups for value in group]
    within, overall = _within(chart.kind, groups), stdev(values)
    if (lower is None and upper is None) or within <= 0 or overall <= 0:
        return None
    mean, count = fmean(values), len(values)
    index = capability(mean, within, overall, lower, upper)
    low, high = capability_interval(index.cpk, count)
    caution: Literal["few", "some", "unstable"] | None = None
    if count < FEW:
        caution = "few"
    elif chart.findings:
        caution = "unstable"
    elif count < SOME:
        caution = "some"
    return Ability(index, count, mean, within, overall, low, high, caution)


def _within(kind: Kind, groups: list[list[float]]) -> float:
    """Sigma inside lots; of single values, from one lot to the next."""
    if kind == "individuals":
        return individuals([group[0] for group in groups]).sigma
    if kind == "ranges":
        return averages_and_ranges(groups).sigma
    return pooled(groups).sigma


def proposal_of(chart: LiveChart, inspection_id: str) -> ChartProposal:
    """What stands on the chart at the lot of an inspection, as text."""
    point = next(each for each in chart.points if each.subgroup.inspection_id == inspection_id)
    spread = point.spread_limits
    return ChartProposal(
        chart=chart.kind,
        position=f"{point.position:.9g}",
        lower=f"{point.limits.lower:.9g}",
        centre=f"{point.limits.centre:.9g}",
        upper=f"{point.limits.upper:.9g}",
        spread=None if point.spread is None else f"{point.spread:.9g}",
        spread_upper=None if spread is None else f"{spread.upper:.9g}",
        baseline=chart.baseline,
        frozen=chart.frozen,
        values=[f"{value:.9g}" for value in point.subgroup.values],
    )
