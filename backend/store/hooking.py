"""What the log says to whoever listens: events after a mark, the lot of each, and where a listener stands."""

from __future__ import annotations

import msgspec

from backend.domain.events import Event
from backend.domain.lots import Lot
from backend.domain.sessions import Outgoing
from backend.domain.webhooks import AboutLot, WebhookEndpoint
from backend.store.change import Change
from backend.store.door import Store
from backend.store.log_marks import mark_up_to, read_up_to
from backend.store.reader import Reader

MARK = "webhooks"
EVENTS = 500
"""A look at the log at once."""
WITH_LOT = ("inspection", "ncr", "complaint", "assessment", "chart_signal", "release", "rework", "revocation")
"""Kinds of records that have a lot."""
_EVENT = msgspec.json.Decoder(Event)


async def endpoints(read: Reader) -> list[WebhookEndpoint]:
    """Those that listen, of all sites."""
    return await read.all(WebhookEndpoint, "active order by id")


async def listened_up_to(read: Reader, listening: list[WebhookEndpoint]) -> int:
    """From where on somebody has yet to be told: what lies before the oldest endpoint concerns nobody."""
    seq = await read_up_to(read, MARK)
    return max(-1 if seq is None else seq, min(each.from_seq for each in listening))


async def events_after(read: Reader, seq: int) -> list[Event]:
    """The next ones, in order."""
    rows = await read.rows("select body from event where seq > $1 order by seq limit $2", seq, EVENTS)
    return [_EVENT.decode(body) for (body,) in rows]


async def event_of(read: Reader, id: str) -> Event:
    """By its id."""
    return _EVENT.decode((await read.rows("select body from event where id = $1", id))[0][0])


async def lot_of(read: Reader, event: Event) -> str | None:
    """The lot that an event is about, by id: its subject, or the first lot among what it wrote."""
    if event.subject_kind == "lot":
        return event.subject
    for change in event.changes:
        found = change.id if change.table == "lot" else change.new.get("lot_id")
        if isinstance(found, str):
            return found
    if event.subject_kind in WITH_LOT:
        rows = await read.rows(f'select lot_id from "{event.subject_kind}" where id = $1', event.subject)
        return rows[0][0] if rows else None
    return None


async def about_lot(read: Reader, lot_id: str, event: Event) -> AboutLot | None:
    """A lot by its numbers: the same whenever it is asked, so that a repeated delivery says the same."""
    lot = await read.first(Lot, "id = $1", lot_id)
    if lot is None:
        return None
    item = (await read.rows("select code from item where id = $1", lot.item_id))[0][0]
    written = (each.new.get("status") for each in event.changes if (each.table, each.id) == ("lot", lot_id))
    status = next((each for each in written if isinstance(each, str)), None)
    return AboutLot(lot.number, item, lot.supplier_lot, status)


async def trouble_told(read: Reader, endpoint_id: str) -> bool:
    """Whether it was told that something for an endpoint was given up, and nothing has been taken there since."""
    told = await read.rows(
        "select max(at) from event where subject_id = $1 and type = 'webhook_given_up'",
        endpoint_id,
    )
    taken = await read.rows(
        "select max(sent_at) from outgoing where channel_id = $1 and seq is not null and state = 'sent'",
        endpoint_id,
    )
    return told[0][0] is not None and told[0][0] > (taken[0][0] or "")


async def keep_heard(store: Store, deliveries: list[Outgoing], seq: int) -> None:
    """Deliveries and the mark, in one transaction: what is there already stays as it is."""

    async def keep(tx: Change) -> None:
        for each in deliveries:
            if await tx.first(Outgoing, "id = $1", each.id) is None:
                tx.insert(each)
        await mark_up_to(tx, MARK, seq)

    await store.keep(keep)
