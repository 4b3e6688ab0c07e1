"""The audit exception that a nonconformity report was opened from."""

from __future__ import annotations

from backend.store.migrations.columns import column


def up(dialect: str) -> list[str]:
    """Reports of before have none."""
    return [
        f"alter table ncr add column {column(name, 'text', dialect)}" for name in ("about_kind", "about_id")
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'alter table ncr drop column "{name}"' for name in ("about_kind", "about_id")]
