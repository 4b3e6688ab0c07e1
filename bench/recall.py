"""`./run bench recall`: closure, preview and trace of a recall beside the bare query that finds the same lots.

./run bench recall                       10 000 and 100 000 lots, both engines
./run bench recall --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`; every finished lot that has stock was shipped in part to one of fifty
consignees. Asked are the raw lots that went into most others, down, and finished lots, up, each once before it counts,
as the server reads what may take long (on SQLite in a thread); the bare query in the loop. `edges` is the part of a
trace that walks and reads them, `lots shown` the one that reads numbers, names and stock of the lots found. No HTTP.
The ratios are of processor time, this process's and the database server's, which others at work change least.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from backend.domain.recalls import Basis
from backend.store.closure import Way, closure
from backend.store.database import Database
from backend.store.reader import Reader
from backend.store.tracing import shown_of, walk_edges
from backend.views.recalls import recall_preview
from backend.views.traces import MOST_EDGES, trace_of
from bench.kept import arguments, factories
from bench.used import Used, used

ASKED = 20
ROUNDS = 5
BARE: dict[Way, str] = {
    "down": "with recursive t(id) as (select id from lot where id = $1 union select child_lot_id from consumption "
    "join t on parent_lot_id = t.id) select id from t",
    "up": "with recursive t(id) as (select id from lot where id = $1 union select parent_lot_id from consumption "
    "join t on child_lot_id = t.id) select id from t",
}
Work = Callable[[Reader, str], Awaitable[int]]


class Taken(NamedTuple):
    """Milliseconds by the clock and of the processor; how many lots were found."""

    clock: float
    cpu: float
    lots: int


class Times(NamedTuple):
    """Milliseconds: median and 95th percentile by the clock, median of the processor's; median number of lots."""

    clock: float
    p95: float
    cpu: float
    lots: int


async def measure(database: Database) -> dict[tuple[Way, str], Times]:
    """Each work on the same lots, warm."""
    short, read = Reader(database.dialect, database.fetch), Reader(database.dialect, database.fetch_long)
    spent = await used(database)
    site = (await read.rows("select id from site"))[0][0]
    hubs = await read.rows(
        f"select parent_lot_id, count(*) from consumption group by 1 order by 2 desc, 1 limit {ASKED}"
    )
    ends = await read.rows(
        "select lot.id from lot join item on item.id = lot.item_id where item.kind = 'finished' "
        f"order by lot.id desc limit {ASKED}"
    )
    asked: dict[Way, list[str]] = {"down": [row[0] for row in hubs], "up": [row[0] for row in ends]}
    reached = dict[Way, dict[str, list[str]]]()
    for way, lots in asked.items():
        reached[way] = {lot: await closure(short, [lot], way) for lot in lots}
    numbers: dict[str, str] = dict(await read.rows("select id, number from lot"))

    def bare(way: Way) -> Work:
        async def work(read: Reader, lot: str) -> int:
            return len(await short.rows(BARE[way], lot))

        return work

    def edges(way: Way) -> Work:
        async def work(read: Reader, lot: str) -> int:
            return len((await walk_edges(read, [lot], way, MOST_EDGES)).steps)

        return work

    def shown(way: Way) -> Work:
        async def work(read: Reader, lot: str) -> int:
            return len((await shown_of(read, reached[way][lot])).lots)

        return work

    def traced(way: Way) -> Work:
        async def work(read: Reader, lot: str) -> int:
            return len((await trace_of(read, [lot], way)).nodes)

        return work

    async def closed(read: Reader, lot: str) -> int:
        return len(await closure(read, [lot]))

    async def previewed(read: Reader, lot: str) -> int:
        return len((await recall_preview(read, site, Basis("lot", numbers[lot]))).lots)

    works: dict[Way, dict[str, Work]] = {
        "down": {
            "bare": bare("down"),
            "closure": closed,
            "preview": previewed,
            "edges": edges("down"),
            "lots shown": shown("down"),
            "trace": traced("down"),
        },
        "up": {
            "bare": bare("up"),
            "edges": edges("up"),
            "lots shown": shown("up"),
            "trace": traced("up"),
        },
    }
    return {
        (way, name): _times(taken)
        for way, named in works.items()
        for name, taken in (await _in_turn(read, spent, named, asked[way])).items()
    }


async def _in_turn(
    read: Reader, spent: Used, works: dict[str, Work], lots: list[str]
) -> dict[str, list[Taken]]:
    """Each work on a lot, then on the next: whoever else is at work meanwhile slows all of them alike."""
    found: dict[str, list[Taken]] = {name: [] for name in works}
    for turn in range(1 + ROUNDS):
        for lot in lots:
            for name, work in works.items():
                begun, before = time.perf_counter(), spent.both()
                lots_found = await work(read, lot)
                taken = Taken((time.perf_counter() - begun) * 1e3, spent.both() - before, lots_found)
                if turn > 0:
                    found[name].append(taken)
    return found


def _times(taken: list[Taken]) -> Times:
    clock, cpu, lots = zip(*taken, strict=True)
    p95 = sorted(clock)[int(len(clock) * 0.95) - 1]
    return Times(statistics.median(clock), p95, statistics.median(cpu), int(statistics.median(lots)))


def report(title: str, found: dict[tuple[Way, str], Times]) -> str:
    """As Markdown."""
    lines = [
        f"| {title} | lots reached | median ms | p95 ms | CPU ms | of the bare query |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for (way, name), each in found.items():
        bare = found[way, "bare"]
        lines.append(
            f"| {name}, {way} | {each.lots} | {each.clock:.1f} | {each.p95:.1f} | {each.cpu:.1f} | "
            f"{each.cpu / bare.cpu:.1f}x |"
        )
    return "\n".join([*lines, ""])


def main() -> int:
    """Measure and print."""
    for kept in factories(arguments("recall", __doc__)):
        print(report(kept.title, asyncio.run(_on(kept.database))), flush=True)
    return 0


async def _on(database: Database) -> dict[tuple[Way, str], Times]:
    await database.open()
    try:
        return await measure(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
