"""Found a site: organisation, locations, the rights table it starts with, its first people. Once."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Person, Role, RoleGrant, Who
from backend.domain.rights import DEFAULT_RIGHTS
from backend.domain.sites import Location, LocationKind, Organisation, Site
from backend.domain.words import Language, Words
from backend.store.change import Change
from backend.store.verb import verb


class FirstPerson(msgspec.Struct, frozen=True):
    """A person to begin with."""

    login: str
    printed_name: str
    language: Language
    roles: list[Role]
    password_hash: str


class FirstLocation(msgspec.Struct, frozen=True):
    """A place to begin with."""

    code: str
    name: Words
    kind: LocationKind


class FoundSite(msgspec.Struct, frozen=True, kw_only=True):
    """The site as it opens; `site_id` was made with the command."""

    id: str
    site_id: str
    organisation: Words
    code: str
    name: Words
    zone: str
    locations: list[FirstLocation]
    people: list[FirstPerson]
    device_at: str | None = None


class Founded(msgspec.Struct, frozen=True):
    """Ids of the people by login, in the order given."""

    site_id: str
    people: dict[str, str]


@verb
async def found_site(tx: Change, who: Who, command: FoundSite) -> Founded:
    """Write it all in one event."""
    if await tx.first(Site, "code = $1", command.code) is not None:
        raise refuse("site_exists", field="code", site=command.code)
    organisation = tx.insert(Organisation(tx.new_id(), command.organisation))
    site = tx.insert(Site(command.site_id, organisation.id, command.code, command.name, command.zone))
    for place in command.locations:
        tx.insert(Location(tx.new_id(), site.id, place.code, place.name, place.kind))
    for rule in DEFAULT_RIGHTS:
        for right in rule.rights(site.id, tx.new_id):
            tx.insert(right)
    people = {first.login: _add(tx, site.id, first) for first in command.people}
    tx.record("site_founded", "site", site.id, site=site.code, people=list(people))
    return Founded(site.id, people)


def _add(tx: Change, site_id: str, first: FirstPerson) -> str:
    person = tx.insert(
        Person(
            tx.new_id(), site_id, first.login, first.printed_name, first.language, True, first.password_hash
        )
    )
    for role in first.roles:
        tx.insert(RoleGrant(tx.new_id(), site_id, person.id, role))
    return person.id
