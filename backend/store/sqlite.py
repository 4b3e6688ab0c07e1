"""SQLite that keeps what it acknowledged: one writer, BEGIN IMMEDIATE, WAL with synchronous=FULL.

Short statements run in the loop's own thread, where they cost microseconds; whatever waits for a lock
or for the disk (BEGIN, COMMIT, long reads) runs in a thread. Piccolo's builder goes through the same
connections. WAL is refused below 3.51.3, which can corrupt the file when the log is reset.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine
from pysqlite3 import dbapi2 as sqlite

from backend.store.database import Conflict, Row, Unavailable
from backend.store.tables import Dialect
from backend.store.writes import Insert, Update

SAFE_WAL = (3, 51, 3)
PRAGMAS = (
    "pragma foreign_keys=on",
    "pragma journal_mode=wal",
    "pragma synchronous=full",
    "pragma busy_timeout=10000",
    "pragma cache_size=-65536",
    "pragma mmap_size=1073741824",
)
IDLE = 3
"""Connections of long reads that wait for the next one: to open one costs as much as reading hundreds of rows."""
IDLE_CACHE = "pragma cache_size=-16384"


@cache
def dialect_sql(sql: str) -> str:
    """`$1` becomes `?1`."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


class PiccoloSqlite(SQLiteEngine):
    """Piccolo's engine on our reader connection; its builder only reads here."""

    __slots__ = ("database",)

    def __init__(self, path: str, database: SqliteDatabase) -> None:
        super().__init__(path=path)
        self.database = database

    async def _run_in_new_connection(
        self, query: str, args: list[Any] | None = None, query_type: str = "generic", table: Any = None
    ) -> list[dict[str, Any]]:
        cursor = self.database.reader.execute(query, args or [])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class SqliteWriter:
    """The open transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Run one statement."""
        try:
            rows: Sequence[Row] = self._connection.execute(dialect_sql(sql), args).fetchall()
        except sqlite.IntegrityError as error:
            raise Conflict(str(error)) from error
        return rows

    async def insert_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows."""
        try:
            self._connection.executemany(dialect_sql(sql), rows)
        except sqlite.IntegrityError as error:
            raise Conflict(str(error)) from error

    async def write(self, updates: Sequence[Update], inserts: Sequence[Insert]) -> None:
        """One after the other, updates first: a superseded row makes room for the one that takes its place."""
        for update in updates:
            sql, args = update.statement()
            if not await self.fetch(sql, *args):
                raise Conflict(f"{update} has changed")
        for insert in inserts:
            await self.insert_many(insert.table.insert, insert.rows)

    async def announce(self) -> None:
        """Every commit shows in the mark."""


class IdleReaders:
    """Connections between two long reads. They hold no lock and no snapshot while they wait; threads share them.

    No other build of SQLite may read the file in the same process: when it closes its own, POSIX drops the locks of
    ours, and it takes the log away as if it were the last. In other processes it may.
    """

    def __init__(self) -> None:
        self._idle: list[Any] | None = []
        self._lock = threading.Lock()

    def take(self) -> Any:
        """One that waits, or None."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def give(self, connection: Any) -> None:
        """Keep it for the next one, or close it where enough wait or the file was let go of meanwhile."""
        with self._lock:
            if self._idle is not None and len(self._idle) < IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Let go of the file, for good."""
        with self._lock:
            idle, self._idle = self._idle or [], None
        for connection in idle:
            connection.close()


class SqliteDatabase:
    """The engine of `Database` for one file."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = PiccoloSqlite(str(path), self)
        self.reader: Any = None
        self._writer: Any = None
        self._lock = asyncio.Lock()
        self._idle = IdleReaders()

    async def open(self) -> None:
        """Connect. Refuses an SQLite whose WAL can corrupt the file."""
        if sqlite.sqlite_version_info < SAFE_WAL:
            raise Unavailable(
                f"SQLite {sqlite.sqlite_version} has the WAL-reset bug; 3.51.3 or newer is needed"
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._idle = IdleReaders()
        self._writer = self._connect()
        self.reader = self._connect("pragma query_only=on")

    def _connect(self, *more: str) -> Any:
        connection = sqlite.connect(
            str(self.path), isolation_level=None, check_same_thread=False, cached_statements=512
        )
        for pragma in (*PRAGMAS, *more):
            connection.execute(pragma)
        return connection

    async def close(self) -> None:
        """Let go of the file."""
        async with self._lock:
            for connection in (self.reader, self._writer):
                if connection is not None:
                    connection.close()
            self.reader = self._writer = None
            self._idle.close()

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """A short read in the loop's thread."""
        if self.reader is None:
            raise Unavailable("not open")
        rows: Sequence[Row] = self.reader.execute(dialect_sql(sql), args).fetchall()
        return rows

    async def fetch_long(self, sql: str, *args: Any) -> Sequence[Row]:
        """A long read in a thread, on a connection that nobody else has meanwhile."""
        if self.reader is None:
            raise Unavailable("not open")
        idle = self._idle

        def read() -> Sequence[Row]:
            connection = idle.take() or self._connect("pragma query_only=on", IDLE_CACHE)
            try:
                rows: Sequence[Row] = connection.execute(dialect_sql(sql), args).fetchall()
            except BaseException:
                connection.close()
                raise
            idle.give(connection)
            return rows

        return await asyncio.to_thread(read)

    def mark(self) -> int | None:
        """SQLite's own count of the commits of all other connections: our writer's, other processes'."""
        return None if self.reader is None else int(self.reader.execute("pragma data_version").fetchone()[0])

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqliteWriter]:
        """BEGIN IMMEDIATE and COMMIT wait in a thread; a cancelled caller leaves no open transaction."""
        async with self._lock:
            try:
                await self._wait_for("begin immediate")
                yield SqliteWriter(self._writer)
                await self._wait_for("commit")
            finally:  # a caller cancelled during BEGIN has a transaction too
                if self._writer.in_transaction:
                    self._writer.execute("rollback")

    async def _wait_for(self, statement: str) -> None:
        try:
            await _to_the_end(self._writer.execute, statement)
        except sqlite.OperationalError as error:
            raise Unavailable(str(error)) from error

    async def script(self, statements: Sequence[str]) -> None:
        """Run DDL in one transaction."""
        async with self.writing() as writer:
            for statement in statements:
                await writer.fetch(statement)


async def _to_the_end(function: Any, *args: Any) -> None:
    """Run in a thread and wait for its end even when the caller is cancelled meanwhile."""
    work = asyncio.ensure_future(asyncio.to_thread(function, *args))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise
