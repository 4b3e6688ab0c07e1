"""Note in the log that somebody took a report out: which, of what, in which form, and its digest (AUD-9)."""

from __future__ import annotations

import msgspec

from backend.domain.people import Who
from backend.domain.record_exports import Format, Kind
from backend.domain.reports import Filters
from backend.store.change import Change
from backend.store.verb import verb


class NoteReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for, and the SHA-256 (hex) of the file."""

    id: str
    kind: Kind
    filters: Filters
    format: Format
    sha256: str
    device_at: str | None = None


@verb(own=True)
async def note_report(tx: Change, who: Who, command: NoteReport) -> str:
    """The digest as it was noted."""
    tx.record(
        "report_exported",
        "site",
        who.site_id,
        report=command.kind,
        filters=dict(command.filters.given()),
        format=command.format,
        sha256=command.sha256,
    )
    return command.sha256
