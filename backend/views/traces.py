"""The genealogy around lots, both ways: raw materials, finished lots, consignees (LOT-10, LOT-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Literal

from backend.domain.errors import NotFound, Reason
from backend.domain.genealogy import Trace, TraceEdge, TraceNode, TraceShipment
from backend.domain.lots import Lot
from backend.domain.recalls import Basis
from backend.store.closure import Way, words_of
from backend.store.reader import Reader
from backend.store.seeds import seeds
from backend.store.shipping import shipped_of
from backend.store.tracing import Edges, Shown, Walk, decimal_of, shown_of, walk_edges

Direction = Literal["both", "up", "down"]
MOST_EDGES = 100_000
WAYS: tuple[Way, ...] = ("up", "down")
NOWHERE = Walk({}, Edges([], [], [], []))
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
    walks = {
        way: await walk_edges(read, starts, way, MOST_EDGES) for way in WAYS if direction in ("both", way)
    }
    up, down = walks.get("up", NOWHERE), walks.get("down", NOWHERE)
    depths = down.steps | {lot_id: -steps for lot_id, steps in up.steps.items()}
    edges = _edges(up, "up", seen={}) + _edges(down, "down", seen=up.steps)
    complete = all(len(each.edges.here) <= MOST_EDGES for each in walks.values())
    shown = await shown_of(read, depths)
    return Trace(
        starts[0],
        direction,
        _nodes(shown, depths),
        edges if complete else edges[:MOST_EDGES],
        [lot_id for lot_id in starts if lot_id in shown.lots],
        await _shipments(read, shown.sent),
        complete,
    )


async def _shipments(read: Reader, sent: Collection[str]) -> list[TraceShipment]:
    lines = await shipped_of(read, "lot_id", sent) if sent else []
    return [
        TraceShipment(
            each.lot_id,
            each.consignee,
            each.name,
            each.shipment,
            each.shipped_at,
            each.quantity,
            each.returned,
        )
        for each in lines
    ]


def _nodes(shown: Shown, depths: Mapping[str, int]) -> list[TraceNode]:
    """Raw materials first, then by number."""
    nodes = [
        TraceNode(
            id,
            number,
            code,
            words_of(name),
            status,
            supplier,
            supplier_lot,
            expires_on,
            depths[id],
            unit,
            shown.on_hand.get(id, _ZERO),
        )
        for id, number, code, name, status, supplier, supplier_lot, expires_on, unit in shown.lots.values()
    ]
    return sorted(nodes, key=attrgetter("depth", "number"))


def _edges(found: Walk, way: Way, seen: Mapping[str, int]) -> list[TraceEdge]:
    """Those of a lot together, by its id; those of a pair of one kind added up; without those between two lots that the
    other way has `seen`."""
    here, there, quantities, kinds = found.edges
    parents, children = (there, here) if way == "up" else (here, there)
    edges = list(map(TraceEdge, parents, children, map(decimal_of, quantities), kinds))
    if len(set(zip(parents, children, strict=True))) < len(edges):
        edges = _added_up(edges)
    if seen:
        edges = [each for each in edges if each.parent not in seen or each.child not in seen]
    return sorted(edges, key=attrgetter("child" if way == "up" else "parent"))


def _added_up(edges: Iterable[TraceEdge]) -> list[TraceEdge]:
    sums: dict[tuple[str, str, str], Decimal] = {}
    for each in edges:
        pair = each.parent, each.child, each.kind
        sums[pair] = sums.get(pair, _ZERO) + each.quantity
    return [TraceEdge(parent, child, quantity, kind) for (parent, child, kind), quantity in sums.items()]
