"""How people want to be told: quiet hours, digest, deputy, and channels beside page and bot (AUD-8)."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLES = [
    """create table "telling" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null, "quiet_from" text,
        "quiet_until" text, "digest_at" text, "deputy_id" text, "version" INT not null)""",
    """create table "channel" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null, "kind" text not null,
        "name" text not null, "address" text not null, "secret" text, "roles" text not null,
        "urgent_only" BOOL not null, "added_at" text not null, "ended_at" text, "version" INT not null)""",
]
INDEXES = [
    "create index channel_of on channel (site_id) where ended_at is null",
    "create index outgoing_of on outgoing (person_id, created_at)",
    "create unique index outgoing_once on outgoing (notice_id, channel_id) where channel_id is not null",
]


def up(dialect: str) -> list[str]:
    """Nobody has asked for anything else than the page and the bot yet."""
    tables = [_words(table, dialect) for table in TABLES]
    return [*tables, f'alter table "outgoing" add column {column("channel_id", "text", dialect)}', *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    indexes = [f"drop index {name}" for name in ("outgoing_once", "outgoing_of")]
    tables = [f'drop table "{name}"' for name in ("channel", "telling")]
    return [*indexes, 'alter table "outgoing" drop column "channel_id"', *tables]


def _words(statement: str, dialect: str) -> str:
    if dialect == "postgres":
        statement = statement.replace(" INT", " bigint").replace(" text", ' text collate "C"')
    return statement.replace(" INT", " integer").replace(" BOOL", " boolean")
