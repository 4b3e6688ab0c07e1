"""Work that is due at a moment."""

from __future__ import annotations

from backend.domain.notices import Job
from backend.store.reader import Reader


async def due_jobs(read: Reader, now: str) -> list[Job]:
    """The longest overdue first."""
    return await read.all(Job, "done_at is null and due_at <= $1 order by due_at, id limit 100", now)
