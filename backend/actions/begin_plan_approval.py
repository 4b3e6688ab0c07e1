"""Begin the signing of a plan's version: all that it says, what changed, how it was tried, and a one-time nonce."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.plan_versions import PLAN_STEPS, PlanVersion
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.planning import against_effect, plan_record
from backend.store.signed_act import SigningBegun, Subject, may_use_passkey, open_request
from backend.store.verb import verb


class BeginPlanApproval(msgspec.Struct, frozen=True, kw_only=True):
    """Which version; `passkey` False: password and one-time code instead."""

    id: str
    version_id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@verb(own=True)
async def begin_plan_approval(tx: Change, who: Who, command: BeginPlanApproval) -> SigningBegun:
    """Open a request. What stands in the way is said here already."""
    version = await tx.get(PlanVersion, command.version_id)
    take(PLAN_STEPS, "approve", version.status)
    reasons = await against_effect(tx, version, who.person_id)
    if reasons:
        raise Refused(*reasons)
    passkey = await may_use_passkey(tx, who, command.passkey)
    record = await plan_record(tx, version, who, passkey, command.language or who.language)
    subject = Subject("plan_version", version.id, version.version)
    return await open_request(tx, who, subject, "approve_plan", msgspec.to_builtins(record))
