"""Begin the next version of a plan, as a copy of another version (SMP-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_versions import PlanVersion, against_new_draft
from backend.domain.plans import PlanDocument
from backend.store.aliases import against_alias
from backend.store.change import Change
from backend.store.planning import PlanDraft, as_draft, effective_of, versions_of
from backend.store.verb import verb


class OpenPlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """`number`: the one that it will have; `from_version_id`: what it is a copy of, else the version in force."""

    id: str
    plan_id: str
    number: int
    from_version_id: str | None = None
    device_at: str | None = None


@verb
async def open_plan_draft(tx: Change, who: Who, command: OpenPlanDraft) -> PlanDraft:
    """One draft of a plan at a time."""
    plan = await tx.get(Plan, command.plan_id)
    versions = await versions_of(tx, plan.id)
    reasons = [
        *await against_alias(tx, "item", plan.item_id),
        *against_new_draft(versions, command.number),
    ]
    if reasons:
        raise Refused(*reasons)
    source = (
        await tx.get(PlanVersion, command.from_version_id)
        if command.from_version_id is not None
        else effective_of(versions)
    )
    document = source.document if source is not None else PlanDocument([])
    draft = tx.insert(
        PlanVersion(
            tx.new_id(), who.site_id, plan.id, command.number, "draft", document, authors=[who.person_id]
        )
    )
    tx.record("plan_draft_opened", "plan", plan.id, plan=plan.code, version=draft.number)
    return as_draft(draft)
