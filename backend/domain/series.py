"""The history of a series: the severity of each lot as it was, and as it should have been (SMP-4)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from backend.domain.inspections import ClassSampling
from backend.domain.judging import InspectionVerdict
from backend.domain.plans import PlanDocument, Severities, Severity
from backend.domain.sampling import SamplingSeverity
from backend.domain.sampling_rules import ByAql
from backend.domain.switching import (
    SeriesLot,
    Standing,
    after,
    points_of_single,
    standing_after,
    tighter_accept,
)


class PastInspection(msgspec.Struct, frozen=True):
    """An inspection of the same material, supplier and stage."""

    inspection: str
    lot: str
    opened_at: str
    original: bool
    sampling: list[ClassSampling]


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
    found = {c.severity for c in document.characteristics if isinstance(c.sampling, ByAql)}
    order: tuple[Severity, ...] = ("critical", "major", "minor")
    return [severity for severity in order if severity in found]


def sampling_at_opening(document: PlanDocument, past: list[PastInspection], now: str) -> list[ClassSampling]:
    """How the next lot's classes are sampled, by what was decided before `now`."""
    return [_sampling(of, past, now) for of in sampled_classes(document)]


def _sampling(of: Severity, past: list[PastInspection], now: str) -> ClassSampling:
    standing, since = Standing(), None
    for lot, said in _decided(of, past, now):
        before, standing = standing, after(standing, said)
        if standing.severity != before.severity:
            since = lot
    stopped = standing.severity == "discontinued"
    return ClassSampling(of, _inspected_as(standing), since=since, stopped=stopped)


def _inspected_as(standing: Standing) -> SamplingSeverity:
    """A discontinued series is inspected no less than tightened while its supplier improves."""
    return "tightened" if standing.severity == "discontinued" else standing.severity


def _decided(of: Severity, past: Iterable[PastInspection], before: str) -> list[tuple[str, SeriesLot]]:
    """The lots of a series that were decided before an instant, in that order, with their numbers."""
    rows = [
        (
            sampling.decided_at,
            each.inspection,
            each.lot,
            SeriesLot(sampling.severity, sampling.accepted, sampling.points, each.original),
        )
        for each in past
        for sampling in each.sampling
        if sampling.of == of
        and sampling.accepted is not None
        and sampling.decided_at is not None
        and sampling.decided_at < before
    ]
    return [(lot, said) for _, _, lot, said in sorted(rows, key=lambda row: row[:2])]


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
        if characteristic.severity == sampling.of and isinstance(characteristic.sampling, ByAql)
    ]
    accepted = all(tally.outcome == "passed" for _, tally in lines)
    points = min(
        points_of_single(tally.accept, tighter_accept(lot_size, rule.level, rule.aql), tally.nonconforming)
        for rule, tally in lines
    )
    return msgspec.structs.replace(
        sampling,
        accepted=accepted,
        points=points if accepted and sampling.severity == "normal" else 0,
        decided_at=sampling.decided_at or now,
    )


def wrong_plans(past: list[PastInspection]) -> list[WrongPlan]:
    """The lots that were inspected under another severity than the verdicts, as they are now, demand."""
    wrong = []
    for each in past:
        for sampling in each.sampling:
            standing = standing_after(lot for _, lot in _decided(sampling.of, past, each.opened_at))
            demanded = _inspected_as(standing)
            if demanded != sampling.severity:
                wrong.append(WrongPlan(each.inspection, each.lot, sampling.of, sampling.severity, demanded))
    return wrong
