"""Somebody asked to see what their roles may not: refused at the changing door, so that it stays in the log."""

from __future__ import annotations

from backend.domain.errors import NotAllowed, Reason
from backend.domain.people import Who
from backend.domain.security import Plain
from backend.store.change import Change
from backend.store.door import Store


async def note_refusal(store: Store, who: Who, action: str) -> None:
    """Raises NotAllowed, with its event written (P11 11.10(g))."""

    async def refused(tx: Change) -> None:
        raise NotAllowed(Reason("not_allowed", {"action": action, "roles": list(who.roles)}))

    await store.change(who, action, Plain(store.new_id()), refused, None)
