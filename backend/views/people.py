"""People, their roles and keys, and the rights table as a page shows it (ROL-1)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.delegations import Delegation, standing
from backend.domain.people import Person, Who
from backend.domain.rights import DEFAULT_RIGHTS, ROLES
from backend.store.people import holders
from backend.store.reader import Reader


class PersonLine(msgspec.Struct, frozen=True):
    """One person."""

    id: str
    login: str
    printed_name: str
    roles: list[str]
    active: bool
    organisation: str | None = None
    """Id of the partner that the person works for."""


class Colleague(msgspec.Struct, frozen=True):
    """Somebody to hand work to."""

    id: str
    printed_name: str


class RightLine(msgspec.Struct, frozen=True):
    """One cell of the table."""

    id: str
    action: str
    role: str
    allowed: bool
    signature: bool
    second_person: bool
    version: int


class RightsTable(msgspec.Struct, frozen=True):
    """The whole table in force at the site."""

    actions: list[str]
    roles: list[str]
    rights: list[RightLine]


class PasskeyLine(msgspec.Struct, frozen=True):
    """One passkey."""

    id: str
    name: str
    added_at: str
    revoked_at: str | None


class Keys(msgspec.Struct, frozen=True):
    """What a person signs with."""

    passkeys: list[PasskeyLine]
    totp: bool


async def inspectors(read: Reader, who: Who, now: str) -> list[Colleague]:
    """Who inspects here beside this person, by name."""
    asked = holders(who.site_id, now, ("inspector",))
    people = [
        person for person in await read.all(Person, asked.where, *asked.args) if person.id != who.person_id
    ]
    return sorted(
        (Colleague(each.id, each.printed_name) for each in people), key=lambda each: each.printed_name
    )


async def list_people(read: Reader, site_id: str) -> list[PersonLine]:
    """By name."""
    rows = await read.rows(
        "select person.id, login, printed_name, (select string_agg(role, ' ') from role_grant "
        "where role_grant.person_id = person.id and role_grant.ended_at is null), active, organisation_id from person "
        "where person.site_id = $1 order by printed_name",
        site_id,
    )
    return [PersonLine(row[0], row[1], row[2], (row[3] or "").split(), bool(row[4]), row[5]) for row in rows]


async def list_rights(read: Reader, site_id: str) -> RightsTable:
    """As it is in force."""
    rows = await read.rows(
        "select id, action, role, allowed, signature, second_person, version from action_right "
        "where site_id = $1",
        site_id,
    )
    actions = [rule.action for rule in DEFAULT_RIGHTS]
    order = {action: place for place, action in enumerate(actions)}
    lines = [RightLine(r[0], r[1], r[2], bool(r[3]), bool(r[4]), bool(r[5]), r[6]) for r in rows]
    lines.sort(key=lambda line: (order.get(line.action, 99), ROLES.index(line.role)))
    return RightsTable(actions, list(ROLES), lines)


async def allowed_actions(read: Reader, site_id: str, roles: Sequence[str]) -> list[str]:
    """What these roles may do here."""
    rows = await read.rows("select action, role from action_right where site_id = $1 and allowed", site_id)
    return sorted({action for action, role in rows if role in roles})


class DelegationLine(msgspec.Struct, frozen=True):
    """Who decides for whom, and until when; `standing`: ahead, in_force, expired, ended."""

    id: str
    giver: str
    to: str
    from_on: str
    until: str
    reason: str
    granted_at: str
    standing: str


async def printed_names(read: Reader, site_id: str) -> dict[str, str]:
    """Of everybody who ever had an account at the site, by id."""
    return dict(await read.rows("select id, printed_name from person where site_id = $1", site_id))


async def list_delegations(read: Reader, site_id: str, today: str) -> list[DelegationLine]:
    """The newest first."""
    names = await printed_names(read, site_id)
    found = await read.all(Delegation, "site_id = $1 order by granted_at desc, id desc limit 100", site_id)
    return [
        DelegationLine(
            each.id,
            names.get(each.from_id, ""),
            names.get(each.to_id, ""),
            each.from_on,
            each.until,
            each.reason,
            each.granted_at,
            standing(each, today),
        )
        for each in found
    ]


async def keys_of(read: Reader, person_id: str) -> Keys:
    """Passkeys, and whether one-time codes are set up."""
    rows = await read.rows(
        "select id, name, added_at, revoked_at from credential where person_id = $1 order by added_at",
        person_id,
    )
    person = await read.get(Person, person_id)
    return Keys([PasskeyLine(*row) for row in rows], person.totp_confirmed)
