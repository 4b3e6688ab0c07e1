"""A process that receives lots until somebody kills it.

    python -m tests.faults.receiving ADDRESS FOLDER WHO FIRST [early]

Prints `try COMMAND LINE` before each command and `done COMMAND RECEIPT` once it is acknowledged.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from backend.domain.events import Event
from backend.domain.items import OrderLine
from backend.domain.people import Who
from backend.outside.maker_key import maker_key
from backend.store.database import Database, Writer
from backend.store.door import Store, Waiting
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.standing import Standing
from backend.store.witness import Witness
from tests.faults.factory import order_lines, receive
from tests.stores import new_id, opened, real_clock

AT_ONCE = 8


def database_at(address: str) -> Database:
    """The engine of an address."""
    return PostgresDatabase(address) if "://" in address else SqliteDatabase(Path(address))


async def receive_all(store: Store, who: Who, first: int) -> None:
    """Every expected delivery from the `first` on, some at a time."""
    waiting = (await order_lines(store))[first:]

    async def work() -> None:
        while waiting:
            await one(store, who, waiting.pop(0))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def one(store: Store, who: Who, line: OrderLine) -> None:
    command = new_id()
    print("try", command, line.id, flush=True)
    received = await receive(store, who, line, command)
    print("done", command, received.receipt_id, flush=True)


class EarlyStore(Store):
    """The broken twin: tells the caller once it has decided, before the commit."""

    async def _decide(self, writer: Writer, waiting: Waiting, seq: int, known: Standing) -> list[Event]:
        events = await super()._decide(writer, waiting, seq, known)
        waiting.finish()
        await asyncio.sleep(5)
        return events


async def early(address: str, who: str) -> None:
    """Receive with the twin."""
    store = EarlyStore(database_at(address), real_clock, new_id)
    await store.open()
    await receive_all(store, msgspec.json.decode(who, type=Who), 0)


async def main(address: str, folder: str, who: str, first: str) -> None:
    key = maker_key(Path(folder), "maker.example/lotgate")
    witness = Witness(Path(folder) / "log", key.vkey, key.sign)
    async with opened(database_at(address)) as store:
        witness.attach(store)
        await witness.catch_up(store.read_long)
        if store.locked is not None:
            raise SystemExit(str(store.locked))
        await receive_all(store, msgspec.json.decode(who, type=Who), int(first))
    await witness.close()


if __name__ == "__main__":
    if sys.argv[5:] == ["early"]:
        asyncio.run(early(sys.argv[1], sys.argv[3]))
    else:
        asyncio.run(main(*sys.argv[1:5]))
