"""What was taken over from the spreadsheets before Lotgate; its old numbers are searched as well."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table
from backend.store.migrations.m0021_search import Source, triggers

COLUMNS = (
    "id site_id lot_id receipt_id item_id old_number status released_by? released_on? reference? note? location_id? "
    "said file sha256 line:int taken_by taken_at"
)
SOURCES = (Source("taken_over", "lot", "lot_id", (("old_number", "old_number"),)),)


def up(dialect: str) -> list[str]:
    """Nothing was taken over yet."""
    return [
        table("taken_over", COLUMNS, dialect),
        "create unique index taken_over_receipt on taken_over (receipt_id)",
        "create index taken_over_lot on taken_over (lot_id)",
        "create index taken_over_site on taken_over (site_id, status)",
        *(text for source in SOURCES for text in triggers(source, dialect)),
    ]


def down(dialect: str) -> list[str]:
    """Without it, and without its names."""
    functions = ["drop function taken_over_named() cascade"] if dialect == "postgres" else []
    return [
        *functions,
        'drop table "taken_over"',
        "delete from search_name where substr(field, 1, 11) = 'old_number '",
    ]
