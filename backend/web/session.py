"""Who is asking: the session cookie, the CSRF header, and what an unknown one leaves behind (AUD-8).

The cookie holds a random secret; the database holds its hash. What was looked up is remembered only as long
as the database says that nothing about people has changed (see `Database.mark`), so ending a session ends it
at once.
"""

from __future__ import annotations

from secrets import compare_digest
from typing import Any

import msgspec
from litestar import Request

from backend.actions.note_security import note_security
from backend.domain.errors import NotAllowed, Reason
from backend.domain.people import Role, Who
from backend.domain.sessions import Session
from backend.identity.passwords import secret_id
from backend.store.door import Store
from backend.store.reader import Reader
from backend.store.tables import table_of
from backend.web.attempts import UNKNOWN_SESSION
from backend.web.parts import Parts
from backend.web.problems import NotSignedIn

COOKIE = "lotgate_session"
HEADER = "x-lotgate-csrf"
SAFE = {"GET", "HEAD", "OPTIONS"}
_ROLES = (
    "(select string_agg(role_grant.role, ' ') from role_grant where role_grant.person_id = person.id "
    "and role_grant.site_id = person.site_id and role_grant.ended_at is null "
    "and (role_grant.until is null or role_grant.until >= $2))"
)


class SignedIn(msgspec.Struct, frozen=True):
    """The person and the session of a request."""

    who: Who
    session: Session

    def reads(self, store: Store) -> Reader:
        """The reading door as this person may use it: what belongs to another site is not found."""
        return store.read.of_site(self.who.site_id)


async def signed_in(request: Request[Any, Any, Any], parts: Parts) -> SignedIn:
    """The dependency of every handler that is not public."""
    found = await find(parts, request.cookies.get(COOKIE), address_of(request))
    if request.method not in SAFE:
        await refuse_foreign(request, parts.store)
        if not compare_digest(request.headers.get(HEADER, "").encode(), found.session.csrf.encode()):
            await note_security(parts.store, "csrf_wrong", found.who.login, address_of(request))
            raise NotAllowed(Reason("csrf_wrong"))
    return found


def address_of(request: Request[Any, Any, Any]) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


async def refuse_foreign(request: Request[Any, Any, Any], store: Store) -> None:
    """A browser says which page a request comes from: another site's page changes nothing here."""
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers.get("host"):
        await note_security(store, "origin_foreign", origin[:80], address_of(request))
        raise NotAllowed(Reason("origin_foreign"))


async def find(parts: Parts, secret: str | None, address: str = "") -> SignedIn:
    """The session behind a cookie; an unknown, ended or expired one is a security event."""
    if not secret:
        raise NotSignedIn
    now = parts.store.clock()
    session_id = secret_id(secret)
    row = await _remembered(parts, session_id, now)
    if row is None:
        await _note(parts, "session_unknown", session_id[:16], address, now)
        raise NotSignedIn
    session, who, active = row
    if session.ended_at is not None or session.expires_at < now or not active:
        await _note(parts, "session_ended", who.login, address, now)
        raise NotSignedIn
    return SignedIn(who, session)


async def _note(parts: Parts, code: str, subject: str, address: str, now: str) -> None:
    """Into the log, yet a stranger can't fill it: past the limit one event says so, then none."""
    over = parts.attempts.count(UNKNOWN_SESSION, address, now)
    if over == 0:
        await note_security(parts.store, code, subject, address)
    elif over == 1:
        await note_security(parts.store, "too_many_sessions", address, address)


async def _remembered(parts: Parts, session_id: str, now: str) -> tuple[Session, Who, bool] | None:
    """As it stands in the database, without asking again while nothing about people has changed."""
    mark = parts.store.database.mark()
    key = f"{session_id} {now[:10]}"  # a role may end with the day
    row = parts.sessions.find(mark, key)
    if row is None:
        row = await _row(parts.store, session_id, now)
        if row is not None:
            parts.sessions.keep(mark, key, row)
    return row


async def _row(store: Store, session_id: str, now: str) -> tuple[Session, Who, bool] | None:
    """Session, person and roles in one statement: this stands before every request."""
    sessions = table_of(Session, store.database.dialect)
    columns = ", ".join(f"session.{column.name}" for column in sessions.columns)
    rows = await store.read.rows(
        f"select {columns}, person.login, person.printed_name, person.language, person.active, {_ROLES} "
        "from session join person on person.id = session.person_id where session.id = $1",
        session_id,
        now[:10],
    )
    if not rows:
        return None
    width = len(sessions.columns)
    session = sessions.decode(tuple(rows[0])[:width])
    login, printed_name, language, active, roles = tuple(rows[0])[width:]
    held: tuple[Role, ...] = tuple(dict.fromkeys((roles or "").split()))  # type: ignore[arg-type]
    who = Who(session.person_id, session.site_id, login, printed_name, language, held, "phone", session_id)
    return session, who, bool(active)
