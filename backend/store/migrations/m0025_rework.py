"""Rework as an operation of its own."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

REWORK = (
    "id site_id number ncr_id lot_id receipt_id inspection_id instruction quantity:decimal opened_by "
    "opened_at status done? reworked?:decimal line? equipment? done_by? done_at? version:int"
)


def up(dialect: str) -> list[str]:
    """What was disposed as rework before has none, and waits for none."""
    return [
        table("rework", REWORK, dialect),
        "create unique index rework_number on rework (site_id, number)",
        "create index rework_ncr on rework (ncr_id)",
        "create index rework_inspection on rework (inspection_id)",
        "create index rework_lot on rework (lot_id)",
    ]


def down(_dialect: str) -> list[str]:
    """Without it."""
    return ['drop table "rework"']
