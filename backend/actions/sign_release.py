"""Decide on a receipt by signing: the blockers, the person, the signature and the state in one transaction.

However many press at once, one decision is in force: the writer is alone, and a partial unique index
stands behind it (REL-4).
"""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.certificates import Signing
from backend.domain.errors import Refused, refuse
from backend.domain.lots import Lot, Portion
from backend.domain.ncrs import Ncr
from backend.domain.people import Person, Who
from backend.domain.releases import blockers
from backend.domain.signatures import Meaning, Release
from backend.domain.sites import Location
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.deciding import dossier
from backend.store.door import Store
from backend.store.signed_act import proof_of, sign_act, sign_record
from backend.store.signing import release_record, take_request
from backend.store.stock import move, step_portions


class SignRelease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown. `digest`: SHA-256 (hex) of the record as the phone rendered it."""

    id: str
    receipt_id: str
    meaning: Meaning
    nonce: str
    digest: str
    password: str | None = None
    totp: str | None = None
    assertion: dict[str, Any] | None = None
    accountability_accepted: bool = False
    device_at: str | None = None


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
    file = await dossier(tx, command.receipt_id)
    reasons = blockers(file.case(who.person_id, tx.today.isoformat()), command.meaning)
    if reasons:
        raise Refused(*reasons)
    request = await take_request(tx, who, proof)
    if (request.subject_id, request.meaning) != (command.receipt_id, command.meaning):
        raise refuse("nonce_unknown", field="nonce")
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await release_record(
        tx, file, who, command.meaning, signing.method == "passkey", signing.language
    )
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    person = await tx.get(Person, who.person_id)
    release = tx.insert(
        Release(
            tx.new_id(),
            who.site_id,
            file.lot.id,
            file.receipt.id,
            "release" if command.meaning == "release" else "reject",
            signature.id,
            person.id,
            tx.now,
        )
    )
    lot = await _step(tx, file.lot, file.receipt.id, release)
    await _tell(tx, file.contributors, lot, release, person, file.ncrs)
    tx.due("issue_certificate", release.id, tx.now)
    tx.record(
        "release_signed", "lot", lot.id, lot=lot.number, decision=release.decision, digest=signature.digest
    )
    return Released(release.id, release.decision, release.decided_at, person.printed_name, lot.id, lot.number)


async def _step(tx: Change, lot: Lot, receipt_id: str, release: Release) -> Lot:
    """The portions take the decision and stand where such stock stands (LOT-14)."""
    stepped = await step_portions(tx, lot, release.decision, receipt_id)
    kind = "released" if release.decision == "release" else "rejected"
    place = await tx.first(Location, "site_id = $1 and kind = $2 order by code", lot.site_id, kind)
    if place is None:
        return stepped
    for portion in await tx.all(Portion, "receipt_id = $1 order by id", receipt_id):
        current = await tx.get(Portion, portion.id)
        if current.quantity > 0 and current.location_id != place.id:
            move(tx, current, "moved", current.quantity, current.location_id, place.id)
            tx.update(current, location_id=place.id)
    return stepped


async def _tell(
    tx: Change, contributors: list[str], lot: Lot, release: Release, person: Person, ncrs: list[Ncr]
) -> None:
    """Those who inspected learn what was decided; warehouse and production learn what they may use."""
    facts = {"lot": lot.number, "by": person.printed_name, "at": release.decided_at}
    code = "lot_released" if release.decision == "release" else "lot_rejected"
    owners = {ncr.owner_id for ncr in ncrs if ncr.owner_id is not None}
    for person_id in sorted({*contributors, *owners} - {person.id}):
        tx.tell(person_id, code, "lot", lot.number, **facts)
