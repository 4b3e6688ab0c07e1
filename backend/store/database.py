"""What the doors ask of an engine. Two real ones stand behind it: `sqlite.py` and `postgres.py`.

SQL is written once, with `$1`, `$2` for arguments. A fetch returns tuples (or what indexes like them).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from piccolo.engine.base import Engine

from backend.store.tables import Dialect
from backend.store.writes import Insert, Update

logging.getLogger("piccolo").setLevel(logging.WARNING)  # it greets with a version that is not ours

Row = tuple[Any, ...]


class Conflict(Exception):
    """A unique index or a check refused a row: somebody else was there first."""


class Unavailable(Exception):
    """The database cannot be reached or broke off; whether the last commit took effect is unknown."""


class Writer(Protocol):
    """One open write transaction, the only one of the whole system."""

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Run one statement."""

    async def insert_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows; raises Conflict."""

    async def write(self, updates: Sequence[Update], inserts: Sequence[Insert]) -> None:
        """Write what a change has decided; raises Conflict, also where an update did not find its row."""

    async def announce(self) -> None:
        """With this transaction somebody's session, roles or account change (see `Database.mark`)."""


class Database(Protocol):
    """An engine with a pool of readers and one writer."""

    dialect: Dialect

    @property
    def engine(self) -> Engine[Any]:
        """Piccolo's."""

    async def open(self) -> None:
        """Connect; check that this engine is safe to use."""

    async def close(self) -> None:
        """Let go of every connection."""

    async def fetch(self, sql: str, *args: Any) -> Sequence[Row]:
        """Read, seeing what is committed."""

    async def fetch_long(self, sql: str, *args: Any) -> Sequence[Row]:
        """Read something that may take long, without holding others up."""

    def mark(self) -> int | None:
        """Another value as soon as any process has committed an announced change; None: it can't be told."""

    def writing(self) -> AbstractAsyncContextManager[Writer]:
        """BEGIN, alone; COMMIT at the end, ROLLBACK on any error or cancellation."""

    async def script(self, statements: Sequence[str]) -> None:
        """Run DDL in one transaction: all or nothing."""
