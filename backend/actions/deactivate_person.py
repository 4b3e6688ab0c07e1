"""Take a person's access: every session, passkey and chat account ends at once; the identity stays (AUD-8, SIG-4)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import ChatAccount, Credential, Person, Who
from backend.domain.sessions import Session
from backend.store.change import Change
from backend.store.verb import verb


class DeactivatePerson(msgspec.Struct, frozen=True, kw_only=True):
    """Whom, and why."""

    id: str
    person_id: str
    reason: str
    device_at: str | None = None


class Deactivated(msgspec.Struct, frozen=True):
    """How much ended."""

    person_id: str
    sessions: int
    passkeys: int


@verb
async def deactivate_person(tx: Change, who: Who, command: DeactivatePerson) -> Deactivated:
    """End it."""
    if not command.reason.strip():
        raise refuse("reason_missing", field="reason")
    person = await tx.get(Person, command.person_id)
    if person.id == who.person_id:
        raise refuse("not_oneself")
    tx.update(person, active=False)
    sessions = await tx.all(Session, "person_id = $1 and ended_at is null", person.id)
    keys = await tx.all(Credential, "person_id = $1 and revoked_at is null", person.id)
    for session in sessions:
        tx.update(session, ended_at=tx.now)
    for key in keys:
        tx.update(key, revoked_at=tx.now)
    for account in await tx.all(ChatAccount, "person_id = $1 and ended_at is null", person.id):
        tx.update(account, ended_at=tx.now)
    tx.record(
        "person_deactivated", "person", person.id, reason=command.reason.strip(), sessions=len(sessions)
    )
    return Deactivated(person.id, len(sessions), len(keys))
