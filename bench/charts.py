"""`./run bench charts`: what early warning costs, by the length of a history. CPU time.

One material of one supplier, an inspection of ten measured characteristics a lot. Recorded is one inspection, as the
phone sends it; the look is what follows aside, when the log is read: ten charts, each with baseline and newest lots.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.app import now
from backend.domain.early_warning import Watch
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.signing import instant
from backend.store.database import Database
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import Noun, table_of
from backend.watching import watch_charts
from bench.ground import READINGS, Ground, make_ground, new_id
from tests.postgres import create_database, running_postgres

HISTORIES = (30, 1_000, 10_000)
"""Inspections; ten results each."""
RECORDED = 15


class Cost(NamedTuple):
    """Medians, milliseconds of CPU: recording an inspection, and the look at it."""

    recording: float
    look: float


async def costs(database: Database, history: int) -> Cost:
    """With so many inspections before."""
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        ground = await make_ground(store)
        opened = await _write(store, ground, history)
        await watch_charts(store, Watch())
        who = Who(ground.person_id, ground.site_id, "inspector0", "", "en", ("inspector",), "phone")
        recording, looks = [], []
        for place, inspection_id in enumerate(opened):
            command = RecordResults(
                id=new_id(), inspection_id=inspection_id, entries=_entries(random.Random(place))
            )
            begun = time.process_time()
            await record_results(store, who, command)
            recorded = time.process_time()
            await watch_charts(store, Watch())
            looks.append((time.process_time() - recorded) * 1e3)
            recording.append((recorded - begun) * 1e3)
    finally:
        await store.close()
    return Cost(statistics.median(recording[1:]), statistics.median(looks[1:]))


def _value(chosen: random.Random) -> Decimal:
    return Decimal(f"{min(max(chosen.gauss(10, 0.04), 9.81), 10.19):.3f}")


def _entries(chosen: random.Random) -> list[Entry]:
    return [
        Entry(item_key=f"D{place:02d}-1", entered=str(_value(chosen)), confirmed=True)
        for place in range(READINGS)
    ]


async def _write(store: Store, ground: Ground, history: int) -> list[str]:
    """The history, straight into the tables; returns inspections that nobody has begun."""
    chosen = random.Random(7)
    item, supplier = ground.items[0][0], ground.suppliers[0]
    begun = datetime.now(UTC) - timedelta(minutes=history + RECORDED + 1)
    lots: list[Lot] = []
    receipts: list[Receipt] = []
    inspections: list[Inspection] = []
    readings: list[Reading] = []
    for place in range(history + RECORDED):
        at = instant(begun + timedelta(minutes=place))
        lot = Lot(
            new_id(), ground.site_id, f"L26-{place:06d}", item, supplier, f"X{place}", None, None, None,
            "quarantine", at,
        )  # fmt: skip
        receipt = Receipt(
            new_id(),
            ground.site_id,
            lot.id,
            "delivery",
            None,
            Decimal(500),
            [],
            [],
            ground.person_id,
            at,
            None,
        )
        done = place < history
        inspection = Inspection(
            new_id(), ground.site_id, f"I26-{place:06d}", lot.id, receipt.id, ground.plans[item], "incoming",
            "passed" if done else "open", 500, "00", at, finished_at=at if done else None,
        )  # fmt: skip
        lots.append(lot)
        receipts.append(receipt)
        inspections.append(inspection)
        for number in range(READINGS if done else 0):
            value = _value(chosen)
            readings.append(
                Reading(
                    new_id(), ground.site_id, inspection.id, None, f"D{number:02d}-1", f"D{number:02d}", str(value),
                    value, None, "conforming", "current", ground.person_id, "phone", at, None, [],
                )
            )  # fmt: skip
    for nouns in (lots, receipts, inspections, readings):
        await _insert(store, nouns)
    if store.database.dialect == "postgres":
        async with store.database.writing() as writer:
            await writer.fetch("analyze")
    return [each.id for each in inspections[history:]]


async def _insert(store: Store, nouns: list[Noun]) -> None:
    """Rows without events: only what is read counts here."""
    table = table_of(type(nouns[0]), store.database.dialect)
    async with store.database.writing() as writer:
        await writer.insert_many(table.insert, [table.encode(noun) for noun in nouns])


def main() -> int:
    """Print the table."""
    print("| engine | results before | recording ten results, CPU ms | the look at ten charts, CPU ms |")
    print("|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="lotgate-charts-") as at:
        for history in HISTORIES:
            database = SqliteDatabase(Path(at) / f"{history}.db")
            _print("SQLite", history, asyncio.run(costs(database, history)))
    with tempfile.TemporaryDirectory(prefix="lotgate-postgres-") as at, running_postgres(Path(at)) as server:
        for history in HISTORIES:
            url = asyncio.run(create_database(server, f"charts_{history}"))
            _print("PostgreSQL", history, asyncio.run(costs(PostgresDatabase(url), history)))
    return 0


def _print(engine: str, history: int, cost: Cost) -> None:
    print(f"| {engine} | {history * READINGS:,} | {cost.recording:.1f} | {cost.look:.1f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
