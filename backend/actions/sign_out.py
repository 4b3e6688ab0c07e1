"""End one's own session."""

from __future__ import annotations

from backend.domain.people import Who
from backend.domain.security import Plain
from backend.domain.sessions import Session
from backend.store.change import Change
from backend.store.verb import verb


@verb(own=True)
async def sign_out(tx: Change, who: Who, command: Plain) -> None:
    """The cookie is worth nothing from now on."""
    session = await tx.get(Session, who.session_id)
    tx.update(session, ended_at=tx.now)
    tx.record("signed_out", "person", who.person_id)
