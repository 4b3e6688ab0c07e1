"""A trace as a table: a line for each lot, each edge and each shipment, for other programs (LBL-8)."""

from __future__ import annotations

from backend.domain.genealogy import Trace
from backend.domain.tables_out import table

HEAD = (
    "what", "lot", "into", "kind", "quantity", "unit", "item", "name_en", "name_zh", "status", "on_hand", "depth",
    "supplier", "supplier_lot", "expires_on", "shipment", "consignee", "shipped_at", "returned",
)  # fmt: skip


def trace_csv(trace: Trace) -> str:
    """All of it; what a line has no word for is empty."""
    of = {node.lot_id: node for node in trace.nodes}
    rows: list[list[object]] = []
    for node in trace.nodes:
        rows.append(
            [
                "lot", node.number, "", "", "", node.unit, node.item_code, node.item_name.en, node.item_name.zh,
                node.status, node.on_hand, node.depth, node.supplier, node.supplier_lot, node.expires_on,
                *[""] * 4,
            ]
        )  # fmt: skip
    for edge in trace.edges:
        parent, child = of[edge.parent], of[edge.child]
        rows.append(["edge", parent.number, child.number, edge.kind, edge.quantity, parent.unit, *[""] * 13])
    for each in trace.shipments:
        lot = of[each.lot_id]
        where = [each.shipment, f"{each.consignee} {each.name}", each.shipped_at, each.returned]
        rows.append(["shipment", lot.number, "", "shipped", each.quantity, lot.unit, *[""] * 9, *where])
    return table(HEAD, rows)
