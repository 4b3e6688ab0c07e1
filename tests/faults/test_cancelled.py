"""A caller that goes away in mid-command leaves nothing half done and nothing open."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from backend.store.database import Conflict, Database, Unavailable
from backend.store.door import Store
from backend.store.migrate import RECORD
from backend.store.sqlite import SqliteDatabase, SqliteWriter
from tests.faults.factory import open_factory, order_lines, receive

LINES, WRITERS = 60, 80
INSERT = "insert into migration (name) values ($1)"


@pytest.mark.proves("DUP-1")
async def test_cancelled_callers_leak_no_transaction_and_their_repeats_take_effect_once(store: Store) -> None:
    factory = await open_factory(store, LINES)
    chance = random.Random(5)
    commands = {line.id: store.new_id() for line in await order_lines(store)}
    lines = await order_lines(store)
    cancelled = 0
    for _ in range(3):
        calls = [
            asyncio.create_task(receive(store, factory["wei"], line, commands[line.id])) for line in lines
        ]
        for call in calls:
            if chance.random() < 0.7:
                await asyncio.sleep(chance.random() * 0.002)
                cancelled += call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
    assert cancelled > 0
    answers = [await receive(store, factory["wei"], line, commands[line.id]) for line in lines]
    rows = await store.read.rows("select id, lot_id from receipt order by id")
    assert sorted(rows) == sorted((answer.receipt_id, answer.lot_id) for answer in answers)
    [(events,)] = await store.read.rows("select count(*) from event where type = 'lot_received'")
    assert events == LINES


async def cancel_writers(database: Database) -> None:
    """Eighty writers of two rows each, cancelled at any point; then one that is not."""
    chance = random.Random(6)

    async def write(number: int) -> None:
        async with database.writing() as writer:
            await writer.fetch(INSERT, f"first {number}")
            await asyncio.sleep(0)
            await writer.fetch(INSERT, f"second {number}")

    for number in range(WRITERS):
        task = asyncio.create_task(write(number))
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.choice((0, 0, 0.0005)))
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    async with asyncio.timeout(20), database.writing() as writer:
        await writer.fetch(INSERT, "last")


async def test_a_writer_cancelled_anywhere_rolls_back_and_lets_the_next_one_in(store: Store) -> None:
    await cancel_writers(store.database)
    rows = await store.database.fetch("select name from migration where name <> '0001_ground'")
    names = {str(name) for (name,) in rows}
    assert "last" in names
    for number in range(WRITERS):
        assert (f"first {number}" in names) == (f"second {number}" in names)


class BeginsOutside(SqliteDatabase):
    """The twin: what is rolled back begins after BEGIN has answered."""

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[SqliteWriter]:
        async with self._lock:
            await self._wait_for("begin immediate")
            try:
                yield SqliteWriter(self._writer)
                await self._wait_for("commit")
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")


async def test_a_transaction_begun_outside_is_leaked_and_blocks_everyone(tmp_path: Path) -> None:
    database = BeginsOutside(tmp_path / "twin.db")
    await database.open()
    await database.script([RECORD])
    with pytest.raises(Unavailable):
        await cancel_writers(database)
    await database.close()


async def test_a_refused_row_ends_its_own_transaction_alone(store: Store) -> None:
    with pytest.raises(Conflict):
        async with store.database.writing() as writer:
            await writer.fetch("insert into migration (name) values ($1)", "twice")
            await writer.fetch("insert into migration (name) values ($1)", "twice")
    assert not await store.database.fetch("select name from migration where name = 'twice'")
