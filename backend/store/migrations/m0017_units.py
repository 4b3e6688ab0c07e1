"""Units of a material with their factors, and quantities as they were entered (LOT-8)."""

from __future__ import annotations

from backend.store.migrations.columns import TYPES, column

ADDED = (
    ("item", "inspection_unit"),
    ("inspection", "unit"),
    ("order_line", "entered"),
    ("receipt", "entered"),
    ("movement", "entered"),
)
COLUMNS = ("id", "site_id", "item_id", "unit", "count", "stock", "since", "person_id", "reason")
INDEX = "create unique index item_unit_since on item_unit (item_id, unit, since)"


def up(dialect: str) -> list[str]:
    """No material has units beside its stock unit yet; everything was entered in that."""
    types = TYPES[dialect]
    columns = [
        f'"{name}" {types["decimal" if name in ("count", "stock") else "text"]} not null' for name in COLUMNS
    ]
    table = f'create table "item_unit" ({", ".join(columns)}, primary key ("id"))'
    added = [f'alter table "{of}" add column {column(name, "text", dialect)}' for of, name in ADDED]
    return [table, INDEX, *added]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [*(f'alter table "{of}" drop column "{name}"' for of, name in ADDED), 'drop table "item_unit"']
