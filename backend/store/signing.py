"""The part of a signing that every signed act shares: the request, its nonce, who proves what (SIG-1..8)."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256
from typing import Any

import msgspec

from backend.domain.canonical import canonical
from backend.domain.certificates import CertificateRecord, Language, Signer, Signing
from backend.domain.errors import Reason, Refused, Stale, refuse
from backend.domain.part_decisions import quantity_of
from backend.domain.people import Credential, Person, Who
from backend.domain.proofs import (
    Listed,
    PasskeyEvidence,
    PasswordTotpEvidence,
    base64url,
    signing_challenge,
)
from backend.domain.sessions import Session, SigningRequest
from backend.domain.signatures import Signature
from backend.domain.signing import WORDING_VERSION, password_needed, statement
from backend.identity.passkeys import RelyingParty, asserted, decode
from backend.identity.passwords import totp_step
from backend.store.change import Change
from backend.store.deciding import Asked, Dossier
from backend.store.reader import Reader
from backend.store.release_records import record_of


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What the signer brings: the request's nonce, the digest of what the phone rendered, and the components."""

    nonce: str
    digest: str
    totp: str | None = None
    assertion: dict[str, Any] | None = None
    accountability_accepted: bool = False


async def passkeys_of(read: Reader, person_id: str) -> list[Credential]:
    """A person's passkeys that are not revoked."""
    return await read.all(Credential, "person_id = $1 and revoked_at is null order by id", person_id)


async def release_record(
    read: Reader, file: Dossier, who: Who, asked: Asked, passkey: bool, language: str
) -> CertificateRecord:
    """The record of this decision by this person."""
    tongue: Language = "zh" if language == "zh" else "en"
    taken = file.taken_over
    on_paper = {
        name: (getattr(taken, name) if taken is not None else None) or ""
        for name in ("released_by", "released_on", "reference")
    }
    sentence = statement(
        asked.meaning,
        tongue,
        lot=file.lot.number,
        quantity=format(quantity_of(asked.parts), "f"),
        unit=file.item.unit,
        condition=asked.terms.condition or "",
        ends_on=asked.terms.ends_on or "",
        **on_paper,
    )
    return await record_of(
        read,
        file,
        asked,
        Signing(
            meaning=asked.meaning,
            statement=sentence,
            language=tongue,
            wording_version=WORDING_VERSION,
            signer=Signer(who.person_id, who.printed_name, who.login),
            method="passkey" if passkey else "password_totp",
        ),
    )


async def take_request(tx: Change, who: Who, proof: Proof) -> SigningRequest:
    """The request behind a nonce: this person's, of this session, unused, not too old. It is used up now."""
    request = await tx.first(SigningRequest, "id = $1", proof.nonce)
    if request is None or request.person_id != who.person_id or request.session_id != who.session_id:
        raise refuse("nonce_unknown", field="nonce")
    if request.used_at is not None:
        raise refuse("nonce_used", field="nonce")
    if request.expires_at < tx.now:
        raise refuse("nonce_expired", field="nonce")
    tx.update(request, used_at=tx.now)
    return request


def check_shown(request: SigningRequest, record: object, proof: Proof, digest: str) -> None:
    """What was shown is what is on record now, and what the phone rendered (SIG-2)."""
    if canonical(record) != canonical(request.record):
        raise Stale(Reason("record_changed"))
    if proof.digest != digest:
        raise Stale(Reason("record_changed", {"digest": digest}, "digest"))


async def check_person(
    tx: Change, who: Who, proof: Proof, password_right: bool | None
) -> tuple[Person, Session]:
    """Not locked, accountable, and the password where it is due (SIG-3, SIG-5, SIG-6)."""
    person = await tx.get(Person, who.person_id)
    if person.locked_until is not None and person.locked_until > tx.now:
        raise refuse("signing_locked", until=person.locked_until)
    session = await tx.first(Session, "id = $1 and ended_at is null", who.session_id)
    if session is None:
        raise refuse("session_needed")
    if person.accountability_accepted_at is None and not proof.accountability_accepted:
        raise refuse("accountability_needed", field="accountability_accepted")
    if password_needed(session.signed_at, tx.now) and not password_right:
        code = "password_missing" if password_right is None else "password_wrong"
        raise refuse(code, field="password")
    return person, session


