"""Note in the log that an archive was made: of what, and the digest of its list of files (AUD-9, AUD-10)."""

from __future__ import annotations

import msgspec

from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb


class NoteArchive(msgspec.Struct, frozen=True, kw_only=True):
    """`sha256` (hex) is of SHA256SUMS, and so of every file."""

    id: str
    site_id: str
    until: str
    lots: int
    sha256: str
    device_at: str | None = None


@verb(own=True)
async def note_archive(tx: Change, who: Who, command: NoteArchive) -> str:
    """The digest as it was noted."""
    tx.record(
        "archive_made", "site", command.site_id, until=command.until, lots=command.lots, sha256=command.sha256
    )
    return command.sha256
