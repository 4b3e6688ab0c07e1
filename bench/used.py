"""Processor time of a work on this machine, whoever else is at work on it: this process's, and the PostgreSQL
server's for the connections of this process."""

from __future__ import annotations

import time
from pathlib import Path

from backend.store.database import Database

_CONNECTIONS = (
    "select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'"
)


class Used:
    """Milliseconds so far. `server`: where the database is a process of its own on this machine (Linux tells)."""

    def __init__(self, backends: list[Path]) -> None:
        self._backends = backends

    def own(self) -> float:
        """Of this process."""
        return time.process_time() * 1e3

    def server(self) -> float:
        """Of the server's processes that work for it."""
        return sum(int(each.read_text().split()[0]) for each in self._backends) / 1e6

    def both(self) -> float:
        """Added up."""
        return self.own() + self.server()


async def used(database: Database) -> Used:
    """Of a database that is open, by the connections that it has now."""
    if database.dialect == "sqlite":
        return Used([])
    rows = await database.fetch(_CONNECTIONS)
    return Used([Path(f"/proc/{row[0]}/schedstat") for row in rows])
