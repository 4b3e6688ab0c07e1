"""Keep what became of a chat message on its way: sent where, to be tried again when, or given up and why."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.sessions import Outgoing
from backend.domain.signing import later
from backend.store.change import Change
from backend.store.door import Store

WAITS = (5, 15, 60, 300, 900, 3600)
"""Seconds before the next attempt; after the last one it is given up, and the row says so."""


async def keep_sent(store: Store, outgoing: Outgoing, chat: str, message_id: int, closed: bool) -> None:
    """It stands in a chat. `closed`: nothing will change what it says."""

    async def keep(tx: Change) -> None:
        row = await tx.get(Outgoing, outgoing.id)
        state = "closed" if closed else "sent"
        tx.update(row, state=state, chat=chat, message_id=message_id, sent_at=tx.now, last_error=None)

    await store.keep(keep)


async def keep_closed(store: Store, outgoing: Outgoing) -> None:
    """What it asked for is done, and it says so."""

    async def keep(tx: Change) -> None:
        tx.update(await tx.get(Outgoing, outgoing.id), state="closed")

    await store.keep(keep)


async def keep_failure(store: Store, outgoing: Outgoing, error: str, final: bool) -> None:
    """It did not go. `final`: no attempt will ever help (no chat account, the bot was blocked)."""

    async def keep(tx: Change) -> None:
        row = await tx.get(Outgoing, outgoing.id)
        given_up = final or row.attempts >= len(WAITS)
        wait = timedelta(seconds=WAITS[min(row.attempts, len(WAITS) - 1)])
        tx.update(
            row,
            state="failed" if given_up else "waiting",
            attempts=row.attempts + 1,
            next_at=later(tx.now, wait),
            last_error=error[:200],
        )

    await store.keep(keep)
