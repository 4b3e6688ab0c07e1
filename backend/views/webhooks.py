"""Endpoints that hear of events, and what became of what was sent to them."""

from __future__ import annotations

import msgspec

from backend.domain.webhooks import EVENTS, WebhookEndpoint
from backend.store.reader import Reader
from backend.views.people import printed_names

NEWEST = 50
"""Deliveries that are listed."""


class WebhookLine(msgspec.Struct, frozen=True):
    """An endpoint, without its secret; how many deliveries wait, and how many were given up."""

    id: str
    name: str
    address: str
    types: list[str]
    active: bool
    old_until: str | None
    by: str
    added_at: str
    waiting: int
    failed: int


class WebhookPage(msgspec.Struct, frozen=True):
    """All endpoints, and the events that there are."""

    endpoints: list[WebhookLine]
    events: list[str]


class DeliveryLine(msgspec.Struct, frozen=True):
    """One event on its way to one endpoint; `id` is its webhook-id, `status` that of the last answer."""

    id: str
    seq: int
    type: str
    state: str
    attempts: int
    next_at: str
    sent_at: str | None
    why: str | None
    status: int | None


async def webhook_page(read: Reader, site_id: str) -> WebhookPage:
    """Those that are on first."""
    found = await read.all(WebhookEndpoint, "site_id = $1 order by active desc, added_at, id", site_id)
    counted = await read.rows(
        "select channel_id, state, count(*) from outgoing where seq is not null and site_id = $1 "
        "and state in ('waiting', 'failed') group by channel_id, state",
        site_id,
    )
    counts = {(endpoint, state): count for endpoint, state, count in counted}
    names = await printed_names(read, site_id)
    lines = [
        WebhookLine(
            each.id, each.name, each.address, each.types, each.active, each.old_until,
            names.get(each.added_by, ""), each.added_at,
            counts.get((each.id, "waiting"), 0), counts.get((each.id, "failed"), 0),
        )
        for each in found
    ]  # fmt: skip
    return WebhookPage(lines, list(EVENTS))


async def deliveries(read: Reader, endpoint_id: str) -> list[DeliveryLine]:
    """The newest first. Raises NotFound for an endpoint of another site."""
    endpoint = await read.get(WebhookEndpoint, endpoint_id)
    rows = await read.rows(
        "select outgoing.id, outgoing.seq, event.type, state, attempts, next_at, sent_at, last_error, answered "
        "from outgoing join event on event.id = notice_id "
        f"where channel_id = $1 and outgoing.seq is not null order by outgoing.seq desc limit {NEWEST}",
        endpoint.id,
    )
    return [DeliveryLine(*row) for row in rows]
