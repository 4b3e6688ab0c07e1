"""Decide on a receipt by signing: the blockers, the person, the signature and the state in one transaction.

However many press at once, one decision is in force: the writer is alone, and a partial unique index
stands behind it (REL-4).
"""

from __future__ import annotations

import msgspec

from backend.domain.certificates import CertificateRecord
from backend.domain.errors import Reason, Refused, Stale, refuse
from backend.domain.part_decisions import Terms
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.domain.shares import Share
from backend.domain.signatures import Disposition
from backend.domain.standing_results import Stand, check_stands
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.decided import decide
from backend.store.deciding import Asked, Dossier, dossier
from backend.store.door import Store
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import release_record, take_request


class SignRelease(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown. `digest`: SHA-256 (hex) of the record as the phone rendered it."""

    receipt_id: str
    meaning: Disposition


class Released(msgspec.Struct, frozen=True):
    """The decision as it now stands."""

    release_id: str
    decision: str
    signed_at: str
    printed_name: str
    lot_id: str
    lot_number: str


async def sign_release(store: Store, who: Who, command: SignRelease, party: RelyingParty) -> Released:
    """Sign: everything is checked and written inside one transaction."""

    async def sign(tx: Change, password_right: bool | None) -> Released:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "sign_release", command, sign, Released)


async def _sign(
    tx: Change, who: Who, command: SignRelease, party: RelyingParty, password_right: bool | None
) -> Released:
    proof = proof_of(command)
    today = tx.today.isoformat()
    file = await dossier(tx, command.receipt_id, who.person_id, today)
    if reasons := blockers(file.case(who.person_id, today, command.meaning), command.meaning):
        raise Refused(*reasons)
    request = await take_request(tx, who, proof)
    if (request.subject_id, request.meaning) != (command.receipt_id, command.meaning):
        raise refuse("nonce_unknown", field="nonce")
    shown = msgspec.convert(request.record, CertificateRecord)
    asked = _asked(file, command.meaning, shown)
    reasons = blockers(
        file.case(who.person_id, today, command.meaning, asked.stands or None), command.meaning
    )
    if command.meaning != "reject" or asked.stands:
        reasons += check_stands(file.inspections, asked.stands)
    if reasons:
        raise Refused(*reasons)
    by_passkey = shown.signature.method == "passkey"
    record = await release_record(tx, file, who, asked, by_passkey, shown.signature.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    release = await decide(tx, who, file, asked, signature)
    return Released(
        release.id,
        release.decision,
        release.decided_at,
        who.printed_name,
        file.lot.id,
        file.lot.number,
    )


def _asked(file: Dossier, meaning: Disposition, shown: CertificateRecord) -> Asked:
    """What was shown to be decided, looked up in the stock as it is now."""
    decision = shown.decision
    shares = [Share(part.portion, part.quantity) for part in decision.parts]
    try:
        parts = file.parts(meaning, shares)
    except Refused as error:  # a part is no longer there as it was
        raise Stale(Reason("record_changed")) from error
    stands = [Stand(each.inspection, each.reason) for each in decision.stands]
    return Asked(meaning, parts, Terms(decision.condition, decision.ends_on), stands)
