"""Migrations: hand-written statements for both engines, each step in one transaction, up and down."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from backend.store.database import Database
from backend.store.migrations import (
    m0001_ground,
    m0002_label_counts,
    m0003_switching,
    m0004_part_decisions,
    m0005_plan_versions,
    m0006_gauges,
    m0007_series_state,
    m0010_dividing,
    m0011_result_kinds,
    m0012_second_looks,
    m0014_chart_signals,
    m0015_series_acts,
    m0016_recall,
    m0017_units,
    m0018_telling,
    m0019_suppliers,
    m0020_documents,
    m0021_search,
    m0022_epcis,
    m0023_loop,
    m0024_dashboards,
    m0025_rework,
    m0026_sent_back,
    m0027_webhooks,
    m0028_environment,
    m0029_report_schedules,
    m0030_equipment,
    m0031_aliases,
    m0032_environment_limits,
    m0033_legal_holds,
    m0034_exceptions,
    m0035_edges,
    m0036_days,
    m0037_opening_stock,
    m0040_states,
    m0041_report_files,
    m0042_complaint_references,
)


class Migration(NamedTuple):
    """One step of the schema."""

    name: str
    up: Callable[[str], list[str]]
    down: Callable[[str], list[str]]


MIGRATIONS = (
    Migration("0001_ground", m0001_ground.up, m0001_ground.down),
    Migration("0002_label_counts", m0002_label_counts.up, m0002_label_counts.down),
    Migration("0003_switching", m0003_switching.up, m0003_switching.down),
    Migration("0004_part_decisions", m0004_part_decisions.up, m0004_part_decisions.down),
    Migration("0005_plan_versions", m0005_plan_versions.up, m0005_plan_versions.down),
    Migration("0006_gauges", m0006_gauges.up, m0006_gauges.down),
    Migration("0007_series_state", m0007_series_state.up, m0007_series_state.down),
    Migration("0010_dividing", m0010_dividing.up, m0010_dividing.down),
    Migration("0011_result_kinds", m0011_result_kinds.up, m0011_result_kinds.down),
    Migration("0012_second_looks", m0012_second_looks.up, m0012_second_looks.down),
    Migration("0014_chart_signals", m0014_chart_signals.up, m0014_chart_signals.down),
    Migration("0015_series_acts", m0015_series_acts.up, m0015_series_acts.down),
    Migration("0016_recall", m0016_recall.up, m0016_recall.down),
    Migration("0017_units", m0017_units.up, m0017_units.down),
    Migration("0018_telling", m0018_telling.up, m0018_telling.down),
    Migration("0019_suppliers", m0019_suppliers.up, m0019_suppliers.down),
    Migration("0020_documents", m0020_documents.up, m0020_documents.down),
    Migration("0021_search", m0021_search.up, m0021_search.down),
    Migration("0022_epcis", m0022_epcis.up, m0022_epcis.down),
    Migration("0023_loop", m0023_loop.up, m0023_loop.down),
    Migration("0024_dashboards", m0024_dashboards.up, m0024_dashboards.down),
    Migration("0025_rework", m0025_rework.up, m0025_rework.down),
    Migration("0026_sent_back", m0026_sent_back.up, m0026_sent_back.down),
    Migration("0027_webhooks", m0027_webhooks.up, m0027_webhooks.down),
    Migration("0028_environment", m0028_environment.up, m0028_environment.down),
    Migration("0029_report_schedules", m0029_report_schedules.up, m0029_report_schedules.down),
    Migration("0030_equipment", m0030_equipment.up, m0030_equipment.down),
    Migration("0031_aliases", m0031_aliases.up, m0031_aliases.down),
    Migration("0032_environment_limits", m0032_environment_limits.up, m0032_environment_limits.down),
    Migration("0033_legal_holds", m0033_legal_holds.up, m0033_legal_holds.down),
    Migration("0034_exceptions", m0034_exceptions.up, m0034_exceptions.down),
    Migration("0035_edges", m0035_edges.up, m0035_edges.down),
    Migration("0036_days", m0036_days.up, m0036_days.down),
    Migration("0037_opening_stock", m0037_opening_stock.up, m0037_opening_stock.down),
    Migration("0040_states", m0040_states.up, m0040_states.down),
    Migration("0041_report_files", m0041_report_files.up, m0041_report_files.down),
    Migration("0042_complaint_references", m0042_complaint_references.up, m0042_complaint_references.down),
)
RECORD = "create table migration (name text primary key not null)"
RECORDED = {
    "sqlite": "select 1 from sqlite_master where type = 'table' and name = 'migration'",
    "postgres": "select 1 from pg_tables where schemaname = current_schema() and tablename = 'migration'",
}


async def applied(database: Database) -> list[str]:
    """Names of the steps that this database has taken, in order."""
    if not await database.fetch(RECORDED[database.dialect]):
        await database.script([RECORD])
    return sorted(name for (name,) in await database.fetch("select name from migration"))


async def migrate(database: Database) -> list[str]:
    """Take every step that is missing; returns their names. A step that fails leaves nothing behind."""
    done = await applied(database)
    missing = [step for step in MIGRATIONS if step.name not in done]
    for step in missing:
        await database.script(
            [*step.up(database.dialect), f"insert into migration (name) values ('{step.name}')"]
        )
    return [step.name for step in missing]


async def unwind(database: Database) -> list[str]:
    """Take every step back, newest first; for tests of the way back."""
    done = await applied(database)
    steps = [step for step in reversed(MIGRATIONS) if step.name in done]
    for step in steps:
        await database.script(
            [*step.down(database.dialect), f"delete from migration where name = '{step.name}'"]
        )
    return [step.name for step in steps]
