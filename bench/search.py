"""`./run bench search`: finding by whole numbers, beginnings and parts, at any size of the factory.

./run bench search                       10 000 and 100 000 lots, both engines
./run bench search --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`, with their inspections; a text is drawn from a number that is there, or
is one that hardly anything fits, or one that nearly everything fits. No HTTP. On PostgreSQL the processor time is this
process's own; the time by the clock has the server's in it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from backend.store.database import Database
from backend.store.reader import Reader
from backend.views.search import search
from bench.factory import database_on, make_factory
from bench.lot_graph import lot_graph

ASKED = 40


class Times(NamedTuple):
    """Milliseconds: median and slowest by the clock, median of this process's CPU; median number of hits."""

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
    site = (await read.rows("select id from site"))[0][0]
    today = datetime.now(UTC).date()
    rows = await read.rows("select number, supplier_lot from lot order by number")
    asked = texts([row[0] for row in rows], [row[1] for row in rows if row[1]], random.Random(seed))
    found = {}
    for name, each in asked.items():
        clock, cpu, hits = [], [], []
        await search(read, site, each[0], today)
        for text in each:
            begun, used = time.perf_counter(), time.process_time()
            hits.append(len((await search(read, site, text, today)).hits))
            clock.append((time.perf_counter() - begun) * 1e3)
            cpu.append((time.process_time() - used) * 1e3)
        found[name] = Times(
            statistics.median(clock), max(clock), statistics.median(cpu), int(statistics.median(hits))
        )
    return found, int((await read.rows("select count(*) from search_name"))[0][0])


def report(size: int, engine: str, names: int, found: dict[str, Times]) -> str:
    """As Markdown."""
    lines = [
        f"| {size:,} lots, {names:,} names; {engine} | hits | median ms | slowest ms | own CPU ms |".replace(
            ",", " ", 2
        ),
        "|---|---:|---:|---:|---:|",
    ]
    for name, each in found.items():
        lines.append(f"| {name} | {each.hits} | {each.clock:.1f} | {each.worst:.1f} | {each.cpu:.1f} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./run bench search", description=__doc__.splitlines()[0])
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
                found, names = asyncio.run(_on(engine, source, stack, args.seed))
                print(report(size, engine, names, found), flush=True)
                print(f"load average before: {before:.1f}", file=sys.stderr)
    return 0


async def _on(engine: str, source: Path, stack: ExitStack, seed: int) -> tuple[dict[str, Times], int]:
    database = await database_on(engine, source, stack)
    await database.open()
    try:
        return await measure(database, seed)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
