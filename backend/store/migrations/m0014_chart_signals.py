"""Signals of control charts with what people made of them, and how far the log was watched (RES-11)."""

from __future__ import annotations

TABLES = [
    """create table "chart_signal" (
        "id" text primary key not null, "site_id" text not null, "item_id" text not null,
        "supplier_id" text not null, "stage" text not null, "characteristic" text not null, "unit" text not null,
        "inspection_id" text not null, "lot_id" text not null, "shown" text not null, "proposal" text not null,
        "rule_set" text not null, "at" text not null, "status" text not null, "reason" text, "ncr_id" text,
        "answered_by" text, "answered_at" text, "version" INT not null)""",
    """create table "log_mark" ("id" text primary key not null, "seq" INT not null)""",
]
INDEXES = [
    "create index chart_signal_of on chart_signal (site_id, item_id, supplier_id, stage, characteristic)",
    "create index chart_signal_newest on chart_signal (site_id, at desc)",
]


def up(dialect: str) -> list[str]:
    """What lies in the log before is not told of: the charts show it."""
    return [*(_words(table, dialect) for table in TABLES), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'drop table "{name}"' for name in ("log_mark", "chart_signal")]


def _words(statement: str, dialect: str) -> str:
    if dialect == "postgres":
        return statement.replace(" INT", " bigint").replace(" text", ' text collate "C"')
    return statement.replace(" INT", " integer")
