"""A trace as a report: the lots around one or several, what went into what, what was shipped (QUA-6, AUD-4)."""

from __future__ import annotations

from backend.domain.errors import refuse
from backend.domain.recalls import Basis
from backend.domain.record_exports import Field, both, listed
from backend.domain.reports import Filters
from backend.store.reader import Reader
from backend.views.traces import trace_from


async def trace_list(read: Reader, site_id: str, filters: Filters) -> list[Field]:
    """Both ways. Refused where the graph is larger than what is shown: half a trace proves nothing."""
    trace = await trace_from(read, site_id, Basis("lot", filters.lot or ""), "both")
    if not trace.complete:
        raise refuse("report_too_long", found=len(trace.edges), most=len(trace.edges))
    of = {node.lot_id: node for node in trace.nodes}
    fields = listed("asked", [{"lot": filters.lot, "lots": len(trace.nodes)}])
    fields += listed("traced_lot", [
        {"number": node.number, "depth": node.depth, "item": node.item_code, "name": both(node.item_name),
         "status": node.status, "on_hand": node.on_hand, "unit": node.unit, "supplier": node.supplier,
         "supplier_lot": node.supplier_lot, "expires_on": node.expires_on}
        for node in trace.nodes
    ])  # fmt: skip
    fields += listed("went_into", [
        {"parent_lot_id": of[edge.parent].number, "child_lot_id": of[edge.child].number, "kind": edge.kind,
         "quantity": edge.quantity, "unit": of[edge.parent].unit}
        for edge in trace.edges
    ])  # fmt: skip
    return fields + listed("sent_out", [
        {"lot": of[each.lot_id].number, "shipment": each.shipment, "consignee": f"{each.consignee} {each.name}",
         "quantity": each.quantity, "unit": of[each.lot_id].unit, "shipped_at": each.shipped_at,
         "returned": each.returned}
        for each in trace.shipments
    ])  # fmt: skip
