"""Keep what was written on a draft of a plan. Two who write at once are told, and nothing of either is lost."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_checks import unreadable
from backend.domain.plan_versions import PLAN_STEPS
from backend.domain.plans import PlanDocument
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.planning import PlanDraft, as_draft, draft_as_read
from backend.store.verb import verb


class KeepPlanDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document, written on what was `version` of the row."""

    id: str
    version_id: str
    version: int
    document: PlanDocument
    device_at: str | None = None


@verb
async def keep_plan_draft(tx: Change, who: Who, command: KeepPlanDraft) -> PlanDraft:
    """A draft may be unfinished; what it lacks is said on its page, and refused when it is submitted."""
    draft = await draft_as_read(tx, command.version_id, command.version)
    status = take(PLAN_STEPS, "edit", draft.status)
    reasons = unreadable(command.document)
    if reasons:
        raise Refused(*reasons)
    authors = [each for each in draft.authors or () if each != who.person_id] + [who.person_id]
    same = command.document == draft.document
    kept = tx.update(
        draft,
        status=status,
        document=command.document,
        authors=authors,
        trial=draft.trial if same else None,
    )
    plan = await tx.get(Plan, draft.plan_id)
    tx.record("plan_draft_kept", "plan", plan.id, plan=plan.code, version=draft.number)
    return as_draft(kept)
