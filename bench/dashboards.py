"""`./run bench dashboards`: the pages of numbers of the last 90 days, at any size of the factory.

./run bench dashboards                       10 000 and 100 000 lots, both engines
./run bench dashboards --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`, made over three years, with their receipts and inspections. No HTTP.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from datetime import timedelta
from typing import NamedTuple

from backend.domain.dashboards import Page
from backend.store.database import Database
from backend.store.reader import Reader
from backend.views.dashboards import PAGES, dashboard
from bench.kept import arguments, factories
from bench.lot_graph import DAYS, START
from bench.used import used

TIMES = 7
LAST = START + timedelta(days=DAYS - 1)
"""The last day on which the factory makes anything."""


class Taken(NamedTuple):
    """Milliseconds: median and slowest by the clock, median of the processor's; records counted."""

    clock: float
    worst: float
    cpu: float
    records: int


async def measure(database: Database) -> dict[Page, Taken]:
    """Each page, warm."""
    read = Reader(database.dialect, database.fetch)
    spent = await used(database)
    site = (await read.rows("select id from site"))[0][0]
    found: dict[Page, Taken] = {}
    for page in PAGES:
        clock, cpu, records = [], [], 0
        for place in range(TIMES + 1):
            begun, before = time.perf_counter(), spent.both()
            view = await dashboard(read, site, page, 90, LAST)
            records = sum(each.of or int(each.value or 0) for each in view.figures)
            if place:
                clock.append((time.perf_counter() - begun) * 1e3)
                cpu.append(spent.both() - before)
        found[page] = Taken(statistics.median(clock), max(clock), statistics.median(cpu), records)
    return found


def main() -> int:
    """Measure and print."""
    for kept in factories(arguments("dashboards", __doc__)):
        print(f"| {kept.title} | records | median ms | slowest ms | CPU ms |\n|---|---:|---:|---:|---:|")
        for page, each in asyncio.run(_on(kept.database)).items():
            print(f"| {page} | {each.records} | {each.clock:.1f} | {each.worst:.1f} | {each.cpu:.1f} |")
        print(flush=True)
    return 0


async def _on(database: Database) -> dict[Page, Taken]:
    await database.open()
    try:
        return await measure(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
