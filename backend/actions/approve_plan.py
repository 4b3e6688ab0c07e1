"""Make a version of a plan effective by signing it (QUA-4, SIG-2); the one before it becomes obsolete at once."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Signing
from backend.domain.errors import Refused, refuse
from backend.domain.events import Value
from backend.domain.inspections import Plan
from backend.domain.people import Who
from backend.domain.plan_versions import PLAN_STEPS, PlanVersion
from backend.domain.steps import take
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.planning import PlanDraft, against_effect, as_draft, effective_of, plan_record, versions_of
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request

TOLD = ("quality_engineer", "quality_manager", "inspector")


class ApprovePlan(SignedCommand, frozen=True, kw_only=True):
    """The signature, on exactly what was shown."""

    version_id: str


async def approve_plan(store: Store, who: Who, command: ApprovePlan, party: RelyingParty) -> PlanDraft:
    """Sign, by somebody who wrote nothing of it; the next inspection opens from it."""

    async def sign(tx: Change, password_right: bool | None) -> PlanDraft:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "approve_plan", command, sign, PlanDraft)


async def _sign(
    tx: Change, who: Who, command: ApprovePlan, party: RelyingParty, password_right: bool | None
) -> PlanDraft:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.subject_id) != ("plan_version", command.version_id):
        raise refuse("nonce_unknown", field="nonce")
    version = await tx.get(PlanVersion, command.version_id)
    status = take(PLAN_STEPS, "approve", version.status)
    reasons = await against_effect(tx, version, who.person_id)
    if reasons:
        raise Refused(*reasons)
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await plan_record(tx, version, who, signing.method == "passkey", signing.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    plan = await tx.get(Plan, version.plan_id)
    today = tx.today.isoformat()
    old = effective_of(await versions_of(tx, plan.id))
    if old is not None:  # first: only one may be effective at any instant
        tx.update(old, status=take(PLAN_STEPS, "replace", old.status), obsolete_from=today)
    approved = tx.update(version, status=status, effective_from=today, signature_id=signature.id)
    tx.record(
        "plan_approved",
        "plan",
        plan.id,
        reason=version.change,
        plan=plan.code,
        version=version.number,
        replaces=old.number if old is not None else None,
        digest=signature.digest,
    )
    facts: dict[str, Value] = {"plan": plan.code, "version": version.number, "by": who.printed_name}
    await tx.tell_role(TOLD, "plan_effective", "plan_version", version.id, **facts)
    return as_draft(approved)
