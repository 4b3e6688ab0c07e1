"""Add the plan of an item at a stage, with its first draft (SMP-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Plan, Stage
from backend.domain.items import Item
from backend.domain.people import Who
from backend.domain.plan_checks import LONGEST_CODE, LONGEST_TEXT
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import PlanDocument
from backend.domain.words import Words
from backend.store.aliases import refuse_alias
from backend.store.change import Change
from backend.store.planning import PlanDraft, as_draft
from backend.store.verb import verb


class AddPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Of which item, at which stage, and what it is called."""

    id: str
    item_id: str
    stage: Stage
    code: str
    name: Words
    device_at: str | None = None


@verb
async def add_plan(tx: Change, who: Who, command: AddPlan) -> PlanDraft:
    """One plan an item and stage: inspections open from its effective version."""
    item = await tx.get(Item, command.item_id)
    await refuse_alias(tx, "item", item.id, "item_id")
    code = command.code.strip()
    reasons = [
        Reason("plan_name_missing", {"rule": "SMP-1"}, field)
        for field, text, longest in (
            ("code", code, LONGEST_CODE),
            ("name.en", command.name.en, LONGEST_TEXT),
            ("name.zh", command.name.zh, LONGEST_TEXT),
        )
        if not text.strip() or len(text) > longest
    ]
    if await tx.first(Plan, "site_id = $1 and code = $2", who.site_id, code) is not None:
        reasons.append(Reason("plan_code_taken", {"plan": code, "rule": "SMP-1"}, "code"))
    other = await tx.first(
        Plan, "site_id = $1 and item_id = $2 and stage = $3", who.site_id, item.id, command.stage
    )
    if other is not None:
        reasons.append(Reason("plan_exists", {"plan": other.code, "rule": "SMP-1"}, "stage"))
    if reasons:
        raise Refused(*reasons)
    plan = tx.insert(Plan(tx.new_id(), who.site_id, item.id, command.stage, code, command.name))
    draft = tx.insert(
        PlanVersion(tx.new_id(), who.site_id, plan.id, 1, "draft", PlanDocument([]), authors=[who.person_id])
    )
    tx.record("plan_added", "plan", plan.id, plan=plan.code, item=item.code, stage=plan.stage)
    return as_draft(draft)
