"""Who is asking: the session cookie, the CSRF header, and what an unknown one leaves behind (AUD-8).

The cookie holds a random secret; the database holds its hash. A session is looked up at every request,
so ending it ends it at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


async def signed_in(request: Request[Any, Any, Any], store: Store) -> SignedIn:
    """The dependency of every handler that is not public."""
    found = await find(store, request.cookies.get(COOKIE), request.client.host if request.client else "")
    if request.method not in SAFE and request.headers.get(HEADER) != found.session.csrf:
        raise NotAllowed(Reason("csrf_wrong"))
    return found


async def find(store: Store, secret: str | None, address: str = "") -> SignedIn:
    """The session behind a cookie; an unknown, ended or expired one is a security event."""
    if not secret:
        raise NotSignedIn
    now = store.clock()
    row = await _row(store, secret_id(secret), now)
    if row is None:
        await note_security(store, "session_unknown", secret_id(secret)[:16], address)
        raise NotSignedIn
    session, who, active = row
    if session.ended_at is not None or session.expires_at < now or not active:
        await note_security(store, "session_ended", who.login, address)
        raise NotSignedIn
    return SignedIn(who, session)


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


class Attempts:
    """Sign-in attempts that failed, by login and address: after LIMIT in WINDOW, wait."""

    LIMIT = 8
    WINDOW = timedelta(minutes=10)

    def __init__(self) -> None:
        self._failed: dict[str, list[datetime]] = {}

    def check(self, *keys: str) -> None:
        """Refuse where a key has failed too often."""
        now = datetime.now(UTC)
        for key in keys:
            recent = [at for at in self._failed.get(key, []) if now - at < self.WINDOW]
            self._failed[key] = recent
            if len(recent) >= self.LIMIT:
                wait = self.WINDOW - (now - recent[0])
                raise NotAllowed(
                    Reason("too_many_attempts", {"minutes": int(wait.total_seconds() // 60) + 1})
                )
        if len(self._failed) > 10_000:
            self._failed = {key: at for key, at in self._failed.items() if at}

    def failed(self, *keys: str) -> None:
        """Count a failure."""
        for key in keys:
            self._failed.setdefault(key, []).append(datetime.now(UTC))

    def succeeded(self, key: str) -> None:
        """Forget the failures of a login."""
        self._failed.pop(key, None)
