"""Endpoints of other systems that hear of events: added, changed, given a new secret, tried."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.add_webhook import AddWebhook, add_webhook
from backend.actions.change_webhook import ChangeWebhook, change_webhook
from backend.actions.rotate_webhook_secret import RotateWebhookSecret, rotate_webhook_secret
from backend.actions.try_webhook import TryWebhook, try_webhook
from backend.domain.webhooks import WebhookSecret
from backend.views.webhooks import DeliveryLine, WebhookPage, deliveries, webhook_page
from backend.web.asking import Has, Id, Me, ask_right


class WebhookAsked(msgspec.Struct, forbid_unknown_fields=True):
    """A new endpoint."""

    id: str
    name: str
    address: str
    types: list[str]
    device_at: str | None = None


class WebhookChanged(msgspec.Struct, forbid_unknown_fields=True):
    """How it is to be."""

    id: str
    types: list[str]
    active: bool
    device_at: str | None = None


class SecretAsked(msgspec.Struct, forbid_unknown_fields=True):
    """`at_once`: the old secret signs no more."""

    id: str
    at_once: bool = False
    device_at: str | None = None


class TrialAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Nothing but that it is asked for."""

    id: str
    device_at: str | None = None


@get("/api/webhooks", operation_id="list_webhooks")
async def listed(me: Me, parts: Has) -> WebhookPage:
    """All of the site."""
    await ask_right(me, parts, "change_webhook")
    return await webhook_page(me.reads(parts.store), me.who.site_id)


@post("/api/webhooks", operation_id="add_webhook")
async def added(data: JSONBody[WebhookAsked], me: Me, parts: Has) -> WebhookSecret:
    """The answer holds the secret; no other one does."""
    command = AddWebhook(**msgspec.structs.asdict(data), inside=parts.inside)
    return await add_webhook(parts.store, me.who, command)


@post("/api/webhooks/{webhook_id:str}", operation_id="change_webhook", status_code=200)
async def changed(webhook_id: Id, data: JSONBody[WebhookChanged], me: Me, parts: Has) -> WebhookPage:
    """On or off, and what it hears."""
    command = ChangeWebhook(**msgspec.structs.asdict(data), webhook_id=webhook_id)
    await change_webhook(parts.store, me.who, command)
    return await webhook_page(me.reads(parts.store), me.who.site_id)


@post("/api/webhooks/{webhook_id:str}/secret", operation_id="rotate_webhook_secret", status_code=200)
async def rotated(webhook_id: Id, data: JSONBody[SecretAsked], me: Me, parts: Has) -> WebhookSecret:
    """The answer holds the new secret; for a day the old one signs as well."""
    command = RotateWebhookSecret(**msgspec.structs.asdict(data), webhook_id=webhook_id)
    return await rotate_webhook_secret(parts.store, me.who, command)


@post("/api/webhooks/{webhook_id:str}/trial", operation_id="try_webhook", status_code=200)
async def tried(webhook_id: Id, data: JSONBody[TrialAsked], me: Me, parts: Has) -> str:
    """An event of its own goes there."""
    command = TryWebhook(**msgspec.structs.asdict(data), webhook_id=webhook_id)
    return await try_webhook(parts.store, me.who, command)


@get("/api/webhooks/{webhook_id:str}/deliveries", operation_id="list_webhook_deliveries")
async def sent(webhook_id: Id, me: Me, parts: Has) -> list[DeliveryLine]:
    """The newest fifty."""
    await ask_right(me, parts, "change_webhook")
    return await deliveries(me.reads(parts.store), webhook_id)


HANDLERS = [listed, added, changed, rotated, tried, sent]
