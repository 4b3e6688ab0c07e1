"""No record can be deleted: no statement of ours does it, and on PostgreSQL the application's role may not (AUD-10)."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import asyncpg
import pytest

from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.tables import LOGGED, table_of
from tests.postgres import create_database

ROOT = Path(__file__).parents[2]
TABLES = {"event", *(table_of(noun, "sqlite").name for noun in LOGGED)}
DELETES = re.compile(
    r"\b(?:delete\s+from|truncate(?:\s+table)?|drop\s+table|replace\s+into)\s+\"?(\w+)", re.IGNORECASE
)


def deletions(source: str) -> list[str]:
    """Tables that a statement in this source would take rows from."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [table for text in texts for table in DELETES.findall(text) if table in TABLES]


@pytest.mark.proves("AUD-10")
def test_no_statement_of_ours_deletes_a_record() -> None:
    files = [
        path
        for folder in ("backend", "bot")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    ]
    assert len(files) > 200
    assert {path.name: found for path in files if (found := deletions(path.read_text()))} == {}


def test_the_search_sees_a_deletion() -> None:
    twin = 'async def tidy(tx):\n    await tx.rows(f"delete from reading where id = {1}")\n    x = "TRUNCATE \\"lot\\""'
    assert sorted(deletions(twin)) == ["lot", "reading"]


async def deletable(connection: asyncpg.Connection) -> set[str]:
    """Tables of the record from which this role could take a row: each is tried."""
    found = set()
    for table in sorted(TABLES):
        for statement in (f'delete from "{table}"', f'truncate "{table}"'):
            try:
                await connection.execute(statement)
                found.add(table)
            except asyncpg.InsufficientPrivilegeError:
                pass
    return found


@pytest.mark.proves("AUD-10", "AUD-1")
async def test_the_application_s_role_can_delete_no_record(postgres_url: str) -> None:
    url = await create_database(postgres_url, "kept")
    script = (ROOT / "deploy" / "postgres_roles.sql").read_text()
    connection = await asyncpg.connect(url)
    await connection.execute(script.replace(":'owner_password'", "'o'").replace(":'app_password'", "'a'"))
    place = url.partition("@")[2] or url.partition("://")[2]
    owner = PostgresDatabase(f"postgresql://lotgate_owner:o@{place}")
    await owner.open()
    await migrate(owner)
    await owner.close()
    try:
        await connection.execute("set role lotgate_app")
        assert await deletable(connection) == set()
        await connection.execute("reset role; grant delete on reading to lotgate_app; set role lotgate_app")
        assert await deletable(connection) == {"reading"}, "the broken twin: one grant too many"
    finally:
        await connection.close()
        server = await asyncpg.connect(postgres_url)
        await server.execute(f'drop database "{url.rpartition("/")[2].partition("?")[0]}" with (force)')
        await server.execute("drop role lotgate_owner; drop role lotgate_app")
        await server.close()
