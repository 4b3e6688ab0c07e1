"""Add another system's address that events are told to; its secret is shown in this answer and never again."""

from __future__ import annotations

import secrets

import msgspec

from backend.domain.errors import Refused
from backend.domain.people import Who
from backend.domain.webhooks import (
    LONGEST_NAME,
    SECRET_BYTES,
    WebhookEndpoint,
    WebhookSecret,
    against_address,
    against_types,
    read_inside,
    secret_of,
)
from backend.store.change import Change
from backend.store.log_marks import end_of_log
from backend.store.verb import verb


class AddWebhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`types`: events that it hears, or `*`. `inside`: networks that the operator allows, of the settings."""

    id: str
    name: str
    address: str
    types: list[str]
    inside: str
    device_at: str | None = None


@verb
async def add_webhook(tx: Change, who: Who, command: AddWebhook) -> WebhookSecret:
    """From the next event on."""
    reasons = [*against_types(command.types), *against_address(command.address, read_inside(command.inside))]
    if reasons:
        raise Refused(*reasons)
    name = command.name.strip()[:LONGEST_NAME] or command.address[:LONGEST_NAME]
    secret = secret_of(secrets.token_bytes(SECRET_BYTES))
    endpoint = tx.insert(
        WebhookEndpoint(
            tx.new_id(), who.site_id, name, command.address, sorted(set(command.types)), True, secret, None, None,
            await end_of_log(tx), who.person_id, tx.now,
        )
    )  # fmt: skip
    tx.record("webhook_added", "webhook", endpoint.id, name=name, types=list(endpoint.types))
    return WebhookSecret(endpoint.id, secret)
