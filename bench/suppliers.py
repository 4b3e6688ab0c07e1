"""`./run bench suppliers`: the suppliers' screens and what a block holds, at any size of the factory.

./run bench suppliers                        10 000 and 100 000 lots, both engines
./run bench suppliers --lots 10000 --engine postgres

The lots are those of `bench/lot_graph.py`; the approved supplier with the most of them is looked at and then blocked,
in a factory that is kept too. No HTTP.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from backend.actions.block_supplier import BlockSupplier, block_supplier
from backend.app import now
from backend.domain.security import system
from backend.domain.signing import later
from backend.store.database import Database
from backend.store.door import Store
from backend.views.scorecards import scorecard_of
from backend.views.suppliers import list_suppliers, supplier_view
from bench.ground import new_id
from bench.kept import arguments, factories
from bench.used import Used, used

ASKED = 7


class Taken(NamedTuple):
    """Milliseconds by the clock and of the processor."""

    clock: float
    cpu: float


async def timed(spent: Used, work: Callable[[], Awaitable[object]], times: int = ASKED) -> Taken:
    """Medians, the first time left out."""
    taken = []
    for _ in range(times):
        begun, before = time.perf_counter(), spent.both()
        await work()
        taken.append(Taken((time.perf_counter() - begun) * 1e3, spent.both() - before))
    kept = taken[1:] or taken
    return Taken(statistics.median(each.clock for each in kept), statistics.median(each.cpu for each in kept))


async def measure(database: Database) -> list[tuple[str, Taken]]:
    """What, and how long."""
    store = Store(database, now, new_id)
    await store.open()
    try:
        site = (await store.read.rows("select id from site"))[0][0]
        most = (
            "select supplier.id, count(*) from lot join supplier on supplier.id = lot.supplier_id "
            "where supplier.status = 'approved' group by 1 order by 2 desc limit 1"
        )
        supplier, lots = (await store.read.rows(most))[0]
        today = datetime.now(UTC).date().isoformat()
        since = later(store.clock(), -timedelta(days=3650))
        spent = await used(database)
        found = [
            ("list", await timed(spent, lambda: list_suppliers(store.read, site, today))),
            (f"one of {lots} lots", await timed(spent, lambda: supplier_view(store.read, supplier, today))),
            ("its scorecard", await timed(spent, lambda: scorecard_of(store.read_long, supplier, since))),
        ]
        command = BlockSupplier(id=new_id(), supplier_id=supplier, reason="bench")
        held: list[int] = []

        async def block() -> None:
            held.append(len((await block_supplier(store, system(site), command)).held))

        blocked = await timed(spent, block, 1)
        return [*found, (f"blocked, {held[0]} lots held", blocked)]
    finally:
        await store.close()


def main() -> int:
    """Measure and print."""
    for kept in factories(arguments("suppliers", __doc__)):
        print(f"| {kept.title} | median ms | CPU ms |\n|---|---:|---:|")
        for what, taken in asyncio.run(measure(kept.database)):
            print(f"| {what} | {taken.clock:.1f} | {taken.cpu:.1f} |", flush=True)
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
