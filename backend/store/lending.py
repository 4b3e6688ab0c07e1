"""Who may decide by a role of their own, and who for somebody else (REL-3)."""

from __future__ import annotations

from backend.domain.delegations import ACTION, Delegation, in_force
from backend.domain.people import Person
from backend.store.reader import Reader


async def may_by_role(read: Reader, person: Person, action: str, today: str) -> bool:
    """Whether a role that this person holds at the site on the ISO day `today` has the right."""
    rows = await read.rows(
        "select count(*) from role_grant join action_right on action_right.role = role_grant.role "
        "and action_right.site_id = role_grant.site_id where role_grant.person_id = $1 "
        "and role_grant.site_id = $2 and role_grant.ended_at is null and action_right.action = $3 "
        "and action_right.allowed and coalesce(role_grant.until, $4) >= $4",
        person.id,
        person.site_id,
        action,
        today,
    )
    return int(rows[0][0]) > 0


async def delegation_of(read: Reader, person_id: str, today: str) -> Delegation | None:
    """Under which delegation this person decides today; None where it is by a role of their own, or not at all."""
    person = await read.first(Person, "id = $1", person_id)
    if person is None or await may_by_role(read, person, ACTION, today):
        return None
    lent = await read.all(Delegation, "to_id = $1 and ended_at is null order by until, id", person_id)
    return in_force(lent, person_id, today)
