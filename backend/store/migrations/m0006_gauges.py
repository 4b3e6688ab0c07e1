"""Gauges, their calibrations, the gauge of each reading, and assessments of what a bad one measured (RES-6, RES-7)."""

from __future__ import annotations

TABLES = [
    """create table "gauge" (
        "id" text primary key not null, "site_id" text not null, "code" text not null, "type" text not null,
        "name" text not null, "unit" text not null, "lower" DECIMAL not null, "upper" DECIMAL not null,
        "resolution" DECIMAL not null, "interval_days" INT not null, "status" text not null,
        "calibrated_on" text not null, "due_on" text not null, "version" INT not null)""",
    """create table "calibration" (
        "id" text primary key not null, "site_id" text not null, "gauge_id" text not null,
        "done_on" text not null, "as_found" text not null, "as_left" text not null, "certificate" text not null,
        "due_on" text not null, "person_id" text not null, "at" text not null, "note" text)""",
    """create table "assessment" (
        "id" text primary key not null, "site_id" text not null, "number" text not null,
        "gauge_id" text not null, "calibration_id" text not null, "lot_id" text not null,
        "receipt_id" text not null, "readings" text not null, "owner_id" text not null,
        "due_on" text not null, "opened_at" text not null, "status" text not null, "conclusion" text,
        "reason" text, "closed_by" text, "closed_at" text, "version" INT not null)""",
]
INDEXES = [
    "create unique index gauge_code on gauge (site_id, code)",
    "create index calibration_gauge on calibration (gauge_id)",
    "create unique index assessment_number on assessment (site_id, number)",
    "create unique index assessment_once on assessment (calibration_id, receipt_id)",
    "create index assessment_receipt on assessment (receipt_id)",
    "create index reading_gauge on reading (gauge_id) where gauge_id is not null",
]
COLUMNS = {"gauge_id": "text", "gauge_due_on": "text", "gauge_resolution": "DECIMAL"}


def up(dialect: str) -> list[str]:
    """Tables, then the columns; readings made before have no gauge."""
    columns = [f'alter table "reading" add column "{name}" {kind}' for name, kind in COLUMNS.items()]
    return [_words(statement, dialect) for statement in [*TABLES, *columns, *INDEXES]]


def down(_dialect: str) -> list[str]:
    """Without them."""
    columns = [f'alter table "reading" drop column "{name}"' for name in COLUMNS]
    tables = [f'drop table "{name}"' for name in ("assessment", "calibration", "gauge")]
    return ["drop index reading_gauge", *columns, *tables]


def _words(statement: str, dialect: str) -> str:
    if dialect == "postgres":
        statement = statement.replace(" INT", " bigint").replace(" DECIMAL", " numeric")
        return statement.replace(" text", ' text collate "C"') if "index" not in statement else statement
    return statement.replace(" INT", " integer").replace(" DECIMAL", " text")
