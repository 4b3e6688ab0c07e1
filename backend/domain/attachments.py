"""Files that belong to the record, addressed by their content."""

from __future__ import annotations

import msgspec


class Attachment(msgspec.Struct, frozen=True):
    """`id` is the SHA-256 (hex) of the bytes, which lie in the data folder; the event holds the hash too."""

    id: str
    site_id: str
    media_type: str
    size: int
    name: str
    added_by: str
    added_at: str
