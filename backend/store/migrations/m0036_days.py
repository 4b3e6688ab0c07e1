"""What pages of numbers count lies in its index by day, with all that is asked of it: no look-up, no sorting."""

from __future__ import annotations

DAYS = {
    "inspection_finished": (
        "inspection (site_id, substr(finished_at, 1, 10){inside}) {also}where finished_at is not null",
        ("finished_at", "opened_at", "status", "repeats", "purpose", "id"),
        "inspection (site_id, finished_at)",
    ),
    "receipt_received": (
        "receipt (site_id, source, substr(received_at, 1, 10){inside}) {also}",
        ("received_at",),
        "receipt (site_id, source, received_at)",
    ),
}


def up(dialect: str) -> list[str]:
    """By day in place of by instant."""
    statements = []
    for name, (what, columns, _) in DAYS.items():
        listed = ", ".join(columns)
        inside = "" if dialect == "postgres" else f", {listed}"
        also = f"include ({listed}) " if dialect == "postgres" else ""
        statements += [
            f"drop index {name}",
            f"create index {name} on {what.format(inside=inside, also=also)}",
        ]
    return statements


def down(_dialect: str) -> list[str]:
    """By instant."""
    return [
        statement
        for name, (_, _, before) in DAYS.items()
        for statement in (f"drop index {name}", f"create index {name} on {before}")
    ]
