"""`./run bench recall`: closure, preview and trace of a recall beside the bare query that finds the same lots.

./run bench recall                       10 000 and 100 000 lots, both engines
./run bench recall --lots 1000000 --engine sqlite

The lots are those of `bench/lot_graph.py`; every finished lot that has stock was shipped in part to one of fifty
consignees. Asked are the raw lots that went into most others, down, and finished lots, up, as the server reads what may
take long (on SQLite in a thread); the bare query in the loop. `rows shown` is the statement alone that reads what a trace
shows of those lots (numbers, names, edges, stock), its rows not looked at. No HTTP. The ratios are of processor time, this process's
and the database server's, which others at work on the machine change least.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from backend.domain.recalls import Basis
from backend.store.closure import EDGE, closure, looking_up, walk
from backend.store.database import Database
from backend.store.reader import Reader
from backend.views.recalls import recall_preview
from backend.views.traces import JOINED, SHOWN, WAYS, trace_of
from bench.kept import arguments, factories
from bench.used import Used, used

ASKED = 20
BARE = {
    "down": "with recursive t(id) as (select id from lot where id = $1 union select child_lot_id from consumption "
    "join t on parent_lot_id = t.id) select id from t",
    "up": "with recursive t(id) as (select id from lot where id = $1 union select parent_lot_id from consumption "
    "join t on child_lot_id = t.id) select id from t",
}
Work = Callable[[Reader, str], Awaitable[int]]


class Times(NamedTuple):
    """Milliseconds: median and 95th percentile by the clock, median of the processor's; median number of lots."""

    clock: float
    p95: float
    cpu: float
    lots: int


async def measure(database: Database) -> dict[tuple[str, str], Times]:
    """Each work on the same lots, one after the other, warm."""
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
    shown = {
        way: walk(way, "lot.id = $1")
        + looking_up(database.dialect, way, EDGE, SHOWN, JOINED, "reached asked")
        for way in WAYS
    }
    numbers: dict[str, str] = dict(await read.rows("select id, number from lot"))

    async def bare_down(read: Reader, lot: str) -> int:
        return len(await short.rows(BARE["down"], lot))

    async def bare_up(read: Reader, lot: str) -> int:
        return len(await short.rows(BARE["up"], lot))

    async def rows_down(read: Reader, lot: str) -> int:
        return len(await short.rows(shown["down"], lot))

    async def rows_up(read: Reader, lot: str) -> int:
        return len(await short.rows(shown["up"], lot))

    async def closed(read: Reader, lot: str) -> int:
        return len(await closure(read, [lot]))

    async def previewed(read: Reader, lot: str) -> int:
        return len((await recall_preview(read, site, Basis("lot", numbers[lot]))).lots)

    async def traced_down(read: Reader, lot: str) -> int:
        return len((await trace_of(read, [lot], "down")).nodes)

    async def traced_up(read: Reader, lot: str) -> int:
        return len((await trace_of(read, [lot], "up")).nodes)

    down: dict[str, Work] = {
        "bare": bare_down,
        "closure": closed,
        "preview": previewed,
        "rows shown": rows_down,
        "trace": traced_down,
    }
    up: dict[str, Work] = {"bare": bare_up, "rows shown": rows_up, "trace": traced_up}
    found = {}
    for way, works, rows in (("down", down, hubs), ("up", up, ends)):
        for name, work in works.items():
            found[way, name] = await _times(read, spent, work, [row[0] for row in rows])
    return found


async def _times(read: Reader, spent: Used, work: Work, lots: list[str]) -> Times:
    clock, cpu, counts = [], [], []
    await work(read, lots[0])
    for lot in lots:
        begun, before = time.perf_counter(), spent.both()
        counts.append(await work(read, lot))
        clock.append((time.perf_counter() - begun) * 1e3)
        cpu.append(spent.both() - before)
    p95 = sorted(clock)[int(len(clock) * 0.95) - 1]
    return Times(statistics.median(clock), p95, statistics.median(cpu), int(statistics.median(counts)))


def report(title: str, found: dict[tuple[str, str], Times]) -> str:
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


async def _on(database: Database) -> dict[tuple[str, str], Times]:
    await database.open()
    try:
        return await measure(database)
    finally:
        await database.close()


if __name__ == "__main__":
    sys.exit(main())
