"""Lines and machines as master data, with their services."""

from __future__ import annotations

from backend.store.migrations.m0016_recall import table

TABLES = {
    "equipment": "id site_id kind code name line? interval_days?:int status serviced_on? due_on? ended_at? version:int",
    "service": "id site_id equipment_id kind done_on done attachments due_on? person_id at",
}


def up(dialect: str) -> list[str]:
    """A site that keeps none goes on as before: what was written on lots stays a text."""
    return [
        *(table(name, columns, dialect) for name, columns in TABLES.items()),
        "create unique index equipment_code on equipment (site_id, kind, code)",
        "create index service_equipment on service (equipment_id)",
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'drop table "{name}"' for name in reversed(TABLES)]
