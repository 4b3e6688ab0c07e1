"""Random histories of a factory against a search that knows no SQL (QUA-6, LOT-10).

Each history receives, makes, splits, merges, reworks, ships and takes back at random, and is written as rows. What a
recall of one of its lots reaches is then asked of the product, and looked for by brute force: the list of edges is read
again and again until nothing new is found. Both must agree on the lots, on what lies here of each, and on what is with
each consignee; and a trace of two lots both ways on every edge, added up by its ends and kind, and every distance.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from backend.domain.consignees import Consignee, Contact
from backend.domain.genealogy import Consumption
from backend.domain.items import Item
from backend.domain.lots import Lot, Portion
from backend.domain.recalls import Basis
from backend.domain.shipments import CustomerReturn, Shipment, ShipmentLine
from backend.domain.sites import Organisation, Site
from backend.domain.words import Words
from backend.store.closure import Way, closure
from backend.store.database import Database, Writer
from backend.store.migrate import migrate
from backend.store.reader import Reader
from backend.store.recalling import reach
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import table_of
from backend.views.traces import trace_of

STEPS = 18
AT = "2026-11-28T00:00:00.000000Z"
SITE = "site"
CONSIGNEES = ("c0", "c1", "c2")
SHOWN = 5


class Edge(NamedTuple):
    """Something of a lot went into another one."""

    parent: int
    child: int
    kind: str | None
    quantity: int


class Line(NamedTuple):
    """So much of a lot went to a consignee, and so much of that came back."""

    lot: int
    consignee: int
    quantity: int
    returned: int


class History:
    """One factory's life: how much of each lot lies here, by its place."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.lying: list[int] = []
        self.open: set[int] = set()
        self.edges: list[Edge] = []
        self.lines: list[Line] = []
        for _ in range(STEPS):
            self.chance.choice((self.receive, self.start, self.consume, self.consume, self.split, self.merge,
                                self.rework, self.ship, self.ship, self.give_back))()  # fmt: skip

    def new(self, quantity: int) -> int:
        self.lying.append(quantity)
        return len(self.lying) - 1

    def some(self) -> int | None:
        """A lot of which something lies here."""
        found = [lot for lot, quantity in enumerate(self.lying) if quantity > 0 and lot not in self.open]
        return self.chance.choice(found) if found else None

    def take(self, lot: int) -> int:
        quantity = self.chance.randint(1, self.lying[lot])
        self.lying[lot] -= quantity
        return quantity

    def receive(self) -> None:
        self.new(self.chance.randint(1, 100))

    def start(self) -> None:
        self.open.add(self.new(0))

    def consume(self) -> None:
        """Into a lot that is being made; now and then it is finished with that."""
        parent = self.some()
        if parent is None or not self.open:
            return
        child = self.chance.choice(sorted(self.open))
        self.edges.append(Edge(parent, child, None, self.take(parent)))
        if self.chance.random() < 0.5:
            self.open.remove(child)
            self.lying[child] = self.chance.randint(1, 50)

    def split(self) -> None:
        self._goes_on("split")

    def rework(self) -> None:
        self._goes_on("rework")

    def _goes_on(self, kind: str) -> None:
        parent = self.some()
        if parent is not None:
            quantity = self.take(parent)
            self.edges.append(Edge(parent, self.new(quantity), kind, quantity))

    def merge(self) -> None:
        parents = {lot for lot in (self.some() for _ in range(3)) if lot is not None}
        if len(parents) > 1:
            merged = self.new(sum(self.lying[lot] for lot in parents))
            for lot in sorted(parents):
                self.edges.append(Edge(lot, merged, "merged", self.lying[lot]))
                self.lying[lot] = 0

    def ship(self) -> None:
        lot = self.some()
        if lot is not None:
            self.lines.append(Line(lot, self.chance.randrange(len(CONSIGNEES)), self.take(lot), 0))

    def give_back(self) -> None:
        there = [place for place, line in enumerate(self.lines) if line.quantity > line.returned]
        if there:
            place = self.chance.choice(there)
            line = self.lines[place]
            quantity = self.chance.randint(1, line.quantity - line.returned)
            self.lines[place] = line._replace(returned=line.returned + quantity)
            self.lying[line.lot] += quantity

    def reached_from(self, start: int) -> set[int]:
        """By brute force."""
        found = {start}
        while True:
            more = {edge.child for edge in self.edges if edge.parent in found} - found
            if not more:
                return found
            found |= more

    def distances(self, starts: Sequence[int], way: Way) -> dict[int, int]:
        """Steps from the nearest of these, by brute force."""
        found = dict.fromkeys(starts, 0)
        for step in range(len(self.lying)):
            for edge in self.edges:
                here, there = (edge.parent, edge.child) if way == "down" else (edge.child, edge.parent)
                if found.get(here) == step:
                    found.setdefault(there, step + 1)
        return found


