"""Revoke one's own passkey: a lost device signs nothing from now on (SIG-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import NotAllowed, Reason
from backend.domain.people import Credential, Who
from backend.store.change import Change
from backend.store.verb import verb


class RevokePasskey(msgspec.Struct, frozen=True, kw_only=True):
    """Which."""

    id: str
    passkey_id: str
    device_at: str | None = None


@verb(own=True)
async def revoke_passkey(tx: Change, who: Who, command: RevokePasskey) -> Credential:
    """Revoke it."""
    key = await tx.get(Credential, command.passkey_id)
    if key.person_id != who.person_id:
        raise NotAllowed(Reason("not_the_owner"))
    if key.revoked_at is not None:
        return key
    revoked = tx.update(key, revoked_at=tx.now)
    tx.record("passkey_revoked", "person", who.person_id, name=key.name)
    return revoked
