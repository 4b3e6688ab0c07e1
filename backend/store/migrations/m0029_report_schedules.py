"""Reports that are made by themselves, and each that was made."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

SCHEDULE = (
    "id site_id report filters form language rhythm day:int at receivers as_file:bool opened_by opened_at "
    "status next_at job_id version:int"
)
RUN = "id site_id schedule_id due_at made_at since? until? file? name? size:int told withheld failed?"


def up(dialect: str) -> list[str]:
    """For one due time there is one report."""
    return [
        table("report_schedule", SCHEDULE, dialect),
        "create index report_schedule_site on report_schedule (site_id)",
        table("report_run", RUN, dialect),
        "create unique index report_run_due on report_run (schedule_id, due_at)",
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return ['drop table "report_run"', 'drop table "report_schedule"']
