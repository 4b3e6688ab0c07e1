"""Plans are written here: who wrote a version, why, how it was tried, who signed it; what a move to another
version made of each reading (SMP-1, SMP-8)."""

from __future__ import annotations

TEXT = {"sqlite": "text", "postgres": 'text collate "C"'}
COLUMNS = ("authors", "change", "trial", "signature_id", "obsolete_from")
TABLE = """create table "judgement" (
    "id" text primary key not null, "site_id" text not null, "inspection_id" text not null,
    "reading_id" text not null, "plan_version_id" text not null, "verdict" text, "at" text not null)"""
INDEXES = [
    "create index judgement_inspection on judgement (inspection_id)",
    "create index inspection_plan on inspection (plan_version_id, id)",
]


def up(dialect: str) -> list[str]:
    """The columns, the table, and the way from a plan to its inspections."""
    columns = [f'alter table "plan_version" add column "{name}" {TEXT[dialect]}' for name in COLUMNS]
    return [*columns, TABLE.replace(" text", f" {TEXT[dialect]}"), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [
        "drop index inspection_plan",
        'drop table "judgement"',
        *(f'alter table "plan_version" drop column "{name}"' for name in COLUMNS),
    ]
