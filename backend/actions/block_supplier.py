"""Block a supplier altogether: nothing of it is released, its open lots are held (REL-2, LOT-13)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.store.aliases import refuse_alias
from backend.store.change import Change
from backend.store.qualifying import SuspendedStock, hold_stock
from backend.store.verb import verb


class BlockSupplier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom, and why."""

    id: str
    supplier_id: str
    reason: str
    device_at: str | None = None


@verb
async def block_supplier(tx: Change, who: Who, command: BlockSupplier) -> SuspendedStock:
    """Block it, for every material."""
    supplier = await tx.get(Supplier, command.supplier_id)
    await refuse_alias(tx, "supplier", supplier.id)
    why = command.reason.strip()
    reasons = [] if why else [Reason("reason_missing", field="reason")]
    if supplier.status == "blocked":
        reasons.append(Reason("supplier_is_blocked", {"supplier": supplier.code}))
    if reasons:
        raise Refused(*reasons)
    tx.update(supplier, status="blocked")
    stock = await hold_stock(tx, supplier, None, why)
    tx.record(
        "supplier_blocked",
        "supplier",
        supplier.id,
        reason=why,
        supplier=supplier.code,
        held=stock.held,
        past=stock.past,
    )
    return stock