async def check_components(
    tx: Change,
    party: RelyingParty,
    person: Person,
    request: SigningRequest,
    proof: Proof,
    password_right: bool | None,
    epoch: int,
) -> PasskeyEvidence | PasswordTotpEvidence:
    """The passkey over record and nonce; where there is none, password and a one-time code."""
    challenge = signing_challenge(request.record, decode(request.id))
    if proof.assertion is not None:
        return await _passkey(tx, party, person, request, proof.assertion, challenge)
    if msgspec.convert(request.record["signature"], Signing).method != "password_totp":
        raise refuse("passkey_needed", field="assertion")
    if not password_right:
        raise refuse("password_wrong" if password_right is False else "password_missing", field="password")
    step = (
        totp_step(person.totp_secret, proof.totp, epoch)
        if person.totp_secret and person.totp_confirmed and proof.totp
        else None
    )
    if step is None or step <= person.totp_last_step:
        raise refuse("totp_wrong", field="totp")
    tx.update(await tx.get(Person, person.id), totp_last_step=step)
    return PasswordTotpEvidence(person.id, request.id, base64url(challenge))


async def _passkey(
    tx: Change,
    party: RelyingParty,
    person: Person,
    request: SigningRequest,
    assertion: dict[str, Any],
    challenge: bytes,
) -> PasskeyEvidence:
    credentials = await passkeys_of(tx, person.id)
    key = next((c for c in credentials if c.credential_id == str(assertion.get("id", ""))), None)
    held = asserted(party, challenge, key.public_key, assertion) if key is not None else None
    if key is None or held is None:
        raise refuse("signature_invalid", field="assertion")
    return PasskeyEvidence(
        person_id=person.id,
        credential_id=held.credential_id,
        public_key=key.public_key,
        rp_id=held.rp_id,
        origin=held.origin,
        nonce=request.id,
        authenticator_data=held.authenticator_data,
        client_data_json=held.client_data_json,
        signature=held.signature,
    )


def write_signature(
    tx: Change,
    request: SigningRequest,
    evidence: PasskeyEvidence | PasswordTotpEvidence,
    person: Person,
    session: Session,
    digest: str,
) -> Signature:
    """The signature's row; the session has signed, failures are forgotten, accountability is on record."""
    tx.update(session, signed_at=tx.now)
    return tx.insert(
        Signature(
            id=tx.new_id(),
            site_id=request.site_id,
            subject_kind=request.subject_kind,
            subject_id=request.subject_id,
            person_id=person.id,
            printed_name=person.printed_name,
            meaning=request.meaning,  # type: ignore[arg-type]
            method="passkey" if isinstance(evidence, PasskeyEvidence) else "password_totp",
            signed_at=tx.now,
            digest=digest,
            record=request.record,
            evidence=msgspec.to_builtins(evidence),
            nonce=request.id,
        )
    )


def write_listed(
    tx: Change, of_list: Signature, receipt_id: str, record: CertificateRecord, place: Listed
) -> Signature:
    """The signature of one record of a list: the list's own evidence, and the path to it. Its place is used once."""
    listed = {**msgspec.to_builtins(place), "record": of_list.record}
    return tx.insert(
        msgspec.structs.replace(
            of_list,
            id=tx.new_id(),
            subject_kind="receipt",
            subject_id=receipt_id,
            digest=sha256(canonical(record)).hexdigest(),
            record=msgspec.to_builtins(record),
            evidence={**of_list.evidence, "list": listed},
            nonce=f"{of_list.nonce}.{place.index}",
        )
    )


def base64_of(text: str) -> bytes:
    """A hash as a list's record and its paths write it."""
    return b64decode(text, validate=True)


async def settle_person(tx: Change, person_id: str, accepted: bool) -> None:
    """After a good signature: no failures, accountability accepted once and stored."""
    person = await tx.get(Person, person_id)
    changes: dict[str, Any] = {}
    if person.failed_signings:
        changes["failed_signings"] = 0
    if person.accountability_accepted_at is None and accepted:
        changes["accountability_accepted_at"] = tx.now
    if changes:
        tx.update(person, **changes)


def refused(error: Refused) -> bool:
    """Whether a refusal counts as a failed signing (SIG-6)."""
    codes = {reason.code for reason in error.reasons}
    return bool(codes & {"password_wrong", "totp_wrong", "signature_invalid"})
