"""The yardstick: the same works by hand, with Litestar and the bare driver, and nothing else.

No session, no rights, no idempotency, no chain: a record is ten readings, the inspection's new state and one
audit row in one durable transaction. It stands on the product's tables and behind the product's server.

    python -m bench.minimal FILE | postgresql://...
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

import asyncpg
import msgspec
import uuid_utils
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody

from backend.app import now
from backend.store.postgres import QuickConnection
from backend.store.sqlite import SqliteDatabase, dialect_sql

LOT = (
    "select lot.number, lot.status, item.code, inspection.number, inspection.status from lot "
    "join item on item.id = lot.item_id left join inspection on inspection.lot_id = lot.id "
    "and inspection.status in ('open', 'in_progress') where lot.site_id = $1 and lot.number = $2"
)
LOTS = (
    "select lot.number, lot.status, item.code, lot.supplier_lot, lot.made_on, lot.expires_on, "
    "lot.created_at, (select sum(portion.quantity) from portion where portion.lot_id = lot.id) "
    "from lot join item on item.id = lot.item_id where lot.site_id = $1 "
    "and lot.supplier_id = (select id from supplier where site_id = $1 and code = $2) and lot.status = $3 "
    "and lot.created_at >= $4 and lot.created_at < $5 order by lot.created_at desc, lot.id desc limit 50"
)
FINISH = (
    "update inspection set status = $2, finished_at = $3, version = version + 1 "
    "where id = $1 and status = 'open' returning site_id"
)
READING = (
    "insert into reading (id, site_id, inspection_id, item_key, characteristic, entered, value, verdict, status, "
    "person_id, source, at, attachments) values ($1, $2, $3, $4, $4, $5, $6, $7, 'current', 'nobody', 'phone', "
    "$8, '[]')"
)
EVENT = (
    "insert into event (seq, id, at, site_id, type, subject_kind, subject_id, body, leaf) "
    "values ($1, $2, $3, $4, 'results_recorded', 'inspection', $5, $6, $7)"
)
RECORD_POSTGRES = """
with done as (
    update inspection set status = $2, finished_at = $3, version = version + 1
    where id = $1 and status = 'open' returning site_id),
read as (
    insert into reading (id, site_id, inspection_id, item_key, characteristic, entered, value, verdict, status,
        person_id, source, at, attachments)
    select r.id, done.site_id, $1, r.key, r.key, r.entered, r.value, r.verdict, 'current', 'nobody', 'phone', $3,
        '[]' from done, unnest($4::text[], $5::text[], $6::text[], $7::numeric[], $8::text[])
        as r (id, key, entered, value, verdict)),
log as (
    insert into event (seq, id, at, site_id, type, subject_kind, subject_id, body, leaf)
    select nextval('bench_seq'), $9, $3, done.site_id, 'results_recorded', 'inspection', $1, $10, $11 from done)
select site_id from done"""
LOWER, UPPER = Decimal("9.80"), Decimal("10.20")


class LotAnswer(msgspec.Struct):
    """W1."""

    number: str
    status: str
    item: str
    open_inspections: list[tuple[str, str]]


class LotRow(msgspec.Struct, array_like=False):
    """W4, a line."""

    number: str
    status: str
    item: str
    supplier_lot: str | None
    made_on: str | None
    expires_on: str | None
    created_at: str
    quantity: float | Decimal


class Entry(msgspec.Struct):
    """One reading as typed."""

    item_key: str
    entered: str


class Record(msgspec.Struct):
    """W2."""

    id: str
    entries: list[Entry]


class Judged(msgspec.Struct):
    """A reading with its verdict."""

    id: str
    key: str
    entered: str
    value: Decimal
    verdict: str


class Driver(Protocol):
    """What the three handlers need of a database."""

    async def fetch(self, sql: str, *args: Any) -> Sequence[Any]: ...

    async def record(self, inspection_id: str, readings: list[Judged], status: str, at: str) -> bool: ...


class Sqlite:
    """One connection in the loop's own thread; a transaction never waits in the middle, so none can interleave."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._read, self._write = database.reader, database._connect()

    async def fetch(self, sql: str, *args: Any) -> Sequence[Any]:
        rows: Sequence[Any] = self._read.execute(dialect_sql(sql), args).fetchall()
        return rows

    async def record(self, inspection_id: str, readings: list[Judged], status: str, at: str) -> bool:
        run = self._write.execute
        run("begin immediate")
        done = run(dialect_sql(FINISH), (inspection_id, status, at)).fetchall()
        if not done:
            run("rollback")
            return False
        site_id = done[0][0]
        rows = [
            (r.id, site_id, inspection_id, r.key, r.entered, str(r.value), r.verdict, at) for r in readings
        ]
        self._write.executemany(dialect_sql(READING), rows)
        seq = run("select max(seq) from event").fetchone()[0] + 1
        body, leaf = audit(inspection_id, readings, status)
        run(dialect_sql(EVENT), (seq, str(uuid_utils.uuid7()), at, site_id, inspection_id, body, leaf))
        run("commit")
        return True


