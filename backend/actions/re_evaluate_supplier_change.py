"""Evaluate a supplier again after it has said what it changes: qualified still, or not any more (QUA-5)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.domain.qualifications import Qualification, ReEvaluation, SupplierChange
from backend.store.aliases import same_ids
from backend.store.change import Change
from backend.store.many import among
from backend.store.qualifying import SuspendedStock, hold_stock, stop
from backend.store.verb import verb


class ReEvaluateSupplierChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found, and what follows of it."""

    id: str
    change_id: str
    result: ReEvaluation
    finding: str
    device_at: str | None = None


@verb
async def re_evaluate_supplier_change(
    tx: Change, who: Who, command: ReEvaluateSupplierChange
) -> SuspendedStock:
    """Say it, once. `not_qualified` suspends what the supplier is qualified for among the materials concerned and
    holds their open lots; lots held meanwhile stay so until quality lifts each."""
    change = await tx.get(SupplierChange, command.change_id)
    supplier = await tx.get(Supplier, change.supplier_id)
    finding = command.finding.strip()
    reasons = [] if finding else [Reason("reason_missing", field="finding")]
    if change.result is not None:
        reasons.append(Reason("supplier_change_evaluated", {"what": change.what}))
    if reasons:
        raise Refused(*reasons)
    tx.update(
        change, result=command.result, finding=finding, re_evaluated_by=who.person_id, re_evaluated_at=tx.now
    )
    stock = SuspendedStock([], [])
    if command.result == "not_qualified":
        whose = among(tx, "supplier_id", await same_ids(tx, supplier.id))
        given = await tx.all(
            Qualification, f"{whose.where} and status = 'approved' order by id", whose.argument
        )
        for each in given:
            if change.concerns(*await same_ids(tx, each.item_id)):
                stop(tx, each, "suspend", finding)
        stock = await hold_stock(tx, supplier, change.item_ids or None, finding)
    tx.record(
        "supplier_change_evaluated",
        "supplier",
        supplier.id,
        reason=finding,
        supplier=supplier.code,
        what=change.what,
        result=command.result,
        held=stock.held,
        past=stock.past,
    )
    return stock
