"""PostgreSQL through Piccolo's engine and its asyncpg pool: prepared statements, no reset, one writer.

Writers of every process take the same advisory lock, so that the log has one order; what waits in a
process goes into one transaction (see `door.py`), which is what makes that cheap.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine

from backend.domain.errors import Reason, Refused
from backend.store.database import Conflict, Row, Unavailable
from backend.store.listener import NOTIFY, Listener
from backend.store.tables import Dialect
from backend.store.writes import Insert, Update, one_statement, statements

LOG_LOCK = 5_684_283  # LOTGATE on a phone's keys
BY_INDEX = {"enable_seqscan": "off", "plan_cache_mode": "force_generic_plan"}
"""Writers look rows up by their keys. A plan that was made while a table was empty reads all of it for as long
as the connection lives, unless reading all of it is made to look dear. Planning one of their statements anew takes
as long as running it: the first plan is kept."""
GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    ConnectionError,
    OSError,
)


class QuickConnection(asyncpg.Connection):  # type: ignore[misc]
    """No session state is ever set on a pooled connection, so nothing needs resetting between uses."""

    def get_reset_query(self) -> str:
        """Nothing."""
        return ""


class PostgresWriter:
    """The open transaction. What is written waits until somebody reads, or for the commit: one trip for all of it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._updates: list[Update] = []
        self._inserts: list[Insert] = []
        self._updated: set[tuple[str, str]] = set()
        self.announced = False

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Run one statement, which sees all that was written before."""
        await self.flush()
        return await self._fetch(sql, *args)

    async def _fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        try:
            rows: Sequence[Row] = await self._connection.fetch(sql, *args)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Conflict(str(error)) from error
        return rows

    async def insert_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, pipelined."""
        await self.flush()
        try:
            await self._connection.executemany(sql, rows)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Conflict(str(error)) from error

    async def write(self, updates: Sequence[Update], inserts: Sequence[Insert]) -> None:
        """Keep for the next trip; of two updates of one row the second goes with the one after it."""
        rows = {(update.table.name, update.id) for update in updates}
        if not rows.isdisjoint(self._updated):
            await self.flush()
        self._updates += updates
        self._inserts += inserts
        self._updated |= rows

    async def flush(self) -> None:
        """Send what waits, in one round trip, two where a table is both updated and inserted into."""
        updates, inserts = self._updates, self._inserts
        if not updates and not inserts:
            return
        self._updates, self._inserts, self._updated = [], [], set()
        for parts in statements(updates, inserts):
            sql, args = one_statement(parts)
            found = (await self._fetch(sql, *args))[0]
            for part, count in zip(parts, found, strict=True):
                if part.must_find != count:
                    raise Conflict(f"{', '.join(part.args[0])} has changed")

    async def announce(self) -> None:
        """Once a transaction; it reaches every process with the commit."""
        if not self.announced:
            await self._connection.execute(NOTIFY)
            self.announced = True


class PostgresDatabase:
    """The engine of `Database` for one PostgreSQL address."""

    dialect: Dialect = "postgres"

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = PostgresEngine(config={"dsn": url})
        self._writer: Any = None
        self._lock = asyncio.Lock()
        self._listener = Listener(url)

    async def open(self) -> None:
        """Start the pool."""
        try:
            await self.engine.start_connection_pool(
                min_size=2, max_size=8, connection_class=QuickConnection, statement_cache_size=1024
            )
        except GONE as error:
            raise Unavailable(str(error)) from error
        await self._listener.open()

    async def close(self) -> None:
        """Close every connection."""
        await self._listener.close()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        if self.engine.pool:
            await self.engine.close_connection_pool()

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Read on a pooled connection."""
        pool = self.engine.pool
        if pool is None:
            raise Unavailable("not open")
        try:
            async with pool.acquire() as connection:
                rows: Sequence[Row] = await connection.fetch(sql, *args)
        except asyncpg.DataError as error:  # a NUL in what a stranger asks for: no row holds one
            raise Refused(Reason("text_unreadable")) from error
        except GONE as error:
            raise Unavailable(str(error)) from error
        return rows

    async def fetch_long(self, sql: str, *args: Any) -> Sequence[Row]:
        """The server reads aside by itself."""
        return await self.fetch(sql, *args)

    def mark(self) -> int | None:
        """Announcements heard so far."""
        return self._listener.mark()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[PostgresWriter]:
        """One transaction under the log's lock. A connection that broke is dropped, never reused."""
        async with self._lock:
            healthy = False
            try:
                connection = await self._begin()
                writer = PostgresWriter(connection)
                yield writer
                await writer.flush()
                await connection.execute("commit")
                healthy = True
                if writer.announced:  # here at once, elsewhere when the word arrives
                    self._listener.announced()
            except GONE as error:
                raise Unavailable(str(error)) from error
            finally:
                if not healthy:
                    await asyncio.shield(self._abandon())

    async def _begin(self) -> Any:
        if self._writer is None or self._writer.is_closed():
            self._writer = await asyncpg.connect(
                self.url, statement_cache_size=1024, server_settings=BY_INDEX
            )
        await self._writer.execute(f"begin; select pg_advisory_xact_lock({LOG_LOCK})")
        return self._writer

    async def _abandon(self) -> None:
        """Roll back; where even that fails, drop the connection."""
        writer, self._writer = self._writer, None
        if writer is None or writer.is_closed():
            return
        try:
            await writer.execute("rollback")
            if self._writer is None:
                self._writer = writer
            else:  # a second cancellation let the next writer in before this one was back
                await writer.close()
        except (asyncpg.PostgresError, *GONE):
            writer.terminate()

    async def script(self, statements: Sequence[str]) -> None:
        """Run DDL in one transaction."""
        async with self.writing() as writer:
            for statement in statements:
                await writer.fetch(statement)
