"""One signed act after another goes the same way: a request is opened, shown, and signed in one transaction."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec

from backend.domain.canonical import canonical
from backend.domain.errors import Refused
from backend.domain.people import Person, Who
from backend.domain.proofs import base64url
from backend.domain.sessions import Session, SigningRequest
from backend.domain.signatures import Meaning, Signature
from backend.domain.signing import ACCOUNTABILITY, REQUEST_LIFE, later, locked_until, password_needed
from backend.identity.passkeys import RelyingParty
from backend.identity.passwords import password_holds
from backend.store.change import Change
from backend.store.door import Store
from backend.store.signing import (
    Proof,
    check_components,
    check_person,
    check_shown,
    passkeys_of,
    refused,
    settle_person,
    write_signature,
)

Answer = TypeVar("Answer")


class SigningBegun(msgspec.Struct, frozen=True):
    """Show `record`, hash its canonical form, sign SHA-256(canonical || nonce)."""

    nonce: str
    record: dict[str, Any]
    text: str
    password_needed: bool
    accountability_needed: bool
    accountability: str
    credential_ids: list[str]
    totp: bool
    expires_at: str


class Subject(NamedTuple):
    """What is signed, as it was read."""

    kind: str
    id: str
    version: int


class SignedCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What every command with a signature brings: the signature, on exactly what was shown.

    `nonce`: of the request. `digest`: SHA-256 (hex) of the record as the phone rendered it. `password` where it is
    due, `assertion` from a passkey, or `totp` where there is none; `accountability_accepted` before the first.
    """

    id: str
    nonce: str
    digest: str
    password: str | None = None
    totp: str | None = None
    assertion: dict[str, Any] | None = None
    accountability_accepted: bool = False
    device_at: str | None = None


async def may_use_passkey(tx: Change, who: Who, wanted: bool | None) -> bool:
    """Whether this signature is by passkey: where the person has one, unless they want to do without."""
    keys = await passkeys_of(tx, who.person_id)
    return bool(keys) if wanted is None else wanted and bool(keys)


async def open_request(
    tx: Change, who: Who, subject: Subject, meaning: Meaning, record: dict[str, Any]
) -> SigningBegun:
    """Open a request for exactly this record, with what this person has to bring."""
    signing = record["signature"]
    keys = await passkeys_of(tx, who.person_id)
    person = await tx.get(Person, who.person_id)
    session = await tx.first(Session, "id = $1", who.session_id)
    request = tx.insert(
        SigningRequest(
            id=base64url(secrets.token_bytes(32)),
            site_id=who.site_id,
            person_id=who.person_id,
            session_id=who.session_id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            subject_version=subject.version,
            meaning=meaning,
            record=record,
            expires_at=later(tx.now, REQUEST_LIFE),
        )
    )
    needed = password_needed(session.signed_at if session else None, tx.now)
    return SigningBegun(
        nonce=request.id,
        record=record,
        text=signing["statement"],
        password_needed=needed or signing["method"] != "passkey",
        accountability_needed=person.accountability_accepted_at is None,
        accountability=ACCOUNTABILITY.in_language(signing["language"]),
        credential_ids=[key.credential_id for key in keys],
        totp=person.totp_confirmed,
        expires_at=request.expires_at,
    )


def proof_of(command: SignedCommand) -> Proof:
    """What the signer brings."""
    return Proof(
        nonce=command.nonce,
        digest=command.digest,
        totp=command.totp,
        assertion=command.assertion,
        accountability_accepted=command.accountability_accepted,
    )


async def sign_record(
    tx: Change,
    who: Who,
    party: RelyingParty,
    request: SigningRequest,
    record: object,
    proof: Proof,
    password_right: bool | None,
) -> Signature:
    """Check everything (SIG-1..6) and write the signature over `record`, the record as it is now."""
    digest = hashlib.sha256(canonical(record)).hexdigest()
    check_shown(request, record, proof, digest)
    person, session = await check_person(tx, who, proof, password_right)
    epoch = int(datetime.fromisoformat(tx.now).timestamp())
    evidence = await check_components(tx, party, person, request, proof, password_right, epoch)
    await settle_person(tx, person.id, proof.accountability_accepted)
    return write_signature(tx, request, evidence, person, session, digest)


async def sign_act(
    store: Store,
    who: Who,
    action: str,
    command: SignedCommand,
    work: Callable[[Change, bool | None], Awaitable[Answer]],
    answer: Any,
) -> Answer:
    """Take a signed action. The password is checked aside, since it takes long; a failed signing is counted."""
    right = None
    if command.password is not None:
        person = await store.read.get(Person, who.person_id)
        right = await asyncio.to_thread(password_holds, person.password_hash, command.password)
    try:
        return await store.change(who, action, command, lambda tx: work(tx, right), answer)
    except Refused as error:
        if refused(error):
            await _count_failure(store, who, action)
        raise


class Failure(msgspec.Struct, frozen=True):
    """The counting of a failed signing, as a command of its own."""

    id: str
    device_at: str | None = None


async def _count_failure(store: Store, who: Who, action: str) -> None:
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
        tx.record("signing_failed", "person", person.id, failures=failures, action=action)

    await store.change(who, "signing_failed", Failure(store.new_id()), count, None, own=True)
