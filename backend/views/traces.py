"""The genealogy around a lot, both ways: from raw materials to finished lots and back (LOT-10, LOT-12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from backend.domain.errors import NotFound, Reason
from backend.domain.genealogy import Trace, TraceEdge, TraceNode
from backend.domain.lots import Lot
from backend.store.reader import Reader
from backend.views.lots import lines_by_id

Direction = Literal["both", "up", "down"]
MOST_EDGES = 100_000

# towards raw materials, and towards products; `union` ends on a cycle too
_WALK = {
    "up": "select parent_lot_id, child_lot_id, quantity from consumption where child_lot_id in "
    "(with recursive t(id) as (select id from lot where id = $1 union select parent_lot_id from consumption "
    "join t on child_lot_id = t.id) select id from t)",
    "down": "select parent_lot_id, child_lot_id, quantity from consumption where parent_lot_id in "
    "(with recursive t(id) as (select id from lot where id = $1 union select child_lot_id from consumption "
    "join t on parent_lot_id = t.id) select id from t)",
}


async def trace(read: Reader, site_id: str, number: str, direction: Direction) -> Trace:
    """The graph around a lot, with each lot's distance from it."""
    lot = await read.first(Lot, "site_id = $1 and number = $2", site_id, number)
    if lot is None:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    depths = {lot.id: 0}
    edges: dict[tuple[str, str], Decimal] = {}
    for way in ("up", "down"):
        if direction in ("both", way):
            rows = await read.rows(f"{_WALK[way]} limit {MOST_EDGES}", lot.id)
            found = [(row[0], row[1], Decimal(row[2])) for row in rows]
            for parent, child, quantity in found:
                edges[parent, child] = edges.get((parent, child), Decimal(0)) + quantity
            depths |= _depths(lot.id, found, way)
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
        )
        for line in lines.values()
    ]
    nodes.sort(key=lambda node: (node.depth, node.number))
    return Trace(lot.id, direction, nodes, [TraceEdge(p, c, q) for (p, c), q in sorted(edges.items())])


def _depths(start: str, edges: list[tuple[str, str, Decimal]], way: str) -> dict[str, int]:
    """Breadth first: how many steps away, negative towards raw materials."""
    following: dict[str, list[str]] = {}
    for parent, child, _ in edges:
        here, there = (child, parent) if way == "up" else (parent, child)
        following.setdefault(here, []).append(there)
    depths, front, step = {start: 0}, [start], -1 if way == "up" else 1
    while front:
        reached = [there for here in front for there in following.get(here, ()) if there not in depths]
        depths |= dict.fromkeys(reached, depths[front[0]] + step)
        front = list(dict.fromkeys(reached))
    return depths
