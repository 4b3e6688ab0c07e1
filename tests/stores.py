"""A fresh database behind its two doors, on both engines: `store` is migrated and empty, `demo_store` holds the
demo factory.

Each template is made once a test session; a test gets a copy (a file copy, or PostgreSQL's own template).
The clock is the real one; a test that needs another sets `store.clock`.
"""

from __future__ import annotations

import shutil
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
        connection = await asyncpg.connect(self.server_url())
        try:
            await connection.execute(f'create database "{name}" template "template_{template}"')
        finally:
            await connection.close()
        return PostgresDatabase(self.server_url().rsplit("/", 1)[0] + f"/{name}")

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


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The templates of this test session; PostgreSQL starts only when one of its is asked for."""
    return Templates(tmp_path_factory.mktemp("stores"), lambda: request.getfixturevalue("postgres_url"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn; a module that needs only one overrides this fixture."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_url")
    return str(request.param)


@pytest.fixture
async def store(engine: str, templates: Templates) -> AsyncIterator[Store]:
    """An empty, migrated, open store of this test's own."""
    async with opened(await templates.copy(engine)) as store:
        yield store


async def _demo(store: Store) -> None:
    await load_demo(store, lambda: datetime.now(UTC))


@pytest.fixture
async def demo_store(engine: str, templates: Templates) -> AsyncIterator[Store]:
    """A store of this test's own with the demo factory in it."""
    async with opened(await templates.copy(engine, "demo", _demo)) as store:
        yield store
