"""Long reads keep their connection for the next one: they see what was committed meanwhile, take nothing from it, and
leave the file alone at the end."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.store.database import Unavailable
from backend.store.sqlite import IDLE, SqliteDatabase

COUNT = "select count(*) from kept"
OTHER_BUILD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute(sys.argv[2]).fetchone()[0])
connection.close()
"""
"""What a tool beside us does: read the file in a process of its own, with the SQLite that Python came with."""


async def opened(path: Path) -> SqliteDatabase:
    """An empty table behind the engine."""
    database = SqliteDatabase(path)
    await database.open()
    await database.script(["create table kept (number integer)"])
    return database


async def write(database: SqliteDatabase, number: int) -> None:
    """One row, committed."""
    async with database.writing() as writer:
        await writer.fetch("insert into kept values ($1)", number)


def by_another_build(path: Path) -> int:
    """How many rows it finds."""
    asked = [sys.executable, "-c", OTHER_BUILD, str(path), COUNT]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def open_files(path: Path) -> int:
    """How many handles this process holds on the database and its log."""
    handles = (Path(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd"))
    return sum(str(handle.readlink()).startswith(str(path)) for handle in handles if handle.is_symlink())


async def test_each_sees_what_was_committed_and_another_build_beside_takes_nothing_away(
    tmp_path: Path,
) -> None:
    database = await opened(tmp_path / "kept.db")
    for number in range(1, 6):
        await write(database, number)
        assert await database.fetch_long(COUNT) == [(number,)]
        assert by_another_build(database.path) == number
    together = await asyncio.gather(*(database.fetch_long(COUNT) for _ in range(3 * IDLE)))
    assert together == [[(5,)]] * (3 * IDLE)
    await database.close()
    assert by_another_build(database.path) == 5


async def test_none_is_left_open_at_the_end_though_some_still_read(tmp_path: Path) -> None:
    database = await opened(tmp_path / "kept.db")
    slow = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select count(*) from n"
    await asyncio.gather(*(database.fetch_long(COUNT) for _ in range(2 * IDLE)))
    assert open_files(database.path) > 0
    reading = [asyncio.create_task(database.fetch_long(slow)) for _ in range(2)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*reading) == [[(300_000,)], [(300_000,)]]
    assert open_files(database.path) == 0
    with pytest.raises(Unavailable):
        await database.fetch_long(COUNT)


async def test_a_failed_read_and_an_attempt_to_write_leave_nothing_behind(tmp_path: Path) -> None:
    database = await opened(tmp_path / "kept.db")
    for wrong in ("select * from nowhere", "insert into kept values (1)"):
        with pytest.raises(Exception, match=r"nowhere|readonly"):
            await database.fetch_long(wrong)
    await write(database, 1)
    assert await database.fetch_long(COUNT) == [(1,)]
    await database.close()
