"""Hearing from PostgreSQL that somebody's session, roles or account have changed, whichever process did it."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from backend.store.database import Unavailable

CHANNEL = "lotgate_people"
NOTIFY = f"notify {CHANNEL}"
PAUSE = 1.0
"""Seconds between tries to hear again."""


class Listener:
    """Counts announcements on a connection of its own; deaf while that is down, and says so."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._count = 0
        self._connection: Any = None
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def mark(self) -> int | None:
        """Another number after each announcement; None: nothing can be heard now."""
        return None if self._connection is None else self._count

    def announced(self, *_: object) -> None:
        """Somebody's standing has changed."""
        self._count += 1

    async def open(self) -> None:
        """Listen, and listen again whenever the connection breaks."""
        await self._listen()
        self._task = asyncio.create_task(self._keep_listening(), name="lotgate listener")

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close()

    async def _listen(self) -> None:
        try:
            connection = await asyncpg.connect(self._url)
            connection.add_termination_listener(self._ended)
            await connection.add_listener(CHANNEL, self.announced)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Unavailable(str(error)) from error
        self.announced()  # whatever was said meanwhile
        self._connection = connection

    def _ended(self, connection: Any) -> None:
        if connection is self._connection:
            self._connection = None
            self._lost.set()

    async def _keep_listening(self) -> None:
        while True:
            await self._lost.wait()
            self._lost.clear()
            try:
                await self._listen()
            except Unavailable:
                await asyncio.sleep(PAUSE)
                self._lost.set()
