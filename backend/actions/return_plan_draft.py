"""Send a version under review back to those who wrote it, with a reason."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.events import Value
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_versions import LONGEST_CHANGE, PLAN_STEPS
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.planning import PlanDraft, as_draft, draft_as_read
from backend.store.verb import verb


class ReturnPlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be better."""

    id: str
    version_id: str
    version: int
    reason: str
    device_at: str | None = None


@verb
async def return_plan_draft(tx: Change, who: Who, command: ReturnPlanDraft) -> PlanDraft:
    """It is a draft again; its authors are told."""
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_CHANGE:
        raise refuse("reason_missing", field="reason")
    version = await draft_as_read(tx, command.version_id, command.version)
    returned = tx.update(version, status=take(PLAN_STEPS, "return", version.status))
    plan = await tx.get(Plan, version.plan_id)
    tx.record("plan_returned", "plan", plan.id, reason=reason, plan=plan.code, version=version.number)
    for author in version.authors or ():
        if author != who.person_id:
            facts: dict[str, Value] = {
                "plan": plan.code,
                "version": version.number,
                "by": who.printed_name,
                "what": reason,
            }
            tx.tell(author, "plan_returned", "plan_version", version.id, **facts)
    return as_draft(returned)
