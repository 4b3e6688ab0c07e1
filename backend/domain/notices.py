"""What a person must be told, and the work that falls due."""

from __future__ import annotations

import msgspec

from backend.domain.events import Value


class Notice(msgspec.Struct, frozen=True):
    """Something told to one person; every front words `code` and `facts` in the person's language."""

    id: str
    site_id: str
    person_id: str
    code: str
    subject_kind: str
    subject_id: str
    facts: dict[str, Value]
    created_at: str
    seen_at: str | None = None


class Job(msgspec.Struct, frozen=True):
    """Due work as a row; one runner does what is due at the `now` it is given."""

    id: str
    site_id: str
    kind: str
    subject_id: str
    due_at: str
    done_at: str | None = None
    attempts: int = 0
    last_error: str | None = None
