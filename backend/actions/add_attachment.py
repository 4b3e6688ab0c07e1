"""Put a file on record: its SHA-256 is its name, its bytes lie in the data folder, the event holds the hash."""

from __future__ import annotations

import msgspec

from backend.domain.attachments import Attachment
from backend.domain.people import Who
from backend.domain.printed_fields import Proposal
from backend.store.change import Change
from backend.store.verb import verb


class AddAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes are stored already, under this hash (hex)."""

    id: str
    sha256: str
    media_type: str
    size: int
    name: str = ""
    printed: list[Proposal] | None = None
    """What its print proposes, where it was read."""
    device_at: str | None = None


@verb
async def add_attachment(tx: Change, who: Who, command: AddAttachment) -> Attachment:
    """The same bytes twice are one attachment; what was read of its print is kept each time."""
    read = {} if command.printed is None else {"printed": msgspec.to_builtins(command.printed)}
    known = await tx.first(Attachment, "id = $1", command.sha256)
    if known is not None:
        if read:
            tx.record("print_read", "attachment", known.id, **read)
        return known
    added = tx.insert(
        Attachment(
            command.sha256,
            who.site_id,
            command.media_type,
            command.size,
            command.name[:200],
            who.person_id,
            tx.now,
        )
    )
    tx.record(
        "attachment_added", "attachment", added.id, size=added.size, media_type=added.media_type, **read
    )
    return added
