"""Add a person with roles. A login is never used twice, not even after somebody left (SIG-4)."""

from __future__ import annotations

import re

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Role, RoleGrant, Who
from backend.domain.words import Language
from backend.identity.passwords import SHORTEST
from backend.store.change import Change
from backend.store.verb import verb

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class AddPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who; `password_hash` was made by the door with `identity.passwords.hash_password`."""

    id: str
    login: str
    printed_name: str
    language: Language
    roles: list[Role]
    password_hash: str
    password_length: int = SHORTEST
    device_at: str | None = None


@verb
async def add_person(tx: Change, who: Who, command: AddPerson) -> str:
    """The new person's id."""
    reasons = []
    if not LOGIN.fullmatch(command.login):
        reasons.append(Reason("login_wrong", {"login": command.login}, "login"))
    elif await tx.first(Person, "login = $1", command.login) is not None:
        reasons.append(Reason("login_taken", {"login": command.login}, "login"))
    if not command.printed_name.strip():
        reasons.append(Reason("name_missing", field="printed_name"))
    if command.password_length < SHORTEST:
        reasons.append(Reason("password_short", {"least": SHORTEST}, "password"))
    if reasons:
        raise Refused(*reasons)
    person = tx.insert(
        Person(
            tx.new_id(),
            who.site_id,
            command.login,
            command.printed_name.strip(),
            command.language,
            True,
            command.password_hash,
        )
    )
    for role in dict.fromkeys(command.roles):
        tx.insert(RoleGrant(tx.new_id(), who.site_id, person.id, role))
    tx.record("person_added", "person", person.id, login=person.login, roles=list(command.roles))
    return person.id
