"""Close a CAPA that has worked, under the signature of somebody who does not own it (QUA-2)."""

from __future__ import annotations

import msgspec

from backend.domain.capas import CAPA_STEPS, Capa, CapaRecord, against_closing
from backend.domain.errors import Refused, refuse
from backend.domain.people import Who
from backend.domain.steps import take
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.looping import capa_record
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class CloseCapa(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown."""

    capa_id: str


async def close_capa(store: Store, who: Who, command: CloseCapa, party: RelyingParty) -> Capa:
    """Sign."""

    async def sign(tx: Change, password_right: bool | None) -> Capa:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "close_capa", command, sign, Capa)


async def _sign(
    tx: Change, who: Who, command: CloseCapa, party: RelyingParty, password_right: bool | None
) -> Capa:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.subject_id) != ("capa", command.capa_id):
        raise refuse("nonce_unknown", field="nonce")
    capa = await tx.get(Capa, command.capa_id)
    status = take(CAPA_STEPS, "close", capa.status)
    if found := against_closing(capa, who.person_id):
        raise Refused(*found)
    shown = msgspec.convert(request.record, CapaRecord).signature
    record = await capa_record(tx, capa, who, shown.method == "passkey", shown.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    closed = tx.update(capa, status=status, closed_at=tx.now, signature_id=signature.id)
    tx.record("capa_closed", "capa", capa.id, capa=capa.number, digest=signature.digest)
    return closed
