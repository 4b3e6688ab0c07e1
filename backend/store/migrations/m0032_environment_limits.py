"""Between which limits a quantity is to stay at a place."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

LIMIT = "id site_id place quantity unit low?:decimal high?:decimal reason set_by set_at version:int"


def up(dialect: str) -> list[str]:
    """None yet: nothing is out of them."""
    return [
        table("environment_limit", LIMIT, dialect),
        "create unique index environment_limit_once on environment_limit (site_id, place, quantity, unit)",
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return ['drop table "environment_limit"']
