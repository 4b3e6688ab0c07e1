"""What suppliers are qualified for, their certificates, and what they say they change (QUA-5, LOT-13)."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLES = {
    "qualification": "id site_id supplier_id item_id status expires_on reason decided_by decided_at version:int",
    "supplier_certificate": "id site_id supplier_id kind number valid_until file? added_by added_at",
    "supplier_change": "id site_id supplier_id item_ids what said_on noted_by noted_at result? finding? "
    "re_evaluated_by? re_evaluated_at? version:int",
}
INDEXES = (
    "create unique index qualification_once on qualification (site_id, supplier_id, item_id)",
    "create index supplier_certificate_of on supplier_certificate (supplier_id)",
    "create index supplier_change_of on supplier_change (supplier_id)",
)


def up(dialect: str) -> list[str]:
    """Nobody is qualified yet: the rule comes into force with the first qualification of a site."""
    return [*(_table(name, columns, dialect) for name, columns in TABLES.items()), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'drop table "{name}"' for name in reversed(TABLES)]


def _table(name: str, columns: str, dialect: str) -> str:
    """`name?:kind` a column; `?` may be null, no kind is text."""
    parts = []
    for text in columns.split():
        named, _, kind = text.partition(":")
        key = " primary key" if named == "id" else ""
        needed = "" if named.endswith("?") else " not null"
        parts.append(column(named.rstrip("?"), kind or "text", dialect) + key + needed)
    return f'create table "{name}" ({", ".join(parts)})'
