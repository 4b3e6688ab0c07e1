"""What a trace shows: the edges on a way, with how far each lot is, and what is shown of lots (ADR 40).

Whatever belongs to many lots comes as one row that lists it, a text for each column: a row for each edge or portion
costs several times as much, on its way out of the database and as Python's objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from backend.store.closure import FROM_TO, Way, walk
from backend.store.database import Row
from backend.store.many import ASKED, among, rows_of
from backend.store.reader import Reader
from backend.store.tables import Dialect

STEPS = 20
"""A walk that is longer is left to the database: a statement for each step of a long chain takes too long."""
QUANTITY: dict[Dialect, str] = {"sqlite": "quantity", "postgres": "quantity::text"}
LOT = (
    "lot.id, lot.number, item.code, item.name, lot.status, supplier.name, lot.supplier_lot, lot.expires_on, "
    "item.unit"
)
"""Of each lot that is shown."""

decimal_of = lru_cache(4096)(Decimal)
"""A quantity from its text; edges have a few over and over."""


class Edges(NamedTuple):
    """An edge each: the lot from which it was walked, the lot where it leads, how much, as what."""

    here: list[str]
    there: list[str]
    quantities: list[str]
    kinds: list[str]


class Walk(NamedTuple):
    """One way from some lots. `steps`: of each lot, how many from the nearest of them; more than `most` edges: not
    all of it."""

    steps: dict[str, int]
    edges: Edges


class Shown(NamedTuple):
    """By id, `lots`: LOT, and `on_hand`, where it is not 0; `sent`: those of which something was shipped."""

    lots: dict[str, Row]
    on_hand: dict[str, Decimal]
    sent: set[str]


async def walk_edges(read: Reader, starts: Collection[str], way: Way, most: int) -> Walk:
    """A step after the other, until nothing new is found or more than `most` edges are: sets are faster here than the
    database's recursion. Edges are only ever added: none is missed that was there when the walk began."""
    statement = edges_of(read.dialect, way, ASKED[read.dialect])
    found = Walk(dict.fromkeys(starts, 0), Edges([], [], [], []))
    front = sorted(found.steps)
    for step in range(1, STEPS + 1):
        rows = await read.rows(statement, among(read, "", front).argument)
        edges = _listed(rows[0])
        for known, more in zip(found.edges, edges, strict=True):
            known += more
        front = sorted(set(edges.there) - found.steps.keys())
        found.steps.update(dict.fromkeys(front, step))
        if not front or len(found.edges.here) > most:
            return found
    return await _walk_far(read, starts, way, most)


async def _walk_far(read: Reader, starts: Collection[str], way: Way, most: int) -> Walk:
    """The same by one recursive statement, and the steps from what it found."""
    begin = among(read, "lot.id", starts)
    reached = f"select id from reached limit {most + len(starts) + 1}"
    statement = walk(way, begin.where) + edges_of(read.dialect, way, reached)
    edges = _listed((await read.rows(statement, begin.argument))[0])
    return Walk(steps_over(starts, edges), edges)


@cache
def edges_of(dialect: Dialect, way: Way, lots: str) -> str:
    """One row: what Edges lists, of the lots that another statement selects."""
    here, there = FROM_TO[way]
    return (
        f"select string_agg({here}, ' '), string_agg({there}, ' '), string_agg({QUANTITY[dialect]}, ' '), "
        f"string_agg(coalesce(kind, ''), ' ') from {rows_of(dialect, 'consumption', here, lots)}"
    )


def _listed(row: Row) -> Edges:
    here, there, quantities, kinds = row
    said = [kind or "consumed" for kind in kinds.split(" ")] if kinds and not kinds.isspace() else None
    lots = _words(here)
    return Edges(lots, _words(there), _words(quantities), said or ["consumed"] * len(lots))


def _words(text: str | None) -> list[str]:
    return text.split(" ") if text else []


def steps_over(starts: Iterable[str], edges: Edges) -> dict[str, int]:
    """How far from the nearest start these edges lead."""
    beyond = defaultdict[str, list[str]](list)
    for here, there in zip(edges.here, edges.there, strict=True):
        beyond[here].append(there)
    found = dict.fromkeys(starts, 0)
    front, step = set(found), 0
    while front:
        step += 1
        front = set(chain.from_iterable(beyond[lot_id] for lot_id in front)) - found.keys()
        found.update(dict.fromkeys(front, step))
    return found


async def shown_of(read: Reader, lot_ids: Iterable[str]) -> Shown:
    """Of these lots, by one statement."""
    rows = await read.rows(all_shown(read.dialect), among(read, "", lot_ids).argument)
    lots = {row[0]: row for row in rows}
    lying, sent = lots.pop("lying"), lots.pop("sent")
    on_hand: dict[str, Decimal] = {}
    for lot_id, quantity in zip(_words(lying[1]), _words(lying[2]), strict=True):
        on_hand[lot_id] = on_hand.get(lot_id, Decimal(0)) + decimal_of(quantity)
    return Shown(lots, on_hand, set(_words(sent[1])))


@cache
def all_shown(dialect: Dialect) -> str:
    """A row for each lot, LOT, and two that list what belongs to all of them: after `lying` lots and quantities, one
    each for a portion of which something lies here, after `sent` lots, one for each line of a shipment."""
    asked, quantity = ASKED[dialect], QUANTITY[dialect]
    return (
        f"select 'lying', string_agg(lot_id, ' '), string_agg({quantity}, ' '), "
        "null, null, null, null, null, null "
        f"from {rows_of(dialect, 'portion', 'lot_id', asked)} where {quantity} <> '0' "
        "union all select 'sent', string_agg(lot_id, ' '), null, null, null, null, null, null, null "
        f"from {rows_of(dialect, 'shipment_line', 'lot_id', asked)} "
        f"union all select {LOT} from {rows_of(dialect, 'lot', 'id', asked)} "
        "join item on item.id = lot.item_id left join supplier on supplier.id = lot.supplier_id"
    )
