"""Records of master data that are another one's alias."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

COLUMNS = "id site_id kind alias_id kept_id reason merged_by merged_at undone_by? undone_at? undone_reason? version:int"


def up(dialect: str) -> list[str]:
    """Nothing is an alias yet."""
    return [
        table("alias", COLUMNS, dialect),
        "create unique index alias_once on alias (alias_id) where undone_at is null",
        "create index alias_kept on alias (kept_id)",
    ]


def down(_dialect: str) -> list[str]:
    """Without them each record stands for itself again."""
    return ['drop table "alias"']
