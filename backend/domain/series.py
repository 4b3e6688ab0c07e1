"""The history of a series: the severity of each lot as it was, and as it should have been (SMP-4).

Where a series stands is kept, so that a new lot costs the same after ten lots or ten thousand. What is kept is
what counting all verdicts in the order of their instants gives; a verdict that changes makes it stale, and the
whole history is counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from backend.domain.inspections import ClassSampling, Stage
from backend.domain.plans import PlanDocument, Severities, Severity
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import ByAql, Edition, Switched, edition_of_rule
from backend.domain.switching import (
    Act,
    Joined,
    SeriesLot,
    Standing,
    acted,
    after,
    points_of_single,
    tighter_accept,
)
from backend.domain.tallies import InspectionVerdict, Tally


class PastInspection(msgspec.Struct, frozen=True):
    """An inspection of the same material, supplier and stage."""

    inspection: str
    lot: str
    opened_at: str
    original: bool
    sampling: list[ClassSampling]


class SeriesAct(msgspec.Struct, frozen=True):
    """What a person did to a series, and why: leave for reduced inspection, its end, the supplier's corrective action,
    two series made one.

    `supplier_id`: "" where we make it.
    """

    id: str
    site_id: str
    item_id: str
    supplier_id: str
    stage: Stage
    of: Severity
    act: Act | Joined
    reason: str
    person_id: str
    at: str


class SeriesClass(msgspec.Struct, frozen=True, omit_defaults=True):
    """One class of a series. `since`: the lot after which it stands so; `inspected` and `stopped`: how the lot that
    was opened last is inspected (None: no lot yet)."""

    of: Severity
    standing: Standing = Standing()
    since: str | None = None
    inspected: SamplingSeverity | None = None
    stopped: bool = False
    offered: bool = False
    """That reduced inspection may be allowed was said when the last lot was opened."""


class SeriesState(msgspec.Struct, frozen=True):
    """Where the series of one material, supplier ("" where we make it) and stage stand.

    `waiting`: inspections whose verdict has not been counted. `counted_to`: instant and inspection of the last that
    has, in that order. `stale`: a verdict that was counted has changed.
    """

    id: str
    site_id: str
    item_id: str
    supplier_id: str
    stage: Stage
    classes: list[SeriesClass]
    waiting: list[str]
    counted_to: list[str]
    stale: bool = False
    version: int = 1


class WrongPlan(msgspec.Struct, frozen=True):
    """A lot whose severity class was inspected otherwise than the verdicts, as they are now, demand."""

    inspection: str
    lot: str
    of: Severity
    inspected: SamplingSeverity
    demanded: SamplingSeverity


def severities_of(sampling: list[ClassSampling] | None) -> Severities:
    """How hard each class of an inspection is inspected; normally, where none was laid down."""
    return {each.of: each.severity for each in sampling or ()}


def sampled_classes(document: PlanDocument) -> list[Severity]:
    """The severity classes that a plan samples by AQL: each is a series."""
    found = editions_of(document)
    order: tuple[Severity, ...] = ("critical", "major", "minor")
    return [severity for severity in order if severity in found]


def editions_of(document: PlanDocument) -> dict[Severity, Edition]:
    """Whose tables sample each class by AQL; a sound plan has one edition for all lines of a class."""
    return {
        each.severity: edition_of_rule(each.sampling)
        for each in document.characteristics
        if isinstance(each.sampling, Switched)
    }


def sampling_at_opening(
    document: PlanDocument, past: list[PastInspection], now: str, acts: Sequence[SeriesAct] = ()
) -> list[ClassSampling]:
    """How the next lot's classes are sampled, by what was decided before `now`."""
    return sampling_by(document, count_in([], past, now, acts))


def sampling_by(document: PlanDocument, classes: Sequence[SeriesClass]) -> list[ClassSampling]:
    """How the next lot's classes are sampled, by where their series stand."""
    known = {each.of: each for each in classes}
    editions = editions_of(document)
    return [_sampling(known.get(of, SeriesClass(of)), editions[of]) for of in sampled_classes(document)]


def _sampling(series: SeriesClass, edition: Edition) -> ClassSampling:
    standing = series.standing
    stopped = standing.severity == "discontinued"
    severity = _inspected_as(standing)
    return ClassSampling(series.of, severity, since=series.since, stopped=stopped, standard=edition)


def count_in(
    classes: Sequence[SeriesClass],
    past: Sequence[PastInspection],
    now: str,
    acts: Sequence[SeriesAct] = (),
) -> list[SeriesClass]:
    """Where series stand after what was decided before `now` of these inspections, none of them counted yet.

    `acts`: what people did to the series meanwhile, each where it stood at that instant.
    """
    known = {each.of: each for each in classes}
    for inspected in past:
        for sampling in inspected.sampling:
            known.setdefault(sampling.of, SeriesClass(sampling.of))
    return [_count(each, past, now, acts) for each in known.values()]


def _count(
    series: SeriesClass, past: Sequence[PastInspection], now: str, acts: Sequence[SeriesAct]
) -> SeriesClass:
    standing, since = series.standing, series.since
    for at, _, lot, step in _steps(series.of, past, acts):
        if at >= now:
            break
        before, standing = standing, _stepped(standing, step)
        if standing.severity != before.severity:
            since = lot or since
    return msgspec.structs.replace(series, standing=standing, since=since)


class _Verdict(NamedTuple):
    said: SeriesLot
    standard: Edition