class Postgres:
    """A pool without reset; a record is one statement, which is a transaction by itself."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def fetch(self, sql: str, *args: Any) -> Sequence[Any]:
        async with self._pool.acquire() as connection:
            rows: Sequence[Any] = await connection.fetch(sql, *args)
        return rows

    async def record(self, inspection_id: str, readings: list[Judged], status: str, at: str) -> bool:
        body, leaf = audit(inspection_id, readings, status)
        done = await self.fetch(
            RECORD_POSTGRES,
            inspection_id,
            status,
            at,
            [r.id for r in readings],
            [r.key for r in readings],
            [r.entered for r in readings],
            [r.value for r in readings],
            [r.verdict for r in readings],
            str(uuid_utils.uuid7()),
            body,
            leaf,
        )
        return bool(done)


def audit(inspection_id: str, readings: list[Judged], status: str) -> tuple[str, str]:
    """The audit row's text and hash."""
    body = msgspec.json.encode({"inspection": inspection_id, "status": status, "readings": readings})
    return body.decode(), hashlib.sha256(body).hexdigest()


def judged(entries: list[Entry]) -> list[Judged]:
    """Within limits or not."""
    readings = []
    for entry in entries:
        value = Decimal(entry.entered)
        verdict = "conforming" if LOWER <= value <= UPPER else "nonconforming"
        readings.append(Judged(str(uuid_utils.uuid7()), entry.item_key, entry.entered, value, verdict))
    return readings


@get("/api/lots/{number:str}")
async def lot(number: FromPath[str], state: State) -> LotAnswer:
    """W1."""
    rows = await state.driver.fetch(LOT, state.site, number)
    if not rows:
        raise NotFoundException
    first = rows[0]
    return LotAnswer(first[0], first[1], first[2], [(row[3], row[4]) for row in rows if row[3]])


@get("/api/lots")
async def lots(state: State, supplier: str, status: str, made_from: str, made_to: str) -> list[LotRow]:
    """W4."""
    rows = await state.driver.fetch(LOTS, state.site, supplier, status, made_from, made_to)
    return [LotRow(*row) for row in rows]


@post("/api/inspections/{inspection_id:str}/readings")
async def record(inspection_id: FromPath[str], data: JSONBody[Record], state: State) -> dict[str, str]:
    """W2."""
    readings = judged(data.entries)
    status = "passed" if all(reading.verdict == "conforming" for reading in readings) else "failed"
    if not await state.driver.record(inspection_id, readings, status, now()):
        raise NotFoundException
    return {"status": status}


@get("/healthz")
async def health() -> str:
    """Ready."""
    return "ok"


async def driver_of(address: str) -> Driver:
    """Connect."""
    if address.startswith("postgresql:"):
        pool = await asyncpg.create_pool(
            address, min_size=8, max_size=8, connection_class=QuickConnection, statement_cache_size=1024
        )
        await pool.execute("create sequence if not exists bench_seq start 1000000000")
        return Postgres(pool)
    from pathlib import Path

    database = SqliteDatabase(Path(address))
    await database.open()
    return Sqlite(database)


async def main() -> None:
    """Serve until the process is ended."""
    driver = await driver_of(sys.argv[1])
    site = (await driver.fetch("select id from site"))[0][0]
    state = State({"driver": driver, "site": site})
    app = Litestar([lot, lots, record, health], state=state, openapi_config=None)
    port = int(os.environ["LOTGATE_PORT"])
    await Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False).serve()


if __name__ == "__main__":
    asyncio.run(main())
