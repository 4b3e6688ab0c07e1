"""Split a lot: a child with a number of its own that inherits status, expiry, holds and evidence (LOT-3)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.dividing import against_nothing, against_splitting
from backend.domain.errors import Reason, Refused
from backend.domain.genealogy import Consumption
from backend.domain.items import Item
from backend.domain.lots import Hold, Lot, Portion, Receipt
from backend.domain.material_units import Converted
from backend.domain.people import Who
from backend.domain.shares import Share, take_shares
from backend.store.change import Change
from backend.store.measuring import shares_in_stock
from backend.store.numbering import number
from backend.store.retesting import wind
from backend.store.stock import follow_portions, lot_named, move
from backend.store.verb import verb


class SplitLot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes off under a number of its own, and why."""

    id: str
    lot_number: str
    shares: list[Share]
    reason: str
    device_at: str | None = None


class Split(msgspec.Struct, frozen=True):
    """Both lots as they are now."""

    parent: Lot
    child: Lot
    quantity: Decimal


@verb
async def split_lot(tx: Change, who: Who, command: SplitLot) -> Split:
    """Split it. The inspections of what it came from go on speaking for the child."""
    parent = await lot_named(tx, command.lot_number)
    portions = await tx.all(Portion, "lot_id = $1 order by id", parent.id)
    item = await tx.get(Item, parent.item_id)
    shares, said = await shares_in_stock(tx, item, command.shares)
    taken = take_shares(portions, shares, unit=item.unit)
    reasons = against_nothing(taken) + against_splitting(taken)
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    child = tx.insert(
        msgspec.structs.replace(
            parent,
            id=tx.new_id(),
            number=await number(tx, "lot"),
            created_at=tx.now,
            version=1,
            split_from=parent.id,
        )
    )
    await wind(tx, child)
    receipts: dict[str, Receipt] = {}
    for portion, quantity in taken:
        receipt = receipts.get(portion.receipt_id) or await _receipt(tx, child, portion.receipt_id)
        receipts[portion.receipt_id] = msgspec.structs.replace(receipt, quantity=receipt.quantity + quantity)
        _part(tx, child, portion, quantity, receipt.id, said.get(portion.id))
    for receipt in receipts.values():
        tx.insert(receipt)
    await _inherit_holds(tx, parent, child, receipts)
    parent, child = await follow_portions(tx, parent), await follow_portions(tx, child)
    quantity = sum((each.quantity for each in taken), Decimal(0))
    tx.record(
        "lot_split",
        "lot",
        parent.id,
        reason=command.reason.strip(),
        lot=parent.number,
        child=child.number,
        quantity=format(quantity, "f"),
    )
    return Split(parent, child, quantity)


async def _receipt(tx: Change, child: Lot, from_id: str) -> Receipt:
    """The child's own entry into stock; nothing in it yet."""
    old = await tx.get(Receipt, from_id)
    return msgspec.structs.replace(
        old,
        id=tx.new_id(),
        lot_id=child.id,
        source="split",
        quantity=Decimal(0),
        codes=[],
        attachments=[],
        received_by=tx.who.person_id,
        received_at=tx.now,
        device_at=None,
        version=1,
        origin_id=old.origin_id or old.id,
        entered=None,
    )


def _part(
    tx: Change, child: Lot, portion: Portion, quantity: Decimal, receipt_id: str, said: Converted | None
) -> None:
    """A quantity of a portion as a portion of the child, with the same status under the same decision."""
    tx.update(portion, quantity=portion.quantity - quantity)
    part = tx.insert(
        msgspec.structs.replace(
            portion, id=tx.new_id(), lot_id=child.id, receipt_id=receipt_id, quantity=quantity, version=1
        )
    )
    who = tx.who.person_id
    tx.insert(
        Consumption(
            tx.new_id(), child.site_id, portion.lot_id, child.id, portion.id, quantity, who, tx.now, "split"
        )
    )
    move(tx, portion, "split_off", quantity, portion.location_id, None, said)
    move(tx, part, "split_in", quantity, None, part.location_id, said)


async def _inherit_holds(tx: Change, parent: Lot, child: Lot, receipts: dict[str, Receipt]) -> None:
    for hold in await tx.all(Hold, "lot_id = $1 and lifted_at is null order by id", parent.id):
        if hold.receipt_id is None or hold.receipt_id in receipts:
            receipt_id = receipts[hold.receipt_id].id if hold.receipt_id is not None else None
            tx.insert(
                msgspec.structs.replace(
                    hold, id=tx.new_id(), lot_id=child.id, receipt_id=receipt_id, opened_at=tx.now, version=1
                )
            )
