"""Print labels of a lot: how many came out is counted before they do (QUA-9)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.items import Item
from backend.domain.label_counts import LabelBalance, LabelCount, balance
from backend.domain.lot_labels import media_named
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.measuring import in_stock
from backend.store.verb import verb


class PrintLabels(msgspec.Struct, frozen=True, kw_only=True):
    """Copies of one lot's label; `quantity` is what is to stand on it, in a unit of the item, None for nothing."""

    id: str
    lot_number: str
    copies: int
    media: str
    format: str = "pdf"
    dpi: int = 203
    quantity: str | None = None
    device_at: str | None = None


@verb
async def print_labels(tx: Change, who: Who, command: PrintLabels) -> LabelBalance:
    """Count them as printed; the same command again prints the same labels and counts nothing."""
    media_named(command.media, command.format, command.copies, command.dpi)
    number = command.lot_number.strip()
    lot = await tx.first(Lot, "site_id = $1 and number = $2", who.site_id, number)
    if lot is None:
        raise refuse("lot_unknown", field="lot_number", lot=number)
    if command.quantity is not None:
        stands = await in_stock(tx, await tx.get(Item, lot.item_id), command.quantity)
        if stands.quantity <= 0:
            raise refuse("quantity_not_positive", field="quantity", quantity=command.quantity)
    before = await tx.all(LabelCount, "lot_id = $1", lot.id)
    added = LabelCount(
        tx.new_id(), lot.site_id, lot.id, "printed", command.copies, None, who.person_id, tx.now
    )
    tx.insert(added)
    tx.record("labels_printed", "lot", lot.id, lot=number, count=command.copies, media=command.media)
    return balance([*before, added])
