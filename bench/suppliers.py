"""`./run bench suppliers`: the suppliers' screens and what a block holds, at any size of the factory.

./run bench suppliers                        10 000 and 100 000 lots, SQLite
./run bench suppliers --lots 10000 --engine postgres

The lots are those of `bench/lot_graph.py`; the supplier with the most of them is looked at and then blocked. No HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.actions.block_supplier import BlockSupplier, block_supplier
from backend.app import now
from backend.domain.security import system
from backend.domain.signing import later
from backend.store.database import Database
from backend.store.door import Store
from backend.views.scorecards import scorecard_of
from backend.views.suppliers import list_suppliers, supplier_view
from bench.factory import database_on, make_factory
from bench.ground import new_id
from bench.lot_graph import lot_graph

ASKED = 7


async def timed(work: Callable[[], Awaitable[object]], times: int = ASKED) -> float:
    """Median milliseconds by the clock, the first time left out."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken[1:] or taken)


async def measure(database: Database) -> list[tuple[str, str]]:
    """What, and how long."""
    store = Store(database, now, new_id)
    await store.open()
    try:
        site = (await store.read.rows("select id from site"))[0][0]
        most = "select supplier_id, count(*) from lot where supplier_id is not null group by 1 order by 2 desc limit 1"
        supplier, lots = (await store.read.rows(most))[0]
        today = datetime.now(UTC).date().isoformat()
        since = later(store.clock(), -timedelta(days=3650))
        found = [
            ("list", f"{await timed(lambda: list_suppliers(store.read, site, today)):.1f} ms"),
            (
                f"one of {lots} lots",
                f"{await timed(lambda: supplier_view(store.read, supplier, today)):.1f} ms",
            ),
            (
                "its scorecard",
                f"{await timed(lambda: scorecard_of(store.read_long, supplier, since)):.1f} ms",
            ),
        ]
        command = BlockSupplier(id=new_id(), supplier_id=supplier, reason="bench")
        begun = time.perf_counter()
        stock = await block_supplier(store, system(site), command)
        found.append(
            (f"blocked, {len(stock.held)} lots held", f"{(time.perf_counter() - begun) * 1e3:.0f} ms")
        )
        return found
    finally:
        await store.close()


async def on(engine: str, source: Path, stack: ExitStack) -> list[tuple[str, str]]:
    """On a database of its own."""
    return await measure(await database_on(engine, source, stack))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./run bench suppliers", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, action="append", help="size of the factory; several may be given")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    for size in args.lots or [10_000, 100_000]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-bench-")))
            source = folder / "factory.sqlite3"
            asyncio.run(make_factory(source, lot_graph(size, 0, args.seed)))
            print(f"| {size} lots; {args.engine} | |\n|---|---:|")
            for what, taken in asyncio.run(on(args.engine, source, stack)):
                print(f"| {what} | {taken} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
