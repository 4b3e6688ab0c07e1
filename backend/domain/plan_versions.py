"""A version of an inspection plan: the document that an inspection freezes when it opens (SMP-1, SMP-8, QUA-4)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.plan_trials import TrialCounts
from backend.domain.plans import PlanDocument
from backend.domain.steps import Step

PlanStatus = Literal["draft", "review", "effective", "obsolete"]
LONGEST_CHANGE = 2_000


class PlanTrial(msgspec.Struct, frozen=True):
    """A trial on past data: what it counted, who asked for it, when."""

    counts: TrialCounts
    person_id: str
    at: str


class PlanVersion(msgspec.Struct, frozen=True):
    """`document` never changes once the version is effective; a change is a new version.

    `authors`: ids of everybody who wrote on it. `change`: what is new and why. `trial`: of exactly this document;
    an edit takes it away. Versions that came with master data have none of these.
    """

    id: str
    site_id: str
    plan_id: str
    number: int
    status: PlanStatus
    document: PlanDocument
    effective_from: str | None = None
    version: int = 1
    authors: list[str] | None = None
    change: str | None = None
    trial: PlanTrial | None = None
    signature_id: str | None = None
    obsolete_from: str | None = None


# step, from, to
PLAN_STEPS = (
    Step("edit", ("draft",), "draft"),
    Step("try", ("draft",), "draft"),
    Step("submit", ("draft",), "review"),
    Step("return", ("review",), "draft"),
    Step("approve", ("review",), "effective"),
    Step("replace", ("effective",), "obsolete"),
)


def against_new_draft(versions: list[PlanVersion], number: int) -> list[Reason]:
    """Why a draft with this number can't be begun: one is open, or the number is not the next one."""
    open_one = next((each for each in versions if each.status in ("draft", "review")), None)
    if open_one is not None:
        return [Reason("plan_draft_open", {"version": open_one.number, "rule": "QUA-4"}, "number")]
    following = max((each.number for each in versions), default=0) + 1
    if number != following:
        facts: dict[str, int | str] = {"number": number, "next": following, "rule": "SMP-1"}
        return [Reason("plan_version_not_next", dict(facts), "number")]
    return []


def against_submission(version: PlanVersion) -> list[Reason]:
    """What a draft lacks besides a sound document: it was never tried as it stands."""
    return [] if version.trial is not None else [Reason("plan_not_tried", {"rule": "SMP-1"}, "trial")]


def against_approval(version: PlanVersion, person_id: str) -> list[Reason]:
    """Whoever wrote on a version does not approve it (SIG-2, QUA-4)."""
    if person_id in (version.authors or ()):
        return [Reason("plan_own_draft", {"version": version.number, "rule": "QUA-4"})]
    return []
