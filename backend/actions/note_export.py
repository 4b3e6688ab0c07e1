"""Note in the log that somebody took a record out, in which form, with the digest of what they got (AUD-9)."""

from __future__ import annotations

import msgspec

from backend.domain.people import Who
from backend.domain.record_exports import Format
from backend.store.change import Change
from backend.store.stock import lot_named
from backend.store.verb import verb


class NoteExport(msgspec.Struct, frozen=True, kw_only=True):
    """Of which lot, and the SHA-256 (hex) of the file."""

    id: str
    lot_number: str
    format: Format
    sha256: str
    device_at: str | None = None


@verb(own=True)
async def note_export(tx: Change, who: Who, command: NoteExport) -> str:
    """The digest as it was noted."""
    lot = await lot_named(tx, command.lot_number)
    tx.record("record_exported", "lot", lot.id, lot=lot.number, format=command.format, sha256=command.sha256)
    return command.sha256
