"""Change what an endpoint hears, or turn it off and on. Turned off, nothing more goes there, what waits included."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.sessions import Outgoing
from backend.domain.webhooks import OFF, WebhookEndpoint, against_types
from backend.store.change import Change
from backend.store.log_marks import end_of_log
from backend.store.verb import verb


class ChangeWebhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it as it is to be; the address stays: another one is another endpoint."""

    id: str
    webhook_id: str
    types: list[str]
    active: bool
    device_at: str | None = None


@verb
async def change_webhook(tx: Change, who: Who, command: ChangeWebhook) -> str:
    """Turned on again it hears what happens from then on."""
    endpoint = await tx.get(WebhookEndpoint, command.webhook_id)
    reasons = against_types(command.types)
    if reasons:
        raise Refused(*reasons)
    from_seq = await end_of_log(tx) if command.active and not endpoint.active else endpoint.from_seq
    if endpoint.active and not command.active:
        for waiting in await tx.all(Outgoing, "channel_id = $1 and state = 'waiting'", endpoint.id):
            tx.update(waiting, state="failed", last_error=OFF)
    types = sorted(set(command.types))
    tx.update(endpoint, types=types, active=command.active, from_seq=from_seq)
    tx.record(
        "webhook_changed",
        "webhook",
        endpoint.id,
        name=endpoint.name,
        active=command.active,
        types=list(types),
    )
    return endpoint.id
