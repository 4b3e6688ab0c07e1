"""Sign in: a session for the right password; a failure is a security event and tells nothing (AUD-8, AUD-9)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec

from backend.domain.errors import NotAllowed, Reason
from backend.domain.people import Person, Source, Who
from backend.domain.security import Plain, system
from backend.domain.sessions import Session
from backend.domain.signing import later
from backend.identity.passwords import NOBODY, new_secret, password_holds, secret_id
from backend.store.change import Change
from backend.store.door import Store
from backend.store.people import roles_of, who_is

SESSION_LIFE = timedelta(hours=12)


class SignedIn(msgspec.Struct, frozen=True):
    """The cookie's secret, shown once, and the session behind it."""

    secret: str
    session: Session
    who: Who


async def sign_in(
    store: Store, site_id: str, login: str, password: str, source: Source = "phone"
) -> SignedIn:
    """Start a session. Unknown login, wrong password and inactive account get the same answer."""
    person = await store.read.first(Person, "login = $1", login.strip().lower())
    stored = person.password_hash if person is not None else NOBODY
    right = await asyncio.to_thread(password_holds, stored, password)
    if person is None or not right or not person.active:
        await _note_failure(store, site_id, login, person)
        raise NotAllowed(Reason("sign_in_failed", field="password"))
    secret = new_secret()
    roles = await roles_of(store.read, person, store.clock())

    async def start(tx: Change) -> Session:
        session = tx.insert(
            Session(
                secret_id(secret),
                person.site_id,
                person.id,
                new_secret(),
                tx.now,
                later(tx.now, SESSION_LIFE),
            )
        )
        tx.record("signed_in", "person", person.id, login=person.login, source=source)
        return session

    who = who_is(person, roles, source, secret_id(secret))
    session = await store.change(who, "sign_in", Plain(store.new_id()), start, Session, own=True)
    return SignedIn(secret, session, who)


async def _note_failure(store: Store, site_id: str, login: str, person: Person | None) -> None:
    async def note(tx: Change) -> None:
        tx.record("sign_in_failed", "person", person.id if person else "", login=login[:80])

    await store.change(system(site_id), "sign_in_failed", Plain(store.new_id()), note, None)
