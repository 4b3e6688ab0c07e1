"""Documents under control, who must be trained in them, and who is (QUA-4, REL-11)."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLES = {
    "document": "id site_id number name kind owner_id effective_id? effective_revision? withdrawn_on? version:int",
    "document_version": "id site_id document_id number:int revision status text questions authors file? change? "
    "effective_from? obsolete_from? signature_id? version:int",
    "training_need": "id site_id document_id person_id? role? lapses_days?:int since ended_at? version:int",
    "training": "id site_id person_id document_id document_version_id read_at passed_at lapses_on?",
    "training_attempt": "id site_id person_id document_version_id answers wrong:int at",
}
INDEXES = (
    "create unique index document_number on document (site_id, number)",
    "create unique index document_version_number on document_version (document_id, number)",
    "create unique index document_version_revision on document_version (document_id, revision)",
    "create unique index document_version_effective on document_version (document_id) where status = 'effective'",
    "create index training_need_document on training_need (document_id)",
    "create index training_person on training (person_id, document_version_id)",
    "create index training_version on training (document_version_id)",
    "create index training_attempt_version on training_attempt (document_version_id, person_id)",
)


def up(dialect: str) -> list[str]:
    """No document is kept yet."""
    return [*(_table(name, columns, dialect) for name, columns in TABLES.items()), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'drop table "{name}"' for name in reversed(TABLES)]


def _table(name: str, columns: str, dialect: str) -> str:
    """`name?:kind` a column; `?` may be null, no kind is text."""
    parts = []
    for text in columns.split():
        named, _, kind = text.partition(":")
        key = " primary key" if named == "id" else ""
        needed = "" if named.endswith("?") else " not null"
        parts.append(column(named.rstrip("?"), kind or "text", dialect) + key + needed)
    return f'create table "{name}" ({", ".join(parts)})'
