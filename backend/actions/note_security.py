"""Leave a security event: somebody came with a session, an account or a key that is worth nothing (AUD-8)."""

from __future__ import annotations

from backend.domain.security import Plain, system
from backend.store.change import Change
from backend.store.door import Store


async def note_security(store: Store, code: str, subject: str, address: str) -> None:
    """Into the log of the first site; nobody is signed in, so it is nobody's."""
    rows = await store.read.rows("select id from site order by code limit 1")
    site_id = rows[0][0] if rows else ""

    async def note(tx: Change) -> None:
        tx.record("security", "security", subject, code=code, address=address)

    await store.change(system(site_id), "note_security", Plain(store.new_id()), note, None)
