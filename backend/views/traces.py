"""The genealogy around lots, both ways: raw materials, finished lots, consignees (LOT-10, LOT-12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import repeat
from operator import attrgetter
from typing import Literal

from backend.domain.errors import NotFound, Reason
from backend.domain.genealogy import Trace, TraceEdge, TraceNode, TraceShipment
from backend.domain.lots import Lot
from backend.domain.recalls import Basis
from backend.store.closure import EDGE, Spread, Way, added_up, spread, words_of
from backend.store.reader import Reader
from backend.store.seeds import seeds
from backend.store.shipping import shipped_of

Direction = Literal["both", "up", "down"]
MOST_EDGES = 100_000
WAYS: tuple[Way, ...] = ("up", "down")
SHOWN = (
    "lot.number, item.code, item.name, lot.status, supplier.name, lot.supplier_lot, lot.expires_on, item.unit, "
    "(select string_agg(portion.quantity || '', ' ') from portion where portion.lot_id = lot.id), "
    "(select 1 from shipment_line where shipment_line.lot_id = lot.id limit 1)"
)
JOINED = "join item on item.id = lot.item_id left join supplier on supplier.id = lot.supplier_id"
_ZERO = Decimal(0)


async def trace(read: Reader, site_id: str, number: str, direction: Direction) -> Trace:
    """The graph around a lot, with each lot's distance from it."""
    lot = await read.first(Lot, "site_id = $1 and number = $2", site_id, number)
    if lot is None:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    return await trace_of(read, [lot.id], direction)


async def trace_from(read: Reader, site_id: str, basis: Basis, direction: Direction) -> Trace:
    """The graph around whatever a basis singles out: a serial, equipment, an operator, a time (QUA-6)."""
    found = await seeds(read, site_id, basis)
    if not found:
        raise NotFound(Reason("basis_unknown", {"kind": basis.kind, "value": basis.value}, "value"))
    return await trace_of(read, found, direction)


async def trace_of(read: Reader, starts: Sequence[str], direction: Direction) -> Trace:
    """By ids of lots."""
    ways = [way for way in WAYS if direction in ("both", way)]
    found = {way: await spread(read, starts, way, SHOWN, JOINED, most=MOST_EDGES) for way in ways}
    up, down = found.get("up", {}), found.get("down", {})
    lots = down | up
    edges = _edges(up, "up", {}) + _edges(down, "down", up)
    complete = all(
        sum(len(words) for _, words, _ in way.values()) <= MOST_EDGES * EDGE for way in found.values()
    )
    if not complete:
        edges = [each for each in edges if each.parent in lots and each.child in lots][:MOST_EDGES]
    nodes = [_node(each, -each[0] if lot_id in up else each[0]) for lot_id, each in lots.items()]
    nodes.sort(key=attrgetter("depth", "number"))
    sent = [lot_id for lot_id, (_, _, row) in lots.items() if row[-1]]
    return Trace(
        starts[0],
        direction,
        nodes,
        edges,
        [lot_id for lot_id in starts if lot_id in lots],
        [
            TraceShipment(
                each.lot_id,
                each.consignee,
                each.name,
                each.shipment,
                each.shipped_at,
                each.quantity,
                each.returned,
            )
            for each in (await shipped_of(read, "lot_id", sent) if sent else ())
        ],
        complete,
    )


def _node(found: Spread, depth: int) -> TraceNode:
    id, _, number, code, name, status, supplier, supplier_lot, expires_on, unit, lying, _ = found[2]
    on_hand = added_up(lying)
    return TraceNode(
        id, number, code, words_of(name), status, supplier, supplier_lot, expires_on, depth, unit, on_hand
    )


def _edges(found: Mapping[str, Spread], way: Way, seen: Mapping[str, Spread]) -> list[TraceEdge]:
    """Those of a lot together, by its id; those of a pair of one kind added up; without those between two lots that the
    other way has `seen`."""
    edges: list[TraceEdge] = []
    for here in sorted(found):
        words = found[here][1]
        others, kinds = words[::EDGE], words[2::EDGE]
        quantities: Iterable[Decimal] = map(Decimal, words[1::EDGE])
        if len(set(others)) < len(others):
            others, quantities, kinds = _added_up(others, quantities, kinds)
        ends = (repeat(here), others) if way == "down" else (others, repeat(here))
        edges.extend(map(TraceEdge, *ends, quantities, kinds))
    return [each for each in edges if each.parent not in seen or each.child not in seen] if seen else edges


def _added_up(
    others: Iterable[str], quantities: Iterable[Decimal], kinds: Iterable[str]
) -> tuple[list[str], list[Decimal], list[str]]:
    sums: dict[tuple[str, str], Decimal] = {}
    for other, quantity, kind in zip(others, quantities, kinds, strict=True):
        sums[other, kind] = sums.get((other, kind), _ZERO) + quantity
    return [other for other, _ in sums], list(sums.values()), [kind for _, kind in sums]
