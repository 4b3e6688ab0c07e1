"""Versions of a plan in the database, and what their signing is signed over."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Language, Signer, Signing
from backend.domain.certificates import Site as SiteName
from backend.domain.change_requests import ChangeRequest, Kind
from backend.domain.change_requests import against_effect as against_unapproved
from backend.domain.documents import Document, Named, may_start
from backend.domain.errors import Reason, Stale
from backend.domain.inspections import Plan
from backend.domain.items import Item
from backend.domain.people import Person, Who
from backend.domain.plan_approvals import PlanName, PlanRecord, TrialSaid, statement
from backend.domain.plan_changes import changes
from backend.domain.plan_checks import check_plan, check_units
from backend.domain.plan_versions import (
    PlanStatus,
    PlanTrial,
    PlanVersion,
    against_approval,
    against_submission,
)
from backend.domain.signatures import Meaning
from backend.domain.signing import WORDING_VERSION
from backend.domain.sites import Site
from backend.store.aliases import against_alias
from backend.store.reader import Reader


class PlanDraft(msgspec.Struct, frozen=True):
    """A version of a plan as an action leaves it; `version` is that of the row, for the next edit."""

    plan_id: str
    version_id: str
    number: int
    status: PlanStatus
    version: int


def as_draft(version: PlanVersion) -> PlanDraft:
    """Without what it says."""
    return PlanDraft(version.plan_id, version.id, version.number, version.status, version.version)


async def versions_of(read: Reader, plan_id: str) -> list[PlanVersion]:
    """All of a plan, the oldest first."""
    return await read.all(PlanVersion, "plan_id = $1 order by number", plan_id)


def effective_of(versions: list[PlanVersion]) -> PlanVersion | None:
    """The one that inspections open from."""
    return next((each for each in versions if each.status == "effective"), None)


async def draft_as_read(read: Reader, version_id: str, version: int) -> PlanVersion:
    """The version, still as the person read it. Raises NotFound, Stale (`plan_draft_changed`)."""
    found = await read.get(PlanVersion, version_id)
    if found.version != version:
        last = (found.authors or [""])[-1]
        by = await read.first(Person, "id = $1", last)
        facts: dict[str, str | int] = {"by": by.printed_name if by else "", "version": found.version}
        raise Stale(Reason("plan_draft_changed", dict(facts), "version"))
    return found


async def against_effect(read: Reader, version: PlanVersion, person_id: str) -> list[Reason]:
    """Every reason why this person can't make a version under review effective."""
    plan = await read.get(Plan, version.plan_id)
    return [
        *await against_alias(read, "item", plan.item_id),
        *against_approval(version, person_id),
        *await against_document(read, version),
        *await against_changing(read, version.site_id, "plan", plan.code),
    ]


async def against_changing(read: Reader, site_id: str, kind: Kind, code: str) -> list[Reason]:
    """Change requests that touch this and are not approved: nothing of it is effective before (QUA-3)."""
    requests = await read.all(ChangeRequest, "site_id = $1 and approved_at is null order by number", site_id)
    return against_unapproved(requests, kind, code)


async def against_document(read: Reader, version: PlanVersion) -> list[Reason]:
    """Whatever keeps a draft from being reviewed, whoever asks."""
    old = effective_of(await versions_of(read, version.plan_id))
    return [
        *check_plan(version.document),
        *check_units(old.document if old is not None else None, version.document),
        *against_submission(version),
        *await against_methods(read, version),
    ]


async def against_methods(read: Reader, version: PlanVersion) -> list[Reason]:
    """A method under control is named at its version in force, or at none (QUA-4)."""
    methods = [each.method for each in version.document.characteristics]
    named = dict.fromkeys(Named(each.document, each.version) for each in methods)
    found = []
    for each in named:
        kept = await read.all(Document, "site_id = $1 and number = $2", version.site_id, each.document)
        found += may_start(each, kept)
    return found


async def plan_name(read: Reader, plan: Plan) -> PlanName:
    """As records name it."""
    item = await read.get(Item, plan.item_id)
    return PlanName(plan.code, plan.name, item.code, item.name, plan.stage)


async def plan_record(
    read: Reader, version: PlanVersion, who: Who, passkey: bool, language: str
) -> PlanRecord:
    """The same version, person and choice give the same bytes."""
    plan = await read.get(Plan, version.plan_id)
    old = effective_of(await versions_of(read, plan.id))
    trial = version.trial
    assert trial is not None, "nothing is submitted untried"
    return PlanRecord(
        site=await site_name(read, version.site_id),
        plan=await plan_name(read, plan),
        version=version.number,
        replaces=old.number if old is not None else None,
        change=version.change or "",
        authors=[await printed_name(read, each) for each in version.authors or ()],
        changes=changes(old.document if old is not None else None, version.document),
        characteristics=version.document.characteristics,
        trial=await _said(read, trial),
        signature=signing(
            "approve_plan", statement(plan.code, version.number, language), who, passkey, language
        ),
    )


async def _said(read: Reader, trial: PlanTrial) -> TrialSaid:
    return TrialSaid(trial.counts, await printed_name(read, trial.person_id), trial.at)


async def site_name(read: Reader, site_id: str) -> SiteName:
    """As records name it."""
    site = await read.get(Site, site_id)
    return SiteName(site.code, site.name, site.zone)


async def printed_name(read: Reader, person_id: str) -> str:
    """Of anybody who ever had an account."""
    return (await read.get(Person, person_id)).printed_name


def signing(meaning: Meaning, said: str, who: Who, passkey: bool, language: str) -> Signing:
    """The signing's own part of a record."""
    tongue: Language = "zh" if language == "zh" else "en"
    return Signing(
        meaning=meaning,
        statement=said,
        language=tongue,
        wording_version=WORDING_VERSION,
        signer=Signer(who.person_id, who.printed_name, who.login),
        method="passkey" if passkey else "password_totp",
    )
