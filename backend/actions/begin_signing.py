"""Begin a signing: the record to show, a one-time nonce, and what this person has to bring."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Person, Who
from backend.domain.proofs import base64url
from backend.domain.releases import blockers
from backend.domain.sessions import Session, SigningRequest
from backend.domain.signatures import Meaning
from backend.domain.signing import ACCOUNTABILITY, REQUEST_LIFE, later, password_needed
from backend.store.change import Change
from backend.store.deciding import dossier
from backend.store.signing import passkeys_of, release_record
from backend.store.verb import verb


class BeginSigning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be signed, with the meaning chosen; `passkey` False: password and one-time code instead."""

    id: str
    subject_id: str
    meaning: Meaning
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


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


@verb(own=True)
async def begin_signing(tx: Change, who: Who, command: BeginSigning) -> SigningBegun:
    """Open a request. What stands in the way is said here already, all of it."""
    file = await dossier(tx, command.subject_id)
    reasons = blockers(file.case(who.person_id, tx.now[:10]), command.meaning)
    if reasons:
        raise Refused(*reasons)
    keys = await passkeys_of(tx, who.person_id)
    passkey = bool(keys) if command.passkey is None else command.passkey and bool(keys)
    language = command.language or who.language
    record: dict[str, Any] = msgspec.to_builtins(
        await release_record(tx, file, who, command.meaning, passkey, language)
    )
    person = await tx.get(Person, who.person_id)
    session = await tx.first(Session, "id = $1", who.session_id)
    request = tx.insert(
        SigningRequest(
            id=base64url(secrets.token_bytes(32)),
            site_id=who.site_id,
            person_id=who.person_id,
            session_id=who.session_id,
            subject_kind="receipt",
            subject_id=command.subject_id,
            subject_version=file.receipt.version,
            meaning=command.meaning,
            record=record,
            expires_at=later(tx.now, REQUEST_LIFE),
        )
    )
    return SigningBegun(
        nonce=request.id,
        record=record,
        text=record["signature"]["statement"],
        password_needed=password_needed(session.signed_at if session else None, tx.now) or not passkey,
        accountability_needed=person.accountability_accepted_at is None,
        accountability=ACCOUNTABILITY.in_language(language),
        credential_ids=[key.credential_id for key in keys],
        totp=person.totp_confirmed,
        expires_at=request.expires_at,
    )
