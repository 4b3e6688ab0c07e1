"""When the file of a report that was made by itself was let go of."""

from __future__ import annotations

from backend.store.migrations.columns import column


def up(dialect: str) -> list[str]:
    """Those of before are all kept."""
    return [
        f"alter table report_run add column {column('gone_at', 'text', dialect)}",
        "create index report_run_made on report_run (site_id, made_at)",
    ]


def down(_dialect: str) -> list[str]:
    """Without it."""
    return ["drop index report_run_made", 'alter table report_run drop column "gone_at"']
