"""A database read as it stood at one moment, by somebody who must not write: beside a running server, or
with none running. SQLite is opened read-only, PostgreSQL in a read-only repeatable-read transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from pysqlite3 import dbapi2 as sqlite

from backend.store.database import Row, Unavailable
from backend.store.postgres import GONE
from backend.store.reader import Reader
from backend.store.sqlite import dialect_sql

BROKEN_TEXT = partial(str, encoding="utf-8", errors="surrogateescape")
"""Text that is no UTF-8 stays comparable, so that it differs instead of ending the reading."""


@asynccontextmanager
async def snapshot(address: str | Path) -> AsyncIterator[Reader]:
    """Read `postgresql://...` or an SQLite file. Raises Unavailable where it cannot be read."""
    text = str(address)
    if text.startswith(("postgres://", "postgresql://")):
        async with _postgres(text) as reader:
            yield reader
    else:
        async with _sqlite(Path(text)) as reader:
            yield reader


@asynccontextmanager
async def _sqlite(path: Path) -> AsyncIterator[Reader]:
    try:
        connection = _open_file(path)
    except sqlite.Error as error:
        raise Unavailable(str(error)) from error

    async def fetch(sql: str, *args: Any) -> Sequence[Row]:
        try:
            rows: Sequence[Row] = connection.execute(dialect_sql(sql), args).fetchall()
        except sqlite.OperationalError as error:
            if "UTF-8" not in str(error):
                raise Unavailable(str(error)) from error
            connection.text_factory = BROKEN_TEXT
            rows = connection.execute(dialect_sql(sql), args).fetchall()
        except sqlite.DatabaseError as error:
            raise Unavailable(str(error)) from error
        return rows

    try:
        yield Reader("sqlite", fetch)
    finally:
        connection.close()


def _open_file(path: Path) -> Any:
    """Read-only; where the folder cannot be written and no write-ahead log is left, as a file that rests."""
    plain = f"file:{quote(str(path.resolve()))}?mode=ro"
    log = path.with_name(f"{path.name}-wal")
    resting = not log.exists() or log.stat().st_size == 0
    for uri in (plain, f"{plain}&immutable=1"):
        connection = sqlite.connect(uri, uri=True, isolation_level=None)
        try:
            connection.execute("pragma busy_timeout=10000")
            connection.execute("begin")
            connection.execute("select count(*) from sqlite_master").fetchone()  # the moment that is read
        except sqlite.DatabaseError:
            connection.close()
            if uri != plain or not resting or not path.exists():
                raise
        else:
            return connection
    raise AssertionError("unreachable")


@asynccontextmanager
async def _postgres(url: str) -> AsyncIterator[Reader]:
    try:
        connection = await asyncpg.connect(url)
    except (asyncpg.PostgresError, asyncpg.ClientConfigurationError, *GONE) as error:
        raise Unavailable(str(error)) from error

    async def fetch(sql: str, *args: Any) -> Sequence[Row]:
        try:
            async with connection.transaction():  # a table that is gone ends this question, not the reading
                return [tuple(row) for row in await connection.fetch(sql, *args)]
        except (asyncpg.PostgresError, *GONE) as error:
            raise Unavailable(str(error)) from error

    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            yield Reader("postgres", fetch)
    finally:
        await connection.close()


async def in_chunks(read: Reader, select: str, key: str, size: int = 5_000) -> AsyncIterator[Sequence[Row]]:
    """All rows of `select` (which has no `where`), ordered by `key`, the first column, a chunk at a time."""
    rows = await read.rows(f"{select} order by {key} limit {size}")
    while rows:
        yield rows
        if len(rows) < size:
            return
        rows = await read.rows(f"{select} where {key} > $1 order by {key} limit {size}", rows[-1][0])
