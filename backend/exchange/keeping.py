"""The watched folder as a work of the server: what `lotgate watch` does, for as long as the server runs.

Whoever imports (LOTGATE_WATCH_AS) is signed in by their password, which lies in a file that only the server reads. One
that is refused is not tried again until that file changes: a wrong password, tried over and over, would lock them out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import structlog

from backend.actions.note_folder import NoteFolder, note_folder
from backend.actions.sign_in import sign_in
from backend.actions.sign_out import sign_out
from backend.domain.errors import LotgateError
from backend.domain.people import Who
from backend.domain.security import Plain, system
from backend.domain.sheets import Table
from backend.exchange.folder import WatchedFolder
from backend.exchange.lock import FolderLock
from backend.exchange.out import lay_out
from backend.store.database import Unavailable
from backend.store.door import Store

EVERY = 2.0
"""Seconds between looks."""
MOST_ROWS = 20_000
"""Rows of a file, so that nobody at a phone waits for it; more are imported by `lotgate watch` or `lotgate imports`."""
log = structlog.get_logger()


class Exchange(NamedTuple):
    """Which folder, who imports, the file that holds their password, and for how many seconds a file lies still."""

    folder: Path
    login: str
    password: Path
    settle: float = 5.0


class Refused(Exception):
    """Nobody is signed in: a code of why."""


class Keeper:
    """Signs in once, then looks again and again."""

    def __init__(self, store: Store, exchange: Exchange, read_table: Callable[[bytes], Table]) -> None:
        self.store, self.exchange, self.read_table = store, exchange, read_table
        self.lock = FolderLock(exchange.folder)
        self._folder: WatchedFolder | None = None
        self._refused: tuple[bytes, str] | None = None
        self._said: str | None = ""

    async def look(self) -> int:
        """How many files were handled; nothing where another process watches."""
        if not await asyncio.to_thread(self.lock.take):
            return 0
        if self._folder is None:
            self._folder = await self._begin()
        handled = await self._folder.look()
        for each in handled:
            log.info("watched folder", file=each.file.name, taken=each.taken)
        await lay_out(self.store, self._folder.who.site_id, self.exchange.folder / "out")
        return len(handled)

    async def _begin(self) -> WatchedFolder:
        secret = await asyncio.to_thread(self.exchange.password.read_bytes)
        if self._refused is not None and self._refused[0] == secret:
            raise Refused(self._refused[1])
        try:
            who = await self._person(secret.decode(errors="replace").strip("\r\n"))
        except LotgateError as error:
            self._refused = secret, error.reasons[0].code
            raise Refused(error.reasons[0].code) from error
        exchange = self.exchange
        return await asyncio.to_thread(
            WatchedFolder, self.store, who, exchange.folder, self.read_table, exchange.settle, time.monotonic, MOST_ROWS
        )  # fmt: skip

    async def _person(self, password: str) -> Who:
        signed = await sign_in(self.store, await self.site(), self.exchange.login, password, "command_line")
        await sign_out(self.store, signed.who, Plain(self.store.new_id()))
        return signed.who

    async def site(self) -> str:
        """The site that the folder is of; empty before there is one."""
        rows = await self.store.read.rows("select id from site order by code limit 1")
        return rows[0][0] if rows else ""

    async def say(self, trouble: str | None) -> None:
        """Once, and again when it has changed; nothing of a folder that has always been well."""
        if trouble == self._said:
            return
        site_id = await self.site()
        if site_id:
            command = NoteFolder(id=self.store.new_id(), folder=str(self.exchange.folder), trouble=trouble)
            await note_folder(self.store, system(site_id), command)
            self._said = trouble


async def keep_exchanging(store: Store, exchange: Exchange, read_table: Callable[[bytes], Table]) -> None:
    """Until cancelled. A database that is away is waited for; a folder that is away is said and waited for."""
    keeper = Keeper(store, exchange, read_table)
    try:
        while True:
            try:
                await keeper.say(await _look(keeper))
            except (Unavailable, LotgateError) as error:
                log.warning("watched folder waits", error=str(error))
            await asyncio.sleep(EVERY)
    finally:
        keeper.lock.leave()


async def _look(keeper: Keeper) -> str | None:
    """What stands against it, as a code."""
    try:
        await keeper.look()
    except Refused as error:
        trouble = str(error)
    except OSError as error:
        keeper.lock.leave()  # what comes back may be another folder under the same name
        log.warning("watched folder", error=str(error))
        trouble = "folder_unreachable"
    else:
        return None
    return trouble
