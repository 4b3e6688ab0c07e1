"""`./run bench search`: finding by whole numbers, beginnings and parts, at any size of the factory.

./run bench search                       10 000 and 100 000 lots, both engines
./run bench search --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`, with their inspections; a text is drawn from a number that is there,
or is one that hardly anything fits, or one that nearly everything fits. No HTTP. The processor time has the server's in
it.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from typing import NamedTuple

from backend.store.database import Database
from backend.store.reader import Reader
from backend.views.search import search
from bench.kept import arguments, factories
from bench.used import used

ASKED = 40


class Times(NamedTuple):
    """Milliseconds: median and slowest by the clock, median of the processor's; median number of hits."""

    clock: float
    worst: float
    cpu: float
    hits: int


def texts(numbers: list[str], supplier_lots: list[str], draw: random.Random) -> dict[str, list[str]]:
    """What is typed, by kind of text."""
    some = draw.sample(numbers, ASKED)
    return {
        "a whole number": some,
        "its beginning": [each[: draw.randint(3, 8)] for each in some],
        "its end, 5 characters": [each[-5:] for each in some],
        "its middle, 4 characters": [each[4:8] for each in some],
        "any 3 characters of it": [each[at : at + 3] for each in some for at in (draw.randint(1, 7),)],
        "the end of a supplier's lot": [each[1:] for each in draw.sample(supplier_lots, ASKED)],
        "two characters": [each[:2] for each in some],
        "in nearly every number": ["26-", "25-", "24-", "23-"] * (ASKED // 4),
        "in every number, but not this way": ["-00-00", "0L2", "I-2", "6-9999999"] * (ASKED // 4),
    }


async def measure(database: Database, seed: int) -> tuple[dict[str, Times], int]:
    """Each kind of text, warm; and how many names there are."""
    read = Reader(database.dialect, database.fetch)
    spent = await used(database)
    site = (await read.rows("select id from site"))[0][0]
    today = datetime.now(UTC).date()
    rows = await read.rows("select number, supplier_lot from lot order by number")
    asked = texts([row[0] for row in rows], [row[1] for row in rows if row[1]], random.Random(seed))
    found = {}
    for name, each in asked.items():
        clock, cpu, hits = [], [], []
        await search(read, site, each[0], today)
        for text in each:
            begun, before = time.perf_counter(), spent.both()
            hits.append(len((await search(read, site, text, today)).hits))
            clock.append((time.perf_counter() - begun) * 1e3)
            cpu.append(spent.both() - before)
        found[name] = Times(
            statistics.median(clock), max(clock), statistics.median(cpu), int(statistics.median(hits))
        )
    return found, int((await read.rows("select count(*) from search_name"))[0][0])


def report(title: str, names: int, found: dict[str, Times]) -> str:
    """As Markdown."""
    lines = [
        f"| {title}; {names:,} names | hits | median ms | slowest ms | CPU ms |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, each in found.items():
        lines.append(f"| {name} | {each.hits} | {each.clock:.1f} | {each.worst:.1f} | {each.cpu:.1f} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Measure and print."""
    args = arguments("search", __doc__)
    for kept in factories(args):
        found, names = asyncio.run(_on(kept.database, args.seed))
        print(report(kept.title, names, found), flush=True)
    return 0


async def _on(database: Database, seed: int) -> tuple[dict[str, Times], int]:
    await database.open()
    try:
        return await measure(database, seed)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
