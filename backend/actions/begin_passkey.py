"""Begin adding a passkey: a one-time challenge, after the password (a borrowed phone adds no key)."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Person, Who
from backend.domain.proofs import base64url
from backend.domain.sessions import Ceremony
from backend.domain.signing import later
from backend.identity.passkeys import RelyingParty, registration_options
from backend.identity.passwords import password_holds
from backend.store.change import Change
from backend.store.door import Store
from backend.store.signing import passkeys_of

LIFE = timedelta(minutes=5)


class BeginPasskey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With the password."""

    id: str
    password: str
    device_at: str | None = None


class PasskeyOptions(msgspec.Struct, frozen=True):
    """PublicKeyCredentialCreationOptions as JSON."""

    options: dict[str, Any]


async def begin_passkey(store: Store, who: Who, command: BeginPasskey, party: RelyingParty) -> PasskeyOptions:
    """Options for `navigator.credentials.create`."""
    person = await store.read.get(Person, who.person_id)
    right = await asyncio.to_thread(password_holds, person.password_hash, command.password)

    async def begin(tx: Change) -> PasskeyOptions:
        if not right:
            raise refuse("password_wrong", field="password")
        challenge = secrets.token_bytes(32)
        tx.insert(
            Ceremony(tx.new_id(), who.site_id, who.person_id, base64url(challenge), later(tx.now, LIFE))
        )
        known = [key.credential_id for key in await passkeys_of(tx, who.person_id)]
        return PasskeyOptions(
            registration_options(party, who.person_id, who.login, who.printed_name, known, challenge)
        )

    return await store.change(who, "begin_passkey", command, begin, PasskeyOptions, own=True)