class Difference(NamedTuple):
    """Where the product and the search do not agree."""

    seed: int
    what: str


def _rows(history: History) -> dict[type[msgspec.Struct], list[Any]]:
    """The nouns as the store keeps them."""
    lots = range(len(history.lying))
    found: dict[type[msgspec.Struct], list[Any]] = {
        Lot: [
            Lot(f"l{lot}", SITE, f"L{lot}", "item", None, None, None, None, None, "released", AT) for lot in lots
        ],
        Portion: [
            Portion(f"p{lot}", SITE, f"l{lot}", "r", Decimal(history.lying[lot]), "released", "here") for lot in lots
        ],
        Consumption: [
            Consumption(f"e{n}", SITE, f"l{e.parent}", f"l{e.child}", f"p{e.parent}", Decimal(e.quantity), "who", AT,
                        e.kind)  # type: ignore[arg-type]
            for n, e in enumerate(history.edges)
        ],
        Shipment: [], ShipmentLine: [], CustomerReturn: [],
    }  # fmt: skip
    for n, line in enumerate(history.lines):
        consignee = CONSIGNEES[line.consignee]
        found[Shipment].append(Shipment(f"s{n}", SITE, f"S{n}", consignee, "", "", "", [], "who", AT))
        found[ShipmentLine].append(
            ShipmentLine(f"n{n}", SITE, f"s{n}", f"l{line.lot}", f"p{line.lot}", Decimal(line.quantity), [])
        )
        if line.returned:
            found[CustomerReturn].append(
                CustomerReturn(
                    f"b{n}",
                    SITE,
                    f"B{n}",
                    f"n{n}",
                    f"l{line.lot}",
                    "r",
                    Decimal(line.returned),
                    "",
                    "who",
                    AT,
                )
            )
    return found


async def _write(writer: Writer, dialect: Any, rows: dict[type[msgspec.Struct], list[Any]]) -> None:
    for noun, nouns in rows.items():
        if nouns:
            table = table_of(noun, dialect)
            await writer.insert_many(table.insert, [table.encode(each) for each in nouns])


async def prepare(database: Database) -> None:
    """What all histories share."""
    contact = [Contact("x", "x@example.org")]
    shared: dict[type[msgspec.Struct], list[Any]] = {
        Organisation: [Organisation("org", Words("x", "x"))],
        Site: [Site(SITE, "org", "S", Words("x", "x"), "UTC")],
        Item: [Item("item", SITE, "I", Words("x", "x"), "raw", "pc")],
        Consignee: [Consignee(code, SITE, code, code, "x", "", "en", contact) for code in CONSIGNEES],
    }
    async with database.writing() as writer:
        await _write(writer, database.dialect, shared)


class _Undo(Exception):
    """So that nothing of a history stays."""


