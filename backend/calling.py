"""Webhooks on their way: listens to the log, makes a delivery for each endpoint that asked, sends what is due.

A delivery is written with the mark of what was listened to, so a crash makes it once; it is sent until a 2xx comes
back, so a crash between sending and keeping sends it again under the same webhook-id. Of one lot nothing overtakes:
a later event waits until the earlier one was taken or given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid5

import structlog

from backend.actions.change_webhook import ChangeWebhook, change_webhook
from backend.actions.keep_delivery import keep_answered
from backend.actions.note_webhook_trouble import NoteWebhookTrouble, note_webhook_trouble
from backend.domain.errors import LotgateError
from backend.domain.events import Event
from backend.domain.security import system
from backend.domain.sessions import Outgoing
from backend.domain.telling import Sent
from backend.domain.webhooks import GONE, OFF, WebhookEndpoint, body_of, headers_of, hears, next_attempt
from backend.store.database import Unavailable
from backend.store.door import Store
from backend.store.hooking import (
    about_lot,
    endpoints,
    event_of,
    events_after,
    keep_heard,
    listened_up_to,
    lot_of,
)

EVERY = 2.0
"""Seconds between looks."""
BATCH = 100
"""Deliveries of one endpoint at once."""
DELIVERIES = UUID("5f0f6a7e-6f0b-5c36-9d0e-0f6a3b8f5f27")
"""Name space: the same event at the same endpoint is the same delivery, and has the same webhook-id."""
log = structlog.get_logger()


class Caller(Protocol):
    """One attempt: what became of it, and the answer's status."""

    def __call__(
        self, address: str, headers: dict[str, str], body: bytes
    ) -> Awaitable[tuple[Sent, int | None]]: ...


async def listen(store: Store) -> int:
    """Make the deliveries of what happened since the last look; how many."""
    made = 0
    while listening := await endpoints(store.read):
        seq = await listened_up_to(store.read, listening)
        events = await events_after(store.read, seq)
        if not events:
            break
        # Asked for once more: whoever was added meanwhile was there before the newest of these events.
        listening = await endpoints(store.read)
        found = [
            await delivery_of(store, each, event)
            for event in events
            for each in listening
            if hears(each, event)
        ]
        await keep_heard(store, found, events[-1].seq)
        made += len(found)
    return made


async def delivery_of(store: Store, endpoint: WebhookEndpoint, event: Event) -> Outgoing:
    """The one delivery of an event to an endpoint."""
    lot = await lot_of(store.read, event)
    now = store.clock()
    return Outgoing(
        str(uuid5(DELIVERIES, f"{event.id}:{endpoint.id}")), endpoint.site_id, endpoint.added_by, event.id, now,
        "waiting", next_at=now, channel_id=endpoint.id, seq=event.seq,
        about=lot or f"{event.subject_kind}/{event.subject}",
    )  # fmt: skip


async def send_due(store: Store, source: str, call: Caller) -> int:
    """Send what is due, endpoints side by side; how many were taken."""
    now = store.clock()
    rows = await store.read.rows(
        "select distinct channel_id from outgoing where seq is not null and state = 'waiting' and next_at <= $1",
        now,
    )
    sent = await asyncio.gather(*(_to_endpoint(store, source, call, id, now) for (id,) in rows))
    return sum(sent)


async def _to_endpoint(store: Store, source: str, call: Caller, endpoint_id: str, now: str) -> int:
    endpoint = await store.read.get(WebhookEndpoint, endpoint_id)
    due = await store.read.all(
        Outgoing,
        "channel_id = $1 and seq is not null and state = 'waiting' and next_at <= $2 and not exists "
        "(select 1 from outgoing earlier where earlier.channel_id = outgoing.channel_id "
        "and earlier.about = outgoing.about and earlier.seq < outgoing.seq and earlier.state = 'waiting' "
        f"and earlier.next_at > $2) order by seq limit {BATCH}",
        endpoint_id,
        now,
    )
    blocked: set[str | None] = set()
    taken = 0
    for each in due:
        if each.about in blocked:
            continue
        if await attempt(store, source, call, endpoint, each):
            taken += 1
        else:
            blocked.add(each.about)
    return taken


async def attempt(store: Store, source: str, call: Caller, endpoint: WebhookEndpoint, row: Outgoing) -> bool:
    """One attempt at one delivery; whether it was taken."""
    if not endpoint.active:
        await keep_answered(store, row, Sent(OFF, True), None, None)
        return False
    event = await event_of(store.read, row.notice_id)
    lot_id = await lot_of(store.read, event)
    body = body_of(event, source, None if lot_id is None else await about_lot(store.read, lot_id, event))
    now = store.clock()
    headers = headers_of(endpoint, row.id, now, int(datetime.fromisoformat(now).timestamp()), body)
    outcome, status = await call(endpoint.address, headers, body)
    again = None if outcome.final else next_attempt(row.attempts + 1, store.clock(), outcome.wait)
    await keep_answered(store, row, outcome, status, again)
    if outcome.why is not None and again is None:
        trouble = NoteWebhookTrouble(
            id=store.new_id(), webhook_id=endpoint.id, why=outcome.why, status=status
        )
        await note_webhook_trouble(store, system(endpoint.site_id), trouble)
    if outcome.why == GONE:
        off = ChangeWebhook(id=store.new_id(), webhook_id=endpoint.id, types=endpoint.types, active=False)
        await change_webhook(store, system(endpoint.site_id), off)
    return outcome.why is None


async def keep_calling(store: Store, source: str, call: Caller) -> None:
    """Until cancelled. A database that is away is waited for."""
    while True:
        try:
            await listen(store)
            await send_due(store, source, call)
        except (Unavailable, LotgateError) as error:
            log.warning("webhooks wait", error=str(error))
        await asyncio.sleep(EVERY)
