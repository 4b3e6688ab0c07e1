"""Put a draft of a plan under review: sound, tried on past data, and with its reason (SMP-1, QUA-4)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_versions import LONGEST_CHANGE, PLAN_STEPS
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.planning import PlanDraft, against_document, as_draft, draft_as_read
from backend.store.verb import verb


class SubmitPlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """`change`: what is new, and why."""

    id: str
    version_id: str
    version: int
    change: str
    device_at: str | None = None


@verb
async def submit_plan_draft(tx: Change, who: Who, command: SubmitPlanDraft) -> PlanDraft:
    """Refused with everything that the plan lacks."""
    draft = await draft_as_read(tx, command.version_id, command.version)
    status = take(PLAN_STEPS, "submit", draft.status)
    change = command.change.strip()
    reasons = await against_document(tx, draft)
    if not change or len(change) > LONGEST_CHANGE:
        reasons.append(Reason("plan_change_missing", {"longest": LONGEST_CHANGE, "rule": "QUA-4"}, "change"))
    if reasons:
        raise Refused(*reasons)
    plan = await tx.get(Plan, draft.plan_id)
    submitted = tx.update(draft, status=status, change=change)
    tx.record("plan_submitted", "plan", plan.id, reason=change, plan=plan.code, version=draft.number)
    await tx.tell_who_may(
        "approve_plan",
        "plan_review_waiting",
        "plan_version",
        draft.id,
        plan=plan.code,
        version=draft.number,
        by=who.printed_name,
    )
    return as_draft(submitted)
