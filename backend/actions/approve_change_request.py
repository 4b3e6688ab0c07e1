"""Approve a change under signature, by somebody who neither asked for it nor carries it out (QUA-3)."""

from __future__ import annotations

import msgspec

from backend.domain.change_requests import CHANGE_STEPS, ChangeRecord, ChangeRequest, against_approving
from backend.domain.errors import Refused, refuse
from backend.domain.people import Person, Who
from backend.domain.steps import take
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.looping import change_record
from backend.store.people import roles_of
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class ApproveChangeRequest(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown."""

    change_id: str


async def approve_change_request(
    store: Store, who: Who, command: ApproveChangeRequest, party: RelyingParty
) -> ChangeRequest:
    """Sign; those who have to know or to be trained are told."""

    async def sign(tx: Change, password_right: bool | None) -> ChangeRequest:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "approve_change_request", command, sign, ChangeRequest)


async def _sign(
    tx: Change, who: Who, command: ApproveChangeRequest, party: RelyingParty, password_right: bool | None
) -> ChangeRequest:
    proof = proof_of(command)
    asked = await take_request(tx, who, proof)
    if (asked.subject_kind, asked.subject_id) != ("change_request", command.change_id):
        raise refuse("nonce_unknown", field="nonce")
    request = await tx.get(ChangeRequest, command.change_id)
    status = take(CHANGE_STEPS, "approve", request.status)
    if found := against_approving(request, who.person_id):
        raise Refused(*found)
    shown = msgspec.convert(asked.record, ChangeRecord).signature
    record = await change_record(tx, request, who, shown.method == "passkey", shown.language)
    signature = await sign_record(tx, who, party, asked, record, proof, password_right)
    approved = tx.update(
        request, status=status, approved_by=who.person_id, approved_at=tx.now, signature_id=signature.id
    )
    facts = {"change": request.number, "title": request.title}
    roles = tuple(sorted({*request.told, *request.trained}))
    if roles:
        await tx.tell_role(roles, "change_approved", "change_request", request.id, **facts)
    owner = await tx.get(Person, request.owner_id)
    if not set(roles) & set(await roles_of(tx, owner, tx.now)):
        tx.tell(owner.id, "change_approved", "change_request", request.id, **facts)
    tx.record("change_approved", "change_request", request.id, change=request.number, digest=signature.digest)
    return approved
