"""Keep what became of a chat message on its way: sent where, to be tried again when, or given up and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from backend.domain.sessions import Outgoing
from backend.domain.signing import later
from backend.domain.telling import Sent
from backend.store.change import Change
from backend.store.door import Store

WAITS = (5, 15, 60, 300, 900, 3600)
"""Seconds before the next attempt; after the last one it is given up, and the row says so."""
MESSAGES = UUID("0a4f0e52-5d3f-5f0b-9a57-6f1f1f2c8e31")
"""Name space of messages for channels: the same notice on the same channel is the same message."""
QUIET = "quiet_hours"


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


async def keep_failure(
    store: Store, outgoing: Outgoing, error: str, final: bool, wait: timedelta | None = None
) -> None:
    """It did not go. `final`: no attempt will ever help (no chat account, the bot was blocked). `wait`: at least."""

    async def keep(tx: Change) -> None:
        row = await tx.get(Outgoing, outgoing.id)
        given_up = final or row.attempts >= len(WAITS)
        usual = timedelta(seconds=WAITS[min(row.attempts, len(WAITS) - 1)])
        tx.update(
            row,
            state="failed" if given_up else "waiting",
            attempts=row.attempts + 1,
            next_at=later(tx.now, max(usual, wait or usual)),
            last_error=error[:200],
        )

    await store.keep(keep)


async def keep_together(
    store: Store, rows: Sequence[Outgoing], chat: str | None = None, message_id: int | None = None
) -> None:
    """Several went as one message; nothing will change what it says."""

    async def keep(tx: Change) -> None:
        for each in rows:
            row = await tx.get(Outgoing, each.id)
            tx.update(row, state="closed", chat=chat, message_id=message_id, sent_at=tx.now, last_error=None)

    await store.keep(keep)


async def keep_waiting(store: Store, rows: Sequence[Outgoing], until: str, why: str = QUIET) -> None:
    """They wait until an instant; that is no failed attempt."""

    async def keep(tx: Change) -> None:
        for each in rows:
            tx.update(await tx.get(Outgoing, each.id), next_at=until, last_error=why)

    await store.keep(keep)


async def keep_for_channels(store: Store, rows: Sequence[tuple[Outgoing, str]]) -> None:
    """A message for a channel (its id) beside each of these; one that there is already stays."""

    async def keep(tx: Change) -> None:
        for of, channel_id in rows:
            id = str(uuid5(MESSAGES, f"{of.notice_id}:{channel_id}"))
            if await tx.first(Outgoing, "id = $1", id) is None:
                tx.insert(
                    Outgoing(
                        id, of.site_id, of.person_id, of.notice_id, tx.now, "waiting", next_at=tx.now,
                        channel_id=channel_id,
                    )
                )  # fmt: skip

    await store.keep(keep)


async def keep_answered(
    store: Store, delivery: Outgoing, outcome: Sent, status: int | None, next_at: str | None
) -> None:
    """What became of a webhook: taken, to be tried again at `next_at`, or given up (None)."""

    async def keep(tx: Change) -> None:
        row = await tx.get(Outgoing, delivery.id)
        if row.state != "waiting":
            return  # turned off meanwhile, or another process was faster
        taken = outcome.why is None
        tx.update(
            row,
            state="sent" if taken else "waiting" if next_at is not None else "failed",
            attempts=row.attempts + 1,
            next_at=row.next_at if next_at is None else next_at,
            last_error=None if taken or outcome.why is None else outcome.why[:200],
            answered=status,
            sent_at=tx.now if taken else None,
        )

    await store.keep(keep)
