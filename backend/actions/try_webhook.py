"""Tell an endpoint something, to see that it arrives: this very event."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import Who
from backend.domain.webhooks import OFF, TRIED, WebhookEndpoint
from backend.store.change import Change
from backend.store.verb import verb


class TryWebhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which."""

    id: str
    webhook_id: str
    device_at: str | None = None


@verb
async def try_webhook(tx: Change, who: Who, command: TryWebhook) -> str:
    """It goes the way of every other event. Raises Refused where the endpoint is off."""
    endpoint = await tx.get(WebhookEndpoint, command.webhook_id)
    if not endpoint.active:
        raise refuse(OFF)
    tx.record(TRIED, "webhook", endpoint.id, name=endpoint.name)
    return endpoint.id
