"""Say which roles a person holds at the site from now on; what ends and what begins both stay on record."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Person, Role, RoleGrant, Who
from backend.store.change import Change
from backend.store.verb import verb


class SetRoles(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, not those to add."""

    id: str
    person_id: str
    roles: list[Role]
    device_at: str | None = None


@verb
async def set_roles(tx: Change, who: Who, command: SetRoles) -> list[Role]:
    """Nobody changes their own roles; the same again changes nothing."""
    person = await tx.get(Person, command.person_id)
    if person.id == who.person_id:
        raise refuse("not_oneself")
    if not person.active:
        raise refuse("person_inactive", login=person.login)
    wanted = list(dict.fromkeys(command.roles))
    grants = await tx.all(
        RoleGrant, "person_id = $1 and site_id = $2 and ended_at is null", person.id, who.site_id
    )
    ended = [grant for grant in grants if grant.role not in wanted]
    held = {grant.role for grant in grants}
    begun: list[Role] = [role for role in wanted if role not in held]
    for grant in ended:
        tx.update(grant, ended_at=tx.now)
    for role in begun:
        tx.insert(RoleGrant(tx.new_id(), who.site_id, person.id, role))
    if ended or begun:
        tx.record(
            "roles_set",
            "person",
            person.id,
            login=person.login,
            ended=sorted(grant.role for grant in ended),
            begun=sorted(begun),
        )
    return wanted
