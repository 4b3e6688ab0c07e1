"""Switching: how hard each class of an inspection's characteristics is inspected, and what its lot said."""

from __future__ import annotations

COLUMN = {"sqlite": "text", "postgres": 'text collate "C"'}


def up(dialect: str) -> list[str]:
    """The column; inspections opened before have none and were inspected normally."""
    return [f'alter table "inspection" add column "sampling" {COLUMN[dialect]}']


def down(_dialect: str) -> list[str]:
    """Without it."""
    return ['alter table "inspection" drop column "sampling"']
