"""The genealogy around lots, both ways: raw materials, finished lots, consignees (LOT-10, LOT-12)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from backend.domain.errors import NotFound, Reason
from backend.domain.genealogy import Trace, TraceEdge, TraceNode, TraceShipment
from backend.domain.lots import Lot
from backend.domain.recalls import Basis
from backend.store.closure import Way, walk
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.seeds import seeds
from backend.store.shipping import shipped_of
from backend.views.lots import lines_by_id

Direction = Literal["both", "up", "down"]
MOST_EDGES = 100_000
WAYS: tuple[Way, ...] = ("up", "down")
_AT: dict[Way, str] = {"up": "child_lot_id", "down": "parent_lot_id"}


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
    depths = dict.fromkeys(starts, 0)
    edges: dict[tuple[str, str, str], Decimal] = {}
    complete = True
    begin = among(read, "lot.id", starts)
    for way in WAYS:
        if direction in ("both", way):
            rows = await read.rows(
                f"{walk(way, begin.where)}select parent_lot_id, child_lot_id, quantity, kind from consumption "
                f"where {_AT[way]} in (select id from reached) limit {MOST_EDGES + 1}",
                begin.argument,
            )
            complete = complete and len(rows) <= MOST_EDGES
            found = [(row[0], row[1], row[3] or "consumed", Decimal(row[2])) for row in rows[:MOST_EDGES]]
            summed: dict[tuple[str, str, str], Decimal] = {}
            for parent, child, kind, quantity in found:
                summed[parent, child, kind] = summed.get((parent, child, kind), Decimal(0)) + quantity
            edges |= summed
            depths = _depths(starts, list(summed), way) | depths
    lines = await lines_by_id(read, sorted(depths))
    nodes = [
        TraceNode(
            lot_id=line.id,
            number=line.number,
            item_code=line.item.code,
            item_name=line.item.name,
            status=line.status,
            supplier=line.supplier.name if line.supplier else None,
            supplier_lot=line.supplier_lot,
            expires_on=line.expires_on,
            depth=depths[line.id],
            unit=line.item.unit,
            on_hand=line.quantity,
        )
        for line in lines.values()
    ]
    nodes.sort(key=lambda node: (node.depth, node.number))
    shipments = [
        TraceShipment(
            each.lot_id,
            each.consignee,
            each.name,
            each.shipment,
            each.shipped_at,
            each.quantity,
            each.returned,
        )
        for each in await shipped_of(read, "lot_id", lines)
    ]
    return Trace(
        starts[0],
        direction,
        nodes,
        [
            TraceEdge(parent, child, quantity, kind)
            for (parent, child, kind), quantity in sorted(edges.items())
        ],
        list(starts),
        shipments,
        complete,
    )


def _depths(starts: Sequence[str], edges: Sequence[tuple[str, str, str]], way: Way) -> dict[str, int]:
    """Breadth first: how many steps away, negative towards raw materials."""
    following: dict[str, list[str]] = {}
    for parent, child, _ in edges:
        here, there = (child, parent) if way == "up" else (parent, child)
        following.setdefault(here, []).append(there)
    depths, front, step = dict.fromkeys(starts, 0), list(starts), -1 if way == "up" else 1
    while front:
        reached = [there for here in front for there in following.get(here, ()) if there not in depths]
        depths |= dict.fromkeys(reached, depths[front[0]] + step)
        front = list(dict.fromkeys(reached))
    return depths
