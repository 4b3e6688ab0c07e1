"""Give an endpoint a new secret; for a day both sign, so that the receiver can change over without a gap."""

from __future__ import annotations

import secrets

import msgspec

from backend.domain.people import Who
from backend.domain.signing import later
from backend.domain.webhooks import OVERLAP, SECRET_BYTES, WebhookEndpoint, WebhookSecret, secret_of
from backend.store.change import Change
from backend.store.verb import verb


class RotateWebhookSecret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which. `at_once`: the old one is in wrong hands and signs no more."""

    id: str
    webhook_id: str
    at_once: bool = False
    device_at: str | None = None


@verb
async def rotate_webhook_secret(tx: Change, who: Who, command: RotateWebhookSecret) -> WebhookSecret:
    """The new one, in this answer alone."""
    endpoint = await tx.get(WebhookEndpoint, command.webhook_id)
    secret = secret_of(secrets.token_bytes(SECRET_BYTES))
    old, until = (None, None) if command.at_once else (endpoint.secret, later(tx.now, OVERLAP))
    tx.update(endpoint, secret=secret, old_secret=old, old_until=until)
    tx.record("webhook_secret_rotated", "webhook", endpoint.id, name=endpoint.name, at_once=command.at_once)
    return WebhookSecret(endpoint.id, secret, until)
