"""Values of sensors."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

VALUE = "id site_id place quantity unit value:decimal at person_id recorded_at"


def up(dialect: str) -> list[str]:
    """None yet."""
    return [
        table("environment_value", VALUE, dialect),
        "create unique index environment_value_once on environment_value (site_id, place, quantity, at)",
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return ['drop table "environment_value"']
