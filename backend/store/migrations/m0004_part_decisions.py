"""Decisions about parts: numbered, with a quantity and what binds them; portions that name their decision."""

from __future__ import annotations

from backend.store.migrations.columns import column

ADDED = (
    ("release", "number", "int"),
    ("release", "quantity", "decimal"),
    ("release", "condition", "text"),
    ("release", "ends_on", "text"),
    ("portion", "release_id", "text"),
)
IN_FORCE = 'create unique index release_in_force on "release" ({}) where superseded_at is null'
UNDECIDED = (
    "create index portion_undecided on portion (receipt_id) "
    "where status in ('quarantine', 'inspecting', 'held', 'conditional')"
)


def up(dialect: str) -> list[str]:
    """The columns, and one decision in force of each number instead of one a receipt.

    Decisions signed before have no number and are about the whole receipt.
    """
    added = [f'alter table "{table}" add column {column(name, kind, dialect)}' for table, name, kind in ADDED]
    return [*added, "drop index release_in_force", IN_FORCE.format("receipt_id, number"), UNDECIDED]


def down(_dialect: str) -> list[str]:
    """Without them."""
    dropped = [f'alter table "{table}" drop column "{name}"' for table, name, _ in reversed(ADDED)]
    return [
        "drop index portion_undecided",
        "drop index release_in_force",
        *dropped,
        IN_FORCE.format("receipt_id"),
    ]
