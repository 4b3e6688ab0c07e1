"""Is the schema the one that the migrations made: the triggers that keep the log append-only, the indexes that
keep decisions single, and no table, view, trigger or rule besides?
"""

from __future__ import annotations

import re

from pysqlite3 import dbapi2 as sqlite

from backend.store.database import Unavailable
from backend.store.log import COLUMNS
from backend.store.log_report import Finding, shown
from backend.store.migrate import MIGRATIONS, RECORD
from backend.store.migrations import (
    m0021_search,
    m0023_loop,
    m0037_opening_stock,
    m0042_complaint_references,
)
from backend.store.migrations.m0001_ground import TRIGGERS
from backend.store.migrations.m0021_search import body_of
from backend.store.reader import Reader
from backend.store.tables import LOGGED, PASSING, table_of

PARTS = "select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite\\_%' escape '\\'"
POSTGRES_TRIGGER = "event_append_only"
BEFORE_STATEMENT = 2 + 8 + 16 + 32
"""pg_trigger.tgtype: before; delete, update, truncate; once a statement."""
AFTER_ROW = 1 + 4 + 16
"""Each row; insert, update; afterwards."""


class NotMigrated(Exception):
    """No Lotgate database, or one of another version; `missing` and `unknown` steps say which."""

    def __init__(self, missing: list[str], unknown: list[str]) -> None:
        super().__init__(", ".join(missing + unknown))
        self.missing, self.unknown = missing, unknown


async def check_schema(read: Reader) -> list[Finding]:
    """Compare. Raises NotMigrated, Unavailable."""
    await _check_version(read)
    return await (_check_sqlite(read) if read.dialect == "sqlite" else _check_postgres(read))


async def _check_version(read: Reader) -> None:
    known = [step.name for step in MIGRATIONS]
    try:
        taken = [str(name) for (name,) in await read.rows("select name from migration order by name")]
    except Unavailable as error:
        if "migration" not in str(error):
            raise
        taken = []
    missing = [name for name in known if name not in taken]
    unknown = [name for name in taken if name not in known]
    if missing or unknown:
        raise NotMigrated(missing, unknown)


async def _check_sqlite(read: Reader) -> list[Finding]:
    """Against a fresh database in memory that took the same steps."""
    fresh = sqlite.connect(":memory:", isolation_level=None)
    try:
        for statement in [RECORD, *(text for step in MIGRATIONS for text in step.up("sqlite"))]:
            fresh.execute(statement)
        wanted = {(kind, name): (table, sql) for kind, name, table, sql in fresh.execute(PARTS)}
    finally:
        fresh.close()
    findings = []
    for kind, name, table, sql in await read.rows(PARTS):
        part = wanted.pop((kind, name), None)
        if part is None:
            findings.append(Finding("schema_unknown", str(table), shown(name), found=shown(sql)))
        elif part != (table, sql):
            findings.append(Finding("schema_changed", part[0], name, None, None, part[1], shown(sql)))
    findings += [
        Finding("schema_missing", table, name, expected=sql) for (_, name), (table, sql) in wanted.items()
    ]
    return findings


async def _check_postgres(read: Reader) -> list[Finding]:
    columns = {table_of(noun, "postgres").name: _columns(noun) for noun in (*LOGGED, *PASSING)}
    columns["event"] = set(COLUMNS)
    findings = await _tables(read, columns)
    findings += await _triggers(read, set(columns))
    findings += await _indexes(read)
    rules = await read.rows(
        "select tablename, rulename, definition from pg_rules where schemaname = current_schema()"
    )
    return findings + [
        Finding("schema_unknown", table, name, found=definition)
        for table, name, definition in rules
        if table in columns
    ]


def _columns(noun: type) -> set[str]:
    return {column.name for column in table_of(noun, "postgres").columns}


async def _tables(read: Reader, wanted: dict[str, set[str]]) -> list[Finding]:
    rows = await read.rows(
        "select c.relname::text, c.relkind::text, c.relrowsecurity, array_agg(a.attname::text) "
        "from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped "
        "and c.relkind in ('r', 'v', 'm', 'f', 'p') group by 1, 2, 3"
    )
    there = {name: (kind, secured, set(columns)) for name, kind, secured, columns in rows}
    findings = []
    for name, columns in wanted.items():
        kind, secured, own = there.get(name, (None, False, set()))
        if kind is None:
            findings.append(Finding("schema_missing", name, name))
        elif kind != "r" or secured or own != columns:
            found = f"{kind} {' '.join(sorted(own))}{' row security' if secured else ''}"
            findings.append(
                Finding("schema_changed", name, name, None, None, f"r {' '.join(sorted(columns))}", found)
            )
    return findings


async def _triggers(read: Reader, tables: set[str]) -> list[Finding]:
    rows = await read.rows(
        "select c.relname::text, t.tgname::text, t.tgtype::int, t.tgenabled::text, t.tgqual is null, p.prosrc "
        "from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid "
        "where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal"
    )
    body = TRIGGERS["postgres"][0].split("$$")[1]
    wanted = {("event", POSTGRES_TRIGGER): (BEFORE_STATEMENT, "O", True, body)}
    named = (m0021_search, m0023_loop, m0037_opening_stock, m0042_complaint_references)
    for source in (source for step in named for source in step.SOURCES):
        wanted[source.table, f"{source.table}_named"] = (AFTER_ROW, "O", True, body_of(source))
    findings = []
    for table, name, *trigger in rows:
        part = wanted.pop((table, name), None)
        if part is None:
            if table in tables:
                findings.append(Finding("schema_unknown", table, name, found=shown(trigger)))
        elif tuple(trigger) != part:
            findings.append(
                Finding("schema_changed", table, name, None, None, shown(list(part)), shown(trigger))
            )
    return findings + [Finding("schema_missing", table, name) for table, name in wanted]


def _made() -> dict[str, tuple[str, bool, str]]:
    """Indexes that the migrations leave behind, by name: the statement, whether it is unique, its table."""
    found = {}
    for statement in (text for step in MIGRATIONS for text in step.up("postgres")):
        if made := re.match(r'create (unique )?index (\w+) on "?(\w+)"?', statement):
            found[made[2]] = (statement, bool(made[1]), made[3])
        elif gone := re.match(r"drop index (?:if exists )?(\w+)", statement):
            found.pop(gone[1], None)
    return found


async def _indexes(read: Reader) -> list[Finding]:
    rows = await read.rows(
        "select i.relname::text, x.indisunique, x.indisvalid, pg_get_expr(x.indpred, x.indrelid) is not null "
        "from pg_index x join pg_class i on i.oid = x.indexrelid "
        "where i.relnamespace = current_schema()::regnamespace"
    )
    there = {name: (unique, valid, partial) for name, unique, valid, partial in rows}
    findings = []
    for name, (statement, unique, table) in _made().items():
        wanted = (unique, True, " where " in statement)
        if name not in there:
            findings.append(Finding("schema_missing", table, name, expected=statement))
        elif there[name] != wanted:
            findings.append(
                Finding("schema_changed", table, name, None, None, statement, shown(list(there[name])))
            )
    return findings
