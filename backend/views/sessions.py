"""The session as the page needs it at its start."""

from __future__ import annotations

import msgspec

from backend.domain.days import day_of
from backend.domain.people import Person, Who
from backend.domain.sessions import Session
from backend.domain.signing import password_needed
from backend.domain.sites import Site
from backend.domain.words import Words
from backend.store.lending import delegation_of
from backend.store.reader import Reader
from backend.views.people import allowed_actions, keys_of


class PersonView(msgspec.Struct, frozen=True):
    """Who is signed in."""

    id: str
    login: str
    printed_name: str
    language: str
    roles: list[str]
    site_id: str


class SiteView(msgspec.Struct, frozen=True):
    """Where."""

    id: str
    code: str
    name: Words
    zone: str


class SigningView(msgspec.Struct, frozen=True):
    """What a signature will ask for."""

    password_needed: bool
    passkeys: int
    totp: bool
    accountability_accepted: bool


class SessionView(msgspec.Struct, frozen=True):
    """All of it; `csrf` goes back in the header of every unsafe request."""

    person: PersonView
    csrf: str
    site: SiteView
    signing: SigningView
    rights: list[str]


async def session_view(read: Reader, who: Who, session: Session, now: str) -> SessionView:
    """Of the person who is signed in."""
    site = await read.get(Site, who.site_id)
    person = await read.get(Person, who.person_id)
    keys = await keys_of(read, who.person_id)
    delegation = await delegation_of(read, who.person_id, day_of(now, site.zone).isoformat())
    lent = [delegation.action] if delegation is not None else []
    return SessionView(
        PersonView(who.person_id, who.login, who.printed_name, person.language, list(who.roles), who.site_id),
        session.csrf,
        SiteView(site.id, site.code, site.name, site.zone),
        SigningView(
            password_needed(session.signed_at, now),
            sum(key.revoked_at is None for key in keys.passkeys),
            person.totp_confirmed,
            person.accountability_accepted_at is not None,
        ),
        sorted({*await allowed_actions(read, who.site_id, who.roles), *lent}),
    )
