"""`./run bench opening`: what opening an inspection costs as the history of its series grows.

Each history is written in bulk: lots of one material and supplier, inspected by AQL and decided; then inspections
of more lots are opened, one a command, as a delivery opens them. The first opening counts the whole history (no
state is kept yet); those after it count what has come since. `lotgate` as it runs, without its HTTP.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msgspec

from backend.app import now
from backend.domain.inspections import ClassSampling, Inspection
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import PlanDocument
from backend.domain.sampling_rules import ByAql
from backend.domain.security import Plain, system
from backend.domain.signing import instant
from backend.store.change import Change
from backend.store.database import Database
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.openings import open_for
from backend.store.postgres import PostgresDatabase
from backend.store.series import past_of
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import table_of
from bench.ground import Ground, make_ground, new_id
from tests.postgres import create_database, running_postgres

HISTORIES = (10, 100, 1_000, 10_000)
OPENED = 40


class Cost(NamedTuple):
    """Milliseconds of this process's CPU, and by the clock: of the first opening, and the median of the rest."""

    first: tuple[float, float]
    rest: tuple[float, float]
    replay: float
    """CPU of reading and counting the whole history, as each opening would without the state."""


async def costs(database: Database, history: int) -> Cost:
    """On an empty database."""
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        ground = await make_ground(store)
        lots = await _write(store, ground, history)
        measured = [await _open(store, ground, lot) for lot in lots]
        lot = await store.read.get(Lot, lots[0])
        begun = time.process_time()
        await past_of(store.read, lot, "incoming")
        replay = (time.process_time() - begun) * 1e3
    finally:
        await store.close()
    cpu, wall = ([each[place] for each in measured[1:]] for place in (0, 1))
    return Cost(measured[0], (statistics.median(cpu), statistics.median(wall)), replay)


async def _open(store: Store, ground: Ground, lot_id: str) -> tuple[float, float]:
    async def work(tx: Change) -> str:
        lot = await tx.get(Lot, lot_id)
        [receipt] = await tx.all(Receipt, "lot_id = $1", lot_id)
        opened = await open_for(tx, lot, receipt, "incoming")
        tx.record("inspection_opened", "lot", lot_id)
        return opened.id if opened else ""

    who: Who = system(ground.site_id)
    cpu, wall = time.process_time(), time.perf_counter()
    await store.change(who, "receive_lot", Plain(store.new_id()), work, str)
    return (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3


async def _write(store: Store, ground: Ground, history: int) -> list[str]:
    """The history and its plan; returns lots that nobody has opened an inspection for."""
    item, supplier = ground.items[0][0], ground.suppliers[0]
    version = await store.read.get(PlanVersion, ground.plans[item])
    by_aql = [
        msgspec.structs.replace(each, sampling=ByAql("II", "1.0"))
        for each in version.document.characteristics
    ]
    text = table_of(PlanVersion, store.database.dialect).encode_one("document", PlanDocument(by_aql))
    begun = datetime.now(UTC) - timedelta(minutes=history + 1)
    lots: list[Lot] = []
    receipts: list[Receipt] = []
    inspections: list[Inspection] = []
    for place in range(history + OPENED):
        at = instant(begun + timedelta(minutes=min(place, history)))
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
        lots.append(lot)
        receipts.append(receipt)
        if place < history:
            said = ClassSampling("major", "normal", accepted=True, points=0, decided_at=at)
            inspections.append(
                Inspection(
                    new_id(), ground.site_id, f"I26-{place:06d}", lot.id, receipt.id, version.id, "incoming",
                    "passed", 500, lot.id.replace("-", ""), at, finished_at=at, sampling=[said],
                )
            )  # fmt: skip
    async with store.database.writing() as writer:
        await writer.fetch("update plan_version set document = $2 where id = $1", version.id, text)
        for nouns in (lots, receipts, inspections):
            table = table_of(type(nouns[0]), store.database.dialect)
            await writer.insert_many(table.insert, [table.encode(noun) for noun in nouns])
    if store.database.dialect == "postgres":
        async with store.database.writing() as writer:
            await writer.fetch("analyze")
    return [lot.id for lot in lots[history:]]


def main() -> int:
    """Print the table."""
    print("| engine | inspections before | opening, CPU ms | by the clock, ms | first opening, CPU ms | "
          "reading the history alone, CPU ms |")  # fmt: skip
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="lotgate-opening-") as at:
        for history in HISTORIES:
            _print("SQLite", history, asyncio.run(costs(SqliteDatabase(Path(at) / f"{history}.db"), history)))
    with tempfile.TemporaryDirectory(prefix="lotgate-postgres-") as at, running_postgres(Path(at)) as server:
        for history in HISTORIES:
            url = asyncio.run(create_database(server, f"opening_{history}"))
            _print("PostgreSQL", history, asyncio.run(costs(PostgresDatabase(url), history)))
    return 0


def _print(engine: str, history: int, cost: Cost) -> None:
    print(
        f"| {engine} | {history:,} | {cost.rest[0]:.2f} | {cost.rest[1]:.2f} | {cost.first[0]:.1f} | "
        f"{cost.replay:.1f} |",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
