"""Change a cell of the rights table by signing it (ROL-1); from the next command on every door reads it so."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Signing
from backend.domain.errors import Refused, refuse
from backend.domain.people import Who
from backend.domain.right_changes import against
from backend.domain.rights import ActionRight
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.changing_rights import other_cells, right_record
from backend.store.door import Store
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class ChangeRight(SignedCommand, frozen=True, kw_only=True):
    """The signature, on exactly what was shown; what is to change stands in the request that it answers."""

    right_id: str


async def change_right(store: Store, who: Who, command: ChangeRight, party: RelyingParty) -> ActionRight:
    """Sign, and the cell as it now stands."""

    async def sign(tx: Change, password_right: bool | None) -> ActionRight:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "change_right", command, sign, ActionRight)


async def _sign(
    tx: Change, who: Who, command: ChangeRight, party: RelyingParty, password_right: bool | None
) -> ActionRight:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.subject_id) != ("action_right", command.right_id):
        raise refuse("nonce_unknown", field="nonce")
    right = await tx.get(ActionRight, command.right_id)
    wanted = bool(request.record["new"]["allowed"])  # type: ignore[index,call-overload]
    reasons = against(right, wanted, await other_cells(tx, right))
    if reasons:
        raise Refused(*reasons)
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await right_record(tx, right, who, wanted, signing.method == "passkey", signing.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    new = record.new
    changed = tx.update(right, allowed=new.allowed, signature=new.signature, second_person=new.second_person)
    tx.record(
        "right_changed",
        "action_right",
        right.id,
        action=right.action,
        role=right.role,
        old=right.allowed,
        new=new.allowed,
        digest=signature.digest,
    )
    await tx.tell_role(
        ("quality_manager", "administrator"),
        "right_changed",
        "action_right",
        right.id,
        action=right.action,
        role=right.role,
        allowed=new.allowed,
        by=who.printed_name,
    )
    return changed
