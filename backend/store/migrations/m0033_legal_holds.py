"""Records of a lot that a person has said must not be removed."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

COLUMNS = "id site_id lot_id reason set_by set_at lifted_by? lifted_at? lift_reason? version:int"


def up(dialect: str) -> list[str]:
    """None yet."""
    return [table("legal_hold", COLUMNS, dialect), "create index legal_hold_lot on legal_hold (lot_id)"]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return ['drop table "legal_hold"']
