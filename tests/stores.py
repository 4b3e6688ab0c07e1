"""A fresh database behind its two doors, on both engines: `store` is migrated and empty, `demo_store` holds the
demo factory.

Each template is made once a test session; a test gets a copy.
The clock is the real one; a test that needs another sets `store.clock`.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import asyncpg
import pytest
import uuid_utils

from backend.demo.factory import load_demo
from backend.domain.signing import instant
from backend.store.database import Database
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from tests.postgres import create_database

ENGINES = ("sqlite", "postgres")
Prepare = Callable[[Store], Awaitable[None]]
Rows = dict[str, list[tuple[object, ...]]]
_copies = count()


def real_clock() -> str:
    """Now, in the one text form."""
    return instant(datetime.now(UTC))


def new_id() -> str:
    """A fresh UUIDv7."""
    return str(uuid_utils.uuid7())


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Store]:
    """A store over a database, closed at the end."""
    store = Store(database, real_clock, new_id)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


class Templates:
    """Databases to copy, made when first asked for: by name, each with what `prepare` wrote."""

    def __init__(self, folder: Path, server_url: Callable[[], str]) -> None:
        self.folder, self.server_url = folder, server_url
        self._made: set[tuple[str, str]] = set()
        self._rows: dict[str, Rows] = {}
        self._schema: dict[str, str] = {}
        self._free: dict[str, list[str]] = defaultdict(list)
        self._cleaners: dict[str, asyncpg.Connection] = {}
        self._cleanings = count(1)

    async def copy(self, engine: str, template: str = "empty", prepare: Prepare | None = None) -> Database:
        """A database of its own, a copy of the template; not yet open."""
        if (engine, template) not in self._made:
            await self._make(engine, template, prepare)
            self._made.add((engine, template))
        if engine == "sqlite":
            copied = self.folder / f"{next(_copies)}.db"
            shutil.copyfile(self.folder / f"template-{template}.db", copied)
            return SqliteDatabase(copied)
        name = f"copy_{next(_copies)}"
        await self._as_owner(self.server_url(), f'create database "{name}" template "template_{template}"')
        return PostgresDatabase(self._url(name))

    @asynccontextmanager
    async def lent(
        self, engine: str, template: str = "empty", prepare: Prepare | None = None
    ) -> AsyncIterator[Store]:
        """A store for one test. PostgreSQL's copies are cleaned and lent again: making one takes half a second."""
        free = self._free[template] if engine == "postgres" else []
        database = PostgresDatabase(free.pop()) if free else await self.copy(engine, template, prepare)
        async with opened(database) as store:
            yield store
        if isinstance(database, PostgresDatabase) and await self._cleaned(database.url, template):
            free.append(database.url)

    def _url(self, name: str) -> str:
        return self.server_url().rsplit("/", 1)[0] + f"/{name}"

    async def _make(self, engine: str, template: str, prepare: Prepare | None) -> None:
        database: Database
        if engine == "sqlite":
            database = SqliteDatabase(self.folder / f"template-{template}.db")
        else:
            database = PostgresDatabase(await create_database(self.server_url(), f"template_{template}"))
        async with opened(database) as store:
            await migrate(database)
            if prepare is not None:
                await prepare(store)
        if engine == "postgres":
            connection = await asyncpg.connect(self._url(f"template_{template}"))
            self._schema[template] = await _schema(connection)
            self._rows[template] = await _rows(connection)
            await connection.close()

    async def _as_owner(self, url: str, sql: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(sql)
        await connection.close()

    async def _cleaned(self, url: str, template: str) -> bool:
        """Put the template's rows back; False where the test has changed the schema itself."""
        if url not in self._cleaners:
            self._cleaners[url] = await asyncpg.connect(url)
        connection = self._cleaners[url]
        if await _schema(connection) != self._schema[template]:
            return False
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")  # no triggers
            await connection.execute(";".join(f'delete from "{table}"' for table in self._rows[template]))
            for table, rows in self._rows[template].items():
                if rows:
                    await connection.copy_records_to_table(table, records=rows)
        if next(self._cleanings) % 10 == 0:
            await connection.execute("vacuum")
        return True

    def close(self) -> None:
        """Let go of the cleaners' connections."""
        for connection in self._cleaners.values():
            connection.terminate()  # the server may have ended before


async def _schema(connection: asyncpg.Connection) -> str:
    """Every table, column, index, trigger and function of ours, as one digest."""
    digest: str = await connection.fetchval(
        "select md5(string_agg(line, ';' order by line)) from ("
        "select table_name || column_name || data_type || is_nullable as line from information_schema.columns "
        "where table_schema = 'public' union all select indexdef from pg_indexes where schemaname = 'public' "
        "union all select tgname || tgenabled::text || tgrelid::regclass::text from pg_trigger "
        "union all select proname::text || prosrc from pg_proc where pronamespace = 'public'::regnamespace) as lines"
    )
    return digest


async def _rows(connection: asyncpg.Connection) -> Rows:
    tables = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
    return {
        name: [tuple(row) for row in await connection.fetch(f'select * from "{name}"')] for (name,) in tables
    }


@pytest.fixture(scope="session")
async def templates(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Templates]:
    """The templates of this test session; PostgreSQL starts only when one of its is asked for."""
    made = Templates(tmp_path_factory.mktemp("stores"), lambda: request.getfixturevalue("postgres_url"))
    yield made
    made.close()  # while the loop that its connections belong to still runs


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; a module that needs only one overrides this fixture."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_url")
    return str(request.param)


@pytest.fixture
async def store(engine: str, templates: Templates) -> AsyncIterator[Store]:
    """An empty, migrated, open store of this test's own."""
    async with templates.lent(engine) as store:
        yield store


async def _demo(store: Store) -> None:
    await load_demo(store, lambda: datetime.now(UTC))


@pytest.fixture
async def demo_store(engine: str, templates: Templates) -> AsyncIterator[Store]:
    """A store of this test's own with the demo factory in it."""
    async with templates.lent(engine, "demo", _demo) as store:
        yield store
