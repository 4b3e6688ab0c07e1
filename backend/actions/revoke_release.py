"""Take a release back by signing; it takes two different people, and the original record stays untouched (REL-7)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.people import Who
from backend.domain.revocations import Revocation, RevocationRecord
from backend.domain.signatures import Release
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.revoking import (
    against_revoking,
    open_revocation,
    revocation_record,
    sign_first,
    sign_second,
)
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class RevokeRelease(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown."""

    release_id: str


async def revoke_release(store: Store, who: Who, command: RevokeRelease, party: RelyingParty) -> Revocation:
    """Sign: the first of two holds the stock, the second takes the release back."""

    async def sign(tx: Change, password_right: bool | None) -> Revocation:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "revoke_release", command, sign, Revocation)


async def _sign(
    tx: Change, who: Who, command: RevokeRelease, party: RelyingParty, password_right: bool | None
) -> Revocation:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_id, request.meaning) != (command.release_id, "revoke_release"):
        raise refuse("nonce_unknown", field="nonce")
    shown = msgspec.convert(request.record, RevocationRecord)
    release = await tx.get(Release, command.release_id)
    if reasons := await against_revoking(tx, release, who.person_id, shown.reason):
        raise Refused(*reasons)
    by_passkey = shown.signature.method == "passkey"
    record = await revocation_record(tx, release, who, shown.reason, by_passkey, shown.signature.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    known = await open_revocation(tx, release.id)
    revocation = (
        await sign_first(tx, release, signature, shown.reason)
        if known is None
        else await sign_second(tx, release, known, signature)
    )
    tx.record(
        "revocation_signed" if known is None else "release_revoked",
        "lot",
        release.lot_id,
        reason=shown.reason,
        lot=shown.lot,
        revocation=revocation.number,
        on_hand=shown.on_hand,
        gone=list(shown.gone),
        digest=signature.digest,
    )
    return revocation
