"""Take stock out for good: destructive samples, scrap, what goes back to the supplier (SMP-9, ISO 13485 8.3)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.dividing import Fate, against_nothing, against_taking
from backend.domain.errors import Reason, Refused
from backend.domain.items import Item
from backend.domain.lots import Lot, Portion
from backend.domain.people import Who
from backend.domain.shares import Share, take_shares
from backend.store.change import Change
from backend.store.measuring import shares_in_stock
from backend.store.stock import follow_portions, lot_named, move
from backend.store.verb import verb


class TakeOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of which portions, what becomes of it, and why."""

    id: str
    lot_number: str
    fate: Fate
    shares: list[Share]
    reason: str
    device_at: str | None = None


@verb
async def take_out(tx: Change, who: Who, command: TakeOut) -> Lot:
    """Take it out. What is left is what can still be released (SMP-9)."""
    lot = await lot_named(tx, command.lot_number)
    portions = await tx.all(Portion, "lot_id = $1 order by id", lot.id)
    item = await tx.get(Item, lot.item_id)
    shares, said = await shares_in_stock(tx, item, command.shares)
    taken = take_shares(portions, shares, unit=item.unit)
    reasons = against_nothing(taken) + against_taking(command.fate, taken)
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    for portion, quantity in taken:
        tx.update(portion, quantity=portion.quantity - quantity)
        move(tx, portion, command.fate, quantity, portion.location_id, None, said.get(portion.id))
    lot = await follow_portions(tx, lot)
    total = sum((each.quantity for each in taken), Decimal(0))
    tx.record(
        "stock_taken_out",
        "lot",
        lot.id,
        reason=command.reason.strip(),
        lot=lot.number,
        fate=command.fate,
        quantity=format(total, "f"),
    )
    return lot