async def compare(database: Database, seed: int) -> Difference | None:
    """One history: written, asked, searched, undone."""
    chance = random.Random(seed)
    history = History(chance)
    if not history.lying:
        return None
    start = chance.randrange(len(history.lying))
    wanted = history.reached_from(start)
    difference: Difference | None = None
    try:
        async with database.writing() as writer:
            await _write(writer, database.dialect, _rows(history))
            read = Reader(database.dialect, writer.fetch)
            found = await reach(read, SITE, Basis("lot", f"L{start}"))
            closed = {int(lot_id[1:]) for lot_id in await closure(read, [f"l{start}"])}
            starts = [start, chance.randrange(len(history.lying))]
            difference = (
                _differs(seed, history, wanted, found)
                or (Difference(seed, f"closure {sorted(closed ^ wanted)}") if closed != wanted else None)
                or await _traced(read, seed, history, starts)
            )
            raise _Undo
    except _Undo:
        return difference


def _differs(seed: int, history: History, wanted: set[int], found: Any) -> Difference | None:
    lots = {lot.number: (lot.on_hand, lot.shipped) for lot in found.lots}
    away = dict.fromkeys(wanted, 0)
    has: dict[str, int] = {}
    for line in history.lines:
        if line.lot in wanted and line.quantity > line.returned:
            away[line.lot] += line.quantity - line.returned
            name = CONSIGNEES[line.consignee]
            has[name] = has.get(name, 0) + line.quantity - line.returned
    searched = {f"L{lot}": (history.lying[lot], away[lot]) for lot in wanted}
    if lots != searched:
        return Difference(seed, f"lots {sorted(set(lots.items()) ^ set(searched.items()))}")
    said: dict[str, Decimal] = {}
    for line in found.lines:
        said[line.consignee] = said.get(line.consignee, Decimal(0)) + line.there
    return None if said == has else Difference(seed, f"consignees {said} {has}")


async def _traced(read: Reader, seed: int, history: History, starts: list[int]) -> Difference | None:
    up, down = history.distances(starts, "up"), history.distances(starts, "down")
    added: dict[tuple[str, str, str], Decimal] = {}
    for edge in history.edges:
        if edge.child in up or edge.parent in down:
            key = (f"l{edge.parent}", f"l{edge.child}", edge.kind or "consumed")
            added[key] = added.get(key, Decimal(0)) + edge.quantity
    trace = await trace_of(read, [f"l{lot}" for lot in dict.fromkeys(starts)], "both")
    edges = {(each.parent, each.child, each.kind): each.quantity for each in trace.edges}
    if edges != added or len(trace.edges) != len(added):
        return Difference(seed, f"edges {sorted(set(edges.items()) ^ set(added.items()))}")
    depths = {f"l{lot}": steps for lot, steps in (down | {lot: -steps for lot, steps in up.items()}).items()}
    said = {node.lot_id: node.depth for node in trace.nodes}
    return None if said == depths else Difference(seed, f"distances {said} {depths}")


async def walk(database: Database, seeds: Sequence[int]) -> list[Difference]:
    """The first few differences."""
    found: list[Difference] = []
    for seed in seeds:
        difference = await compare(database, seed)
        if difference is not None:
            found.append(difference)
            if len(found) == SHOWN:
                break
    return found


def recall_walk(count: int, seed: int) -> list[Difference]:
    """On SQLite, in a folder that goes again."""

    async def run(folder: Path) -> list[Difference]:
        database = SqliteDatabase(folder / "recall.sqlite3")
        await database.open()
        try:
            await migrate(database)
            await prepare(database)
            return await walk(database, range(seed, seed + count))
        finally:
            await database.close()

    with tempfile.TemporaryDirectory(prefix="lotgate-recall-") as folder:
        return asyncio.run(run(Path(folder)))


def table(count: int, found: Sequence[Difference]) -> str:
    """For people."""
    lines = [f"histories {count}, steps each {STEPS}, differing {len(found)}"]
    return "\n".join([*lines, *(f"seed {each.seed}: {each.what}" for each in found)])
