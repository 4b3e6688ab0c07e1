"""Suspend or withdraw what a supplier is qualified for; its open lots are held, the past ones listed (LOT-13)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.errors import refuse
from backend.domain.items import Item, Supplier
from backend.domain.people import Who
from backend.domain.qualifications import Qualification
from backend.store.change import Change
from backend.store.qualifying import SuspendedStock, hold_stock, stop
from backend.store.verb import verb


class SuspendQualification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which, for a while or for good, and why."""

    id: str
    qualification_id: str
    step: Literal["suspend", "withdraw"]
    reason: str
    device_at: str | None = None


@verb
async def suspend_qualification(tx: Change, who: Who, command: SuspendQualification) -> SuspendedStock:
    """Take it back. What lies here and may be used is held at once."""
    known = await tx.get(Qualification, command.qualification_id)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    stopped = stop(tx, known, command.step, why)
    supplier, item = await tx.get(Supplier, known.supplier_id), await tx.get(Item, known.item_id)
    stock = await hold_stock(tx, supplier, [item.id], why)
    tx.record(
        "qualification_suspended" if stopped.status == "suspended" else "qualification_withdrawn",
        "supplier",
        supplier.id,
        reason=why,
        supplier=supplier.code,
        item=item.code,
        held=stock.held,
        past=stock.past,
    )
    return stock
