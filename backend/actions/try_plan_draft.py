"""Try a draft of a plan on all past results, and keep on it what was counted (SMP-1)."""

from __future__ import annotations

import asyncio

import msgspec

from backend.domain.errors import Refused
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_checks import check_plan
from backend.domain.plan_trials import TrialCounts, try_on
from backend.domain.plan_versions import PLAN_STEPS, PlanTrial, PlanVersion
from backend.domain.rights import ActionRight
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.door import Store
from backend.store.past_results import PastResults
from backend.store.planning import PlanDraft, as_draft, draft_as_read


class TryPlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The draft as it was read."""

    id: str
    version_id: str
    version: int
    device_at: str | None = None


async def try_plan_draft(store: Store, who: Who, command: TryPlanDraft) -> PlanDraft:
    """Count outside of the changing door, since it may take seconds; then keep it, if the draft is still the same."""
    counts = await _count(store, who, command)

    async def keep(tx: Change) -> PlanDraft:
        draft = await draft_as_read(tx, command.version_id, command.version)
        status = take(PLAN_STEPS, "try", draft.status)
        reasons = check_plan(draft.document)
        if reasons:
            raise Refused(*reasons)
        tried = tx.update(draft, status=status, trial=PlanTrial(counts, who.person_id, tx.now))
        plan = await tx.get(Plan, draft.plan_id)
        tx.record(
            "plan_tried",
            "plan",
            plan.id,
            plan=plan.code,
            version=draft.number,
            results=counts.results,
            worse=counts.worse,
            better=counts.better,
        )
        return as_draft(tried)

    return await store.change(who, "try_plan_draft", command, keep, PlanDraft)


async def _count(store: Store, who: Who, command: TryPlanDraft) -> TrialCounts:
    """Nothing, where it will be refused anyway."""
    counts = TrialCounts()
    read = store.read_long.of_site(who.site_id)
    draft = await read.first(PlanVersion, "id = $1 and site_id = $2", command.version_id, who.site_id)
    rights = await read.all(
        ActionRight, "site_id = $1 and action = 'try_plan_draft' and allowed", who.site_id
    )
    may = {right.role for right in rights} & set(who.roles)
    if draft is None or not may or check_plan(draft.document):
        return counts
    past, before = PastResults(read, await read.get(Plan, draft.plan_id)), None
    while True:
        chunk = await past.chunk(before)
        counts = counts.plus(try_on(draft.document, chunk.lots, most=0).counts)
        before = chunk.before
        if before is None:
            return counts
        await asyncio.sleep(0)  # whoever else is at work gets a turn
