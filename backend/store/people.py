"""People as the doors meet them."""

from __future__ import annotations

from backend.domain.people import Person, Role, RoleGrant, Source, Who
from backend.store.reader import Reader
from backend.store.together import Ask, ask


async def roles_of(read: Reader, person: Person, now: str) -> tuple[Role, ...]:
    """Roles in force at the person's site."""
    grants = await read.all(
        RoleGrant,
        "person_id = $1 and site_id = $2 and ended_at is null and (until is null or until >= $3) order by role",
        person.id,
        person.site_id,
        now[:10],
    )
    return tuple(dict.fromkeys(grant.role for grant in grants))


def holders(site_id: str, now: str, roles: tuple[str, ...]) -> Ask:
    """Active people who hold one of the roles at a site now."""
    marks = ", ".join(f"${place + 3}" for place in range(len(roles)))
    return ask(
        Person,
        "active and id in (select person_id from role_grant where site_id = $1 and ended_at is null "
        f"and (until is null or until >= $2) and role in ({marks})) order by id",
        site_id,
        now[:10],
        *roles,
    )


def who_may(site_id: str, now: str, action: str) -> Ask:
    """Active people who hold a role now whose right at the site this action is (ROL-1)."""
    return ask(
        Person,
        "active and id in (select person_id from role_grant join action_right "
        "on action_right.role = role_grant.role and action_right.site_id = role_grant.site_id "
        "where role_grant.site_id = $1 and ended_at is null and (until is null or until >= $2) "
        "and action = $3 and allowed) order by id",
        site_id,
        now[:10],
        action,
    )


def who_is(person: Person, roles: tuple[Role, ...], source: Source, session_id: str = "") -> Who:
    """The actor that a door hands to an action."""
    return Who(
        person.id,
        person.site_id,
        person.login,
        person.printed_name,
        person.language,
        roles,
        source,
        session_id,
    )
