"""Where series stand, kept; the lots of a material and supplier found by an index."""

from __future__ import annotations

TABLE = """create table "series_state" (
    "id" text primary key not null, "site_id" text not null, "item_id" text not null,
    "supplier_id" text not null, "stage" text not null, "classes" text not null, "waiting" text not null,
    "counted_to" text not null, "stale" boolean not null, "version" INT not null)"""
INDEXES = [
    "create unique index series_state_of on series_state (site_id, item_id, supplier_id, stage)",
    "create index lot_series on lot (site_id, item_id, supplier_id)",
]


def up(dialect: str) -> list[str]:
    """A series that has no row yet is counted from its inspections when its next one opens."""
    if dialect == "postgres":
        return [TABLE.replace(" INT", " bigint").replace(" text", ' text collate "C"'), *INDEXES]
    return [TABLE.replace(" INT", " integer"), *INDEXES]


def down(dialect: str) -> list[str]:
    """Without them."""
    return ["drop index lot_series", 'drop table "series_state"']
