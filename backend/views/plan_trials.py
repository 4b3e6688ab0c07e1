"""A version of a plan tried on past results, a chunk at a time: whoever reads sees how far it is, and may stop."""

from __future__ import annotations

import msgspec

from backend.domain.inspections import Plan
from backend.domain.plan_trials import Difference, TrialCounts, try_on
from backend.domain.plan_versions import PlanVersion
from backend.store.past_results import PastResults
from backend.store.reader import Reader

MOST_LISTED = 100
"""Differences listed of one chunk; all are counted."""


class TrialPart(msgspec.Struct, frozen=True):
    """One chunk. `total`: inspections in all, said with the first; `before`: ask on from here, None: done."""

    total: int | None
    counts: TrialCounts
    differences: list[Difference]
    before: str | None


async def trial_part(read: Reader, version_id: str, before: str | None) -> TrialPart:
    """The chunk before an inspection; without one, the first."""
    version = await read.get(PlanVersion, version_id)
    past = PastResults(read, await read.get(Plan, version.plan_id))
    chunk = await past.chunk(before)
    trial = try_on(version.document, chunk.lots, MOST_LISTED)
    total = await past.count() if before is None else None
    return TrialPart(total, trial.counts, trial.differences, chunk.before)
