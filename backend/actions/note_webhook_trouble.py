"""Note that something for another system was given up, or that its address is gone for good (410), and tell whoever
keeps it: once, until something is taken there again. No right lets a person do this."""

from __future__ import annotations

import msgspec

from backend.domain.notices import Notice
from backend.domain.people import Person, Who
from backend.domain.webhooks import GONE, WebhookEndpoint
from backend.store.change import Change
from backend.store.hooking import trouble_told
from backend.store.verb import verb


class NoteWebhookTrouble(msgspec.Struct, frozen=True, kw_only=True):
    """Which endpoint, and why the last attempt did not go: `domain/webhooks.GONE`, or what was answered."""

    id: str
    webhook_id: str
    why: str
    status: int | None
    device_at: str | None = None


@verb
async def note_webhook_trouble(tx: Change, who: Who, command: NoteWebhookTrouble) -> bool:
    """Whether anybody was told: administrators, and whoever added it. Of an address that is gone they always are."""
    endpoint = await tx.get(WebhookEndpoint, command.webhook_id)
    gone = command.why == GONE
    if not gone and await trouble_told(tx, endpoint.id):
        return False
    code = "webhook_gone" if gone else "webhook_given_up"
    facts = {"name": endpoint.name, "address": endpoint.address, "why": command.why}
    await tx.tell_who_may("change_webhook", code, "webhook", endpoint.id, **facts)
    owner = await tx.get(Person, endpoint.added_by)
    if owner.active and owner.id not in {notice.person_id for notice in tx.pending(Notice)}:
        tx.tell(owner.id, code, "webhook", endpoint.id, **facts)
    tx.record(code, "webhook", endpoint.id, reason=command.why, name=endpoint.name, status=command.status)
    return True
