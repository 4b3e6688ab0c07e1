"""A complaint's number in the system that it comes from, by which it is there once and found; the lot first named."""

from __future__ import annotations

from backend.store.migrations import m0023_loop
from backend.store.migrations.columns import column
from backend.store.migrations.m0021_search import Source, triggers

COLUMNS = ("reference", "first_lot_id")
SOURCES = (Source("complaint", "complaint", "id", (("number", "number"), ("reference", "reference"))),)


def up(dialect: str) -> list[str]:
    """Those of before have none."""
    return [
        *(f"alter table complaint add column {column(name, 'text', dialect)}" for name in COLUMNS),
        "create unique index complaint_reference on complaint (site_id, reference)",
        *_unnamed(dialect),
        *(text for source in SOURCES for text in triggers(source, dialect)),
    ]


def down(dialect: str) -> list[str]:
    """Without them, and without their names."""
    return [
        *_unnamed(dialect),
        *(
            text
            for source in m0023_loop.SOURCES
            if source.table == "complaint"
            for text in triggers(source, dialect)
        ),
        "delete from search_name where kind = 'complaint' and field = 'reference'",
        "drop index complaint_reference",
        *(f'alter table complaint drop column "{name}"' for name in reversed(COLUMNS)),
    ]


def _unnamed(dialect: str) -> list[str]:
    """What kept the names so far ends."""
    if dialect == "postgres":
        return ["drop function complaint_named() cascade"]
    return ["drop trigger complaint_named", "drop trigger complaint_named_anew"]