def _stepped(standing: Standing, step: _Verdict | SeriesAct) -> Standing:
    if isinstance(step, SeriesAct):
        return acted(standing, step.act)
    return after(standing, step.said, step.standard)


def act_on(classes: Sequence[SeriesClass], act: SeriesAct) -> list[SeriesClass]:
    """The same after a person's act, with everything counted that was decided before it."""
    return [
        msgspec.structs.replace(each, standing=acted(each.standing, act.act)) if each.of == act.of else each
        for each in classes
    ]


def opened_under(classes: Sequence[SeriesClass], sampling: Iterable[ClassSampling]) -> list[SeriesClass]:
    """The same once a lot has been opened under `sampling`."""
    known = {each.of: each for each in classes}
    for each in sampling:
        series = known.get(each.of, SeriesClass(each.of))
        offered = series.standing.may_reduce
        known[each.of] = msgspec.structs.replace(
            series, inspected=each.severity, stopped=each.stopped, offered=offered
        )
    return list(known.values())


def decided_places(past: Iterable[PastInspection], before: str) -> dict[str, list[str]]:
    """Inspections decided before an instant, each with its place in the order in which verdicts count."""
    return {
        each.inspection: [said.decided_at, each.inspection]
        for each in past
        for said in each.sampling
        if said.accepted is not None and said.decided_at is not None and said.decided_at < before
    }


def _inspected_as(standing: Standing) -> SamplingSeverity:
    """A discontinued series is inspected no less than tightened while its supplier improves."""
    return "tightened" if standing.severity == "discontinued" else standing.severity


def _steps(
    of: Severity, past: Iterable[PastInspection], acts: Iterable[SeriesAct]
) -> list[tuple[str, str, str, _Verdict | SeriesAct]]:
    """All that moves a series, in order: instant, inspection or "", lot number or "", what was decided or done.

    An act stands before the verdicts of its instant: it counted those before it alone.
    """
    rows: list[tuple[str, str, str, _Verdict | SeriesAct]] = [
        (
            sampling.decided_at,
            each.inspection,
            each.lot,
            _Verdict(
                SeriesLot(
                    sampling.severity, sampling.accepted, sampling.points, each.original, sampling.in_gap
                ),
                sampling.standard,
            ),
        )
        for each in past
        for sampling in each.sampling
        if sampling.of == of and sampling.accepted is not None and sampling.decided_at is not None
    ]
    rows += [(act.at, "", "", act) for act in acts if act.of == of]
    return sorted(rows, key=lambda row: row[:2])


def sampling_at_verdict(
    document: PlanDocument,
    lot_size: int,
    sampling: list[ClassSampling],
    verdict: InspectionVerdict,
    now: str,
) -> list[ClassSampling]:
    """The same with what the verdict says to each series; nothing, while the inspection is open."""
    return [_said(document, lot_size, each, verdict, now) for each in sampling]


def _said(
    document: PlanDocument, lot_size: int, sampling: ClassSampling, verdict: InspectionVerdict, now: str
) -> ClassSampling:
    if verdict.overall == "open":
        return msgspec.structs.replace(sampling, accepted=None, points=0)
    tallies = {tally.characteristic: tally for tally in verdict.tallies}
    lines = [
        (characteristic.sampling, tallies[characteristic.code])
        for characteristic in document.characteristics
        if characteristic.severity == sampling.of
        and isinstance(characteristic.sampling, Switched)
        and characteristic.code in tallies
    ]
    accepted = all(tally.outcome == "passed" for _, tally in lines)
    points = min((_points(rule, tally, lot_size) for rule, tally in lines), default=0)
    return msgspec.structs.replace(
        sampling,
        accepted=accepted,
        points=points if accepted and sampling.severity == "normal" else 0,
        decided_at=sampling.decided_at or now,
        in_gap=accepted and any(tally.in_gap for _, tally in lines),
    )


def _points(rule: Switched, tally: Tally, lot_size: int) -> int:
    """Points are ISO 2859-1's; Z1.4 and Z1.9 count accepted lots."""
    if not isinstance(rule, ByAql) or rule.standard == "z1.4":
        return 0
    tighter = tighter_accept(lot_size, rule.level, rule.aql, rule.standard)
    return points_of_single(tally.accept, tighter, tally.nonconforming)


def wrong_plans(past: list[PastInspection], acts: Sequence[SeriesAct] = ()) -> list[WrongPlan]:
    """The lots that were inspected under another severity than the verdicts, as they are now, demand."""
    classes = {sampling.of for each in past for sampling in each.sampling}
    demanded = {of: _demanded(of, past, acts) for of in classes}
    return [
        WrongPlan(each.inspection, each.lot, sampling.of, sampling.severity, wanted)
        for each in past
        for sampling in each.sampling
        if (wanted := demanded[sampling.of][each.opened_at]) != sampling.severity
    ]


def _demanded(
    of: Severity, past: list[PastInspection], acts: Sequence[SeriesAct]
) -> dict[str, SamplingSeverity]:
    """By the instant of its opening, how a lot had to be inspected: verdicts and openings walked in one order."""
    steps = _steps(of, past, acts)
    standing, place = Standing(), 0
    demanded: dict[str, SamplingSeverity] = {}
    for opened_at in sorted({each.opened_at for each in past}):
        while place < len(steps) and steps[place][0] < opened_at:
            standing = _stepped(standing, steps[place][3])
            place += 1
        demanded[opened_at] = _inspected_as(standing)
    return demanded
