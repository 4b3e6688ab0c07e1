"""The schema goes up, down and up again on both engines, and is what the nouns say."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from backend.store.database import Database
from backend.store.migrate import MIGRATIONS, applied, migrate, unwind
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import LOGGED, PASSING, table_of
from tests.postgres import create_database

ROOT = Path(__file__).parents[2]
NAMES = [step.name for step in MIGRATIONS]


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path, postgres_url: str) -> Database:
    """An empty one."""
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path / "lotgate.sqlite3")
    return PostgresDatabase(await create_database(postgres_url, "migrations"))


async def columns(database: Database, table: str) -> list[str]:
    """Names of a table's columns, in order."""
    query = (
        "select name from pragma_table_info($1) order by cid"
        if database.dialect == "sqlite"
        else "select column_name from information_schema.columns where table_name = $1 "
        "and table_schema = 'public' order by ordinal_position"
    )
    return [name for (name,) in await database.fetch(query, table)]


async def test_up_down_up(database: Database) -> None:
    await database.open()
    try:
        assert await migrate(database) == NAMES
        assert await migrate(database) == []
        assert await unwind(database) == NAMES[::-1]
        assert await columns(database, "lot") == []
        assert await migrate(database) == NAMES
        assert await applied(database) == NAMES
        for noun in (*LOGGED, *PASSING):
            table = table_of(noun, database.dialect)
            assert sorted(await columns(database, table.name)) == sorted(
                column.name for column in table.columns
            ), f"{table.name} is not what {noun.__name__} says"
    finally:
        await database.close()
        await drop(database)


async def test_a_step_that_fails_leaves_nothing(database: Database) -> None:
    await database.open()
    try:
        with pytest.raises(Exception, match="nonsense"):
            await database.script(["create table half (id text)", "nonsense"])
        assert await columns(database, "half") == []
    finally:
        await database.close()
        await drop(database)


@pytest.mark.proves("AUD-1")
async def test_the_application_s_role_cannot_touch_the_log(postgres_url: str) -> None:
    """The roles script first, then the owner's migration, then the application as it runs."""
    url = await create_database(postgres_url, "roles")
    script = (ROOT / "deploy" / "postgres_roles.sql").read_text()
    script = script.replace(":'owner_password'", "'owner'").replace(":'app_password'", "'app'")
    connection = await asyncpg.connect(url)
    await connection.execute(script)
    await connection.close()
    place = url.partition("@")[2] or url.partition("://")[2]
    owner, app = (
        PostgresDatabase(f"postgresql://lotgate_{name}:{name}@{place}") for name in ("owner", "app")
    )
    await owner.open()
    await migrate(owner)
    await owner.close()
    await app.open()
    try:
        assert await migrate(app) == [], "the application needs no right to make tables"
        for statement in ("update event set body = body", "delete from event", "truncate event"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.script([statement])
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.script(["delete from lot"])
    finally:
        await app.close()
        await drop(app, postgres_url)
        server = await asyncpg.connect(postgres_url)
        await server.execute("drop role lotgate_owner; drop role lotgate_app")
        await server.close()


async def drop(database: Database, server: str | None = None) -> None:
    """PostgreSQL databases of a test do not outlive it."""
    if isinstance(database, PostgresDatabase):
        address, _, name = database.url.rpartition("/")
        connection = await asyncpg.connect(server or f"{address}/postgres")
        await connection.execute(f'drop database "{name.partition("?")[0]}" with (force)')
        await connection.close()
