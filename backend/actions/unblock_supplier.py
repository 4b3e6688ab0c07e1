"""Take the block of a supplier back; what it is qualified for stands as it did, held lots stay held (REL-2)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Supplier
from backend.domain.people import Who
from backend.store.aliases import refuse_alias
from backend.store.change import Change
from backend.store.verb import verb


class UnblockSupplier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom, and why."""

    id: str
    supplier_id: str
    reason: str
    device_at: str | None = None


@verb
async def unblock_supplier(tx: Change, who: Who, command: UnblockSupplier) -> Supplier:
    """Its lots go on being held until quality lifts each of them."""
    supplier = await tx.get(Supplier, command.supplier_id)
    await refuse_alias(tx, "supplier", supplier.id)
    reasons = [] if command.reason.strip() else [Reason("reason_missing", field="reason")]
    if supplier.status != "blocked":
        reasons.append(Reason("supplier_not_blocked", {"supplier": supplier.code}))
    if reasons:
        raise Refused(*reasons)
    freed = tx.update(supplier, status="approved")
    tx.record(
        "supplier_unblocked", "supplier", supplier.id, reason=command.reason.strip(), supplier=supplier.code
    )
    return freed
