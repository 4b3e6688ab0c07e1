"""`./run bench dashboards`: the pages of numbers of the last 90 days, at any size of the factory.

./run bench dashboards                       10 000 and 100 000 lots, both engines
./run bench dashboards --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`, made over three years, with their receipts and inspections. No HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from backend.domain.dashboards import Page
from backend.store.database import Database
from backend.store.reader import Reader
from backend.views.dashboards import PAGES, dashboard
from bench.factory import database_on, make_factory
from bench.lot_graph import DAYS, START, lot_graph

TIMES = 7
LAST = START + timedelta(days=DAYS - 1)
"""The last day on which the factory makes anything."""


class Taken(NamedTuple):
    """Milliseconds: median and slowest by the clock, median of this process's CPU; records counted."""

    clock: float
    worst: float
    cpu: float
    records: int


async def measure(database: Database) -> dict[Page, Taken]:
    """Each page, warm."""
    read = Reader(database.dialect, database.fetch)
    site = (await read.rows("select id from site"))[0][0]
    found: dict[Page, Taken] = {}
    for page in PAGES:
        clock, cpu, records = [], [], 0
        for place in range(TIMES + 1):
            begun, used = time.perf_counter(), time.process_time()
            view = await dashboard(read, site, page, 90, LAST)
            records = sum(each.of or int(each.value or 0) for each in view.figures)
            if place:
                clock.append((time.perf_counter() - begun) * 1e3)
                cpu.append((time.process_time() - used) * 1e3)
        found[page] = Taken(statistics.median(clock), max(clock), statistics.median(cpu), records)
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./run bench dashboards", description=__doc__.splitlines()[0])
    parser.add_argument("--lots", type=int, action="append", help="size of the factory; several may be given")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="one of them only")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    for size in args.lots or [10_000, 100_000]:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-bench-")))
            source = folder / "factory.sqlite3"
            asyncio.run(make_factory(source, lot_graph(size, 0, args.seed)))
            for engine in [args.engine] if args.engine else ["sqlite", "postgres"]:
                before = os.getloadavg()[0]
                print(
                    f"| {size:,} lots; {engine} | records | median ms | slowest ms | own CPU ms |".replace(
                        ",", " "
                    )
                )
                print("|---|---:|---:|---:|---:|")
                for page, each in asyncio.run(_on(engine, source, stack)).items():
                    print(
                        f"| {page} | {each.records} | {each.clock:.1f} | {each.worst:.1f} | {each.cpu:.1f} |"
                    )
                print(flush=True)
                print(f"load average before: {before:.1f}", file=sys.stderr)
    return 0


async def _on(engine: str, source: Path, stack: ExitStack) -> dict[Page, Taken]:
    database = await database_on(engine, source, stack)
    await database.open()
    try:
        return await measure(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
