"""How a reading's value came from what was entered: limits of detection, other units, several readings, formulas."""

from __future__ import annotations

from backend.store.migrations.columns import column


def up(dialect: str) -> list[str]:
    """The column; older readings are what was typed."""
    return [f'alter table "reading" add column {column("basis", "text", dialect)}']


def down(_dialect: str) -> list[str]:
    """Without it."""
    return ['alter table "reading" drop column "basis"']
