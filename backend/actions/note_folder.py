"""Note that the watched folder of the server can't be worked with, or that it is again: told to administrators, once.
No right lets a person do this."""

from __future__ import annotations

from uuid import UUID, uuid5

import msgspec

from backend.domain.people import Who
from backend.store.change import Change
from backend.store.exchanging import last_of
from backend.store.verb import verb

FOLDERS = UUID("0f1b0f0e-3c52-5d0a-9a3b-6d2f4a0d7e55")
"""Name space: a folder of a site is one subject of the log."""
KEEPERS = ("administrator",)


class NoteFolder(msgspec.Struct, frozen=True, kw_only=True):
    """Which; `trouble`: a code of why nothing is taken, None: all is well."""

    id: str
    folder: str
    trouble: str | None
    device_at: str | None = None


@verb
async def note_folder(tx: Change, who: Who, command: NoteFolder) -> bool:
    """Whether that is news."""
    subject = str(uuid5(FOLDERS, f"{who.site_id}\n{command.folder}"))
    before = await last_of(tx, who.site_id, subject)
    if (before.reason if before is not None else None) == command.trouble:
        return False
    if command.trouble is None:
        tx.record("folder_watched", "folder", subject, folder=command.folder)
        return True
    facts = {"folder": command.folder, "why": command.trouble}
    await tx.tell_role(KEEPERS, "folder_trouble", "folder", subject, **facts)
    tx.record("folder_trouble", "folder", subject, reason=command.trouble, folder=command.folder)
    return True
