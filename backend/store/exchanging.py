"""What the log says last of watched folders."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from backend.store.reader import Reader


class FolderState(NamedTuple):
    """`reason`: why nothing is taken there, None: all is well."""

    subject: str
    folder: str
    at: str
    reason: str | None


class _Facts(msgspec.Struct):
    folder: str


class _Noted(msgspec.Struct):
    facts: _Facts
    reason: str | None = None


_LAST = "select subject_id, at, body from event where site_id = $1 and type in ('folder_trouble', 'folder_watched') "


async def last_of(read: Reader, site_id: str, subject: str) -> FolderState | None:
    """What was noted last of one; None: nothing yet."""
    rows = await read.rows(f"{_LAST} and subject_id = $2 order by seq desc limit 1", site_id, subject)
    return _state(rows[0]) if rows else None


async def in_trouble(read: Reader, site_id: str) -> list[FolderState]:
    """Folders of a site that are not worked with now."""
    found = dict[str, FolderState]()
    for row in await read.rows(f"{_LAST} order by seq", site_id):
        found[row[0]] = _state(row)
    return [each for each in found.values() if each.reason is not None]


def _state(row: tuple[str, ...] | list[str]) -> FolderState:
    noted = msgspec.json.decode(row[2], type=_Noted)
    return FolderState(row[0], noted.facts.folder, row[1], noted.reason)
