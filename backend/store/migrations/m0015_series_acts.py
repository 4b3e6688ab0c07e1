"""What people do to a series: leave for reduced inspection, its end, corrective action; lots that skip inspection."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLE = """create table "series_act" (
    "id" text primary key not null, "site_id" text not null, "item_id" text not null,
    "supplier_id" text not null, "stage" text not null, "of" text not null, "act" text not null,
    "reason" text not null, "person_id" text not null, "at" text not null)"""
INDEX = "create index series_act_of on series_act (site_id, item_id, supplier_id, stage)"


def up(dialect: str) -> list[str]:
    """No series has been acted on yet; no lot has skipped anything."""
    table = TABLE.replace(" text", ' text collate "C"') if dialect == "postgres" else TABLE
    return [table, INDEX, f'alter table "inspection" add column {column("skipped", "bool", dialect)}']


def down(_dialect: str) -> list[str]:
    """Without them."""
    return ['alter table "inspection" drop column "skipped"', 'drop table "series_act"']
