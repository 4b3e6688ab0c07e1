"""Begin one-time codes for a phone without passkeys: a new secret, shown once, after the password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Person, Who
from backend.identity.passwords import new_totp_secret, password_holds, totp_uri
from backend.store.change import Change
from backend.store.door import Store


class BeginTotp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With the password."""

    id: str
    password: str
    device_at: str | None = None


class TotpSecret(msgspec.Struct, frozen=True):
    """For the authenticator app."""

    secret: str
    uri: str


async def begin_totp(
    store: Store, who: Who, command: BeginTotp, new_secret: Callable[[], str] = new_totp_secret
) -> TotpSecret:
    """A secret that counts once it is confirmed with a code. It is never stored as an answer."""
    person = await store.read.get(Person, who.person_id)
    right = await asyncio.to_thread(password_holds, person.password_hash, command.password)
    secret = new_secret()

    async def begin(tx: Change) -> None:
        if not right:
            raise refuse("password_wrong", field="password")
        tx.update(await tx.get(Person, who.person_id), totp_secret=secret, totp_confirmed=False)
        tx.record("totp_begun", "person", who.person_id)

    await store.change(who, "begin_totp", command, begin, None, own=True)
    stored = (await store.read.get(Person, who.person_id)).totp_secret or secret
    return TotpSecret(stored, totp_uri(stored, who.login))
