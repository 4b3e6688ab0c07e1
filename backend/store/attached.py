"""Files that a command names must be on record already: a photo that is required can't be a made-up hash."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.attachments import Attachment
from backend.domain.errors import Reason, Refused
from backend.store.reader import Reader


async def check_attached(read: Reader, hashes: Sequence[str], field: str = "attachments") -> None:
    """Refuses with `attachment_unknown` for each that the reader's site does not hold."""
    unknown = [
        Reason("attachment_unknown", {"id": sha256[:64]}, field)
        for sha256 in dict.fromkeys(hashes)
        if await read.first(Attachment, "id = $1 and site_id = $2", sha256, read.site_id) is None
    ]
    if unknown:
        raise Refused(*unknown)
