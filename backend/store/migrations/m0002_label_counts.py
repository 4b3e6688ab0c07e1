"""Labels of a lot, counted: printed, used, destroyed, returned, missing (QUA-9)."""

from __future__ import annotations

TABLE = """create table "label_count" (
    "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
    "kind" text not null, "count" INT not null check ("count" > 0), "reason" text,
    "person_id" text not null, "at" text not null)"""
INDEX = "create index label_count_lot on label_count (lot_id)"


def up(dialect: str) -> list[str]:
    """Statements that make it."""
    if dialect == "postgres":
        return [TABLE.replace(" INT", " bigint").replace(" text", ' text collate "C"'), INDEX]
    return [TABLE.replace(" INT", " integer"), INDEX]


def down(dialect: str) -> list[str]:
    """Statements that take it away again."""
    return ["drop table label_count"]
