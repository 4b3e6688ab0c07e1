"""Add a passkey to oneself, for the challenge that was given out, once."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Credential, Who
from backend.domain.sessions import Ceremony
from backend.identity.passkeys import RelyingParty, decode, registered
from backend.store.change import Change
from backend.store.door import Store


class AddPasskey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The browser's answer, and a name for the device."""

    id: str
    name: str
    credential: dict[str, Any]
    device_at: str | None = None


async def add_passkey(store: Store, who: Who, command: AddPasskey, party: RelyingParty) -> Credential:
    """Keep it. One credential belongs to one person, for ever."""
    return await store.change(
        who, "add_passkey", command, lambda tx: _add(tx, who, command, party), Credential, own=True
    )


async def _add(tx: Change, who: Who, command: AddPasskey, party: RelyingParty) -> Credential:
    ceremony = await tx.first(
        Ceremony,
        "person_id = $1 and used_at is null and expires_at >= $2 order by expires_at desc",
        who.person_id,
        tx.now,
    )
    if ceremony is None:
        raise refuse("passkey_challenge_gone")
    made = registered(party, decode(ceremony.challenge), command.credential)
    if made is None:
        raise refuse("passkey_not_accepted", field="credential")
    if await tx.first(Credential, "credential_id = $1", made.credential_id) is not None:
        raise refuse("passkey_known_already", field="credential")
    tx.update(ceremony, used_at=tx.now)
    key = tx.insert(
        Credential(
            tx.new_id(),
            who.site_id,
            who.person_id,
            made.credential_id,
            made.public_key,
            command.name.strip()[:60] or "passkey",
            tx.now,
        )
    )
    tx.record("passkey_added", "person", who.person_id, name=key.name, credential=key.credential_id)
    return key
