"""Decide on a receipt by signing: the blockers, the person, the signature and the state in one transaction.

However many press at once, one decision is in force: the writer is alone, and a partial unique index
stands behind it (REL-4).
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from typing import Any

import msgspec

from backend.domain.canonical import canonical
from backend.domain.certificates import Signing
from backend.domain.errors import Refused, refuse
from backend.domain.lots import Lot, Portion
from backend.domain.ncrs import Ncr
from backend.domain.people import Person, Who
from backend.domain.releases import blockers
from backend.domain.signatures import Meaning, Release
from backend.domain.signing import locked_until
from backend.domain.sites import Location
from backend.identity.passkeys import RelyingParty
from backend.identity.passwords import password_holds
from backend.store.change import Change
from backend.store.deciding import dossier
from backend.store.door import Store
from backend.store.signing import (
    Proof,
    check_components,
    check_person,
    check_shown,
    refused,
    release_record,
    settle_person,
    take_request,
    write_signature,
)
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
    """Sign. The password is checked aside, since it takes long; everything else inside the transaction."""
    password_right = None
    if command.password is not None:
        person = await store.read.get(Person, who.person_id)
        password_right = await asyncio.to_thread(password_holds, person.password_hash, command.password)
    try:
        return await store.change(
            who,
            "sign_release",
            command,
            lambda tx: _sign(tx, who, command, party, password_right),
            Released,
        )
    except Refused as error:
        if refused(error):
            await _count_failure(store, who, command)
        raise


async def _sign(
    tx: Change, who: Who, command: SignRelease, party: RelyingParty, password_right: bool | None
) -> Released:
    proof = Proof(
        nonce=command.nonce,
        digest=command.digest,
        totp=command.totp,
        assertion=command.assertion,
        accountability_accepted=command.accountability_accepted,
    )
    file = await dossier(tx, command.receipt_id)
    reasons = blockers(file.case(who.person_id, tx.now[:10]), command.meaning)
    if reasons:
        raise Refused(*reasons)
    request = await take_request(tx, who, proof)
    if (request.subject_id, request.meaning) != (command.receipt_id, command.meaning):
        raise refuse("nonce_unknown", field="nonce")
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await release_record(
        tx, file, who, command.meaning, signing.method == "passkey", signing.language
    )
    digest = hashlib.sha256(canonical(record)).hexdigest()
    check_shown(request, record, proof, digest)
    person, session = await check_person(tx, who, proof, password_right)
    epoch = int(datetime.fromisoformat(tx.now).timestamp())
    evidence = await check_components(tx, party, person, request, proof, password_right, epoch)
    await settle_person(tx, person.id, command.accountability_accepted)
    signature = write_signature(tx, request, evidence, person, session, digest)
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
    tx.record("release_signed", "lot", lot.id, lot=lot.number, decision=release.decision, digest=digest)
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


class Failure(msgspec.Struct, frozen=True):
    """The counting of a failed signing, as a command of its own."""

    id: str
    device_at: str | None = None


async def _count_failure(store: Store, who: Who, command: SignRelease) -> None:
    """A failed signing is counted in a change of its own; too many lock, and quality hears of it (SIG-6)."""

    async def count(tx: Change) -> None:
        person = await tx.get(Person, who.person_id)
        failures = person.failed_signings + 1
        until = locked_until(failures, tx.now)
        tx.update(person, failed_signings=0 if until else failures, locked_until=until or person.locked_until)
        if until is not None:
            await tx.tell_role(
                ("quality_manager", "administrator"),
                "signing_locked",
                "person",
                person.id,
                name=person.printed_name,
                until=until,
            )
        tx.record("signing_failed", "person", person.id, failures=failures, receipt=command.receipt_id)

    await store.change(who, "signing_failed", Failure(store.new_id()), count, None, own=True)
