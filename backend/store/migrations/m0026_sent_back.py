"""Who sent a release back for what a follow-up asks."""

from __future__ import annotations

from backend.store.migrations.columns import column


def up(dialect: str) -> list[str]:
    """Follow-ups of other matters have none."""
    return [f"alter table follow_up add column {column('asked_by', 'text', dialect)}"]


def down(_dialect: str) -> list[str]:
    """Without it."""
    return ['alter table follow_up drop column "asked_by"']
