"""What is printed on a lot's label, and how its labels are counted."""

from __future__ import annotations

from backend.domain.errors import NotFound, Reason
from backend.domain.items import Item, ItemIdentifier
from backend.domain.label_counts import LabelBalance, LabelCount, balance
from backend.domain.lot_labels import LotLabel, own_text
from backend.domain.lots import Lot
from backend.store.reader import Reader


async def lot_label(read: Reader, site_id: str, number: str, quantity: str | None) -> LotLabel:
    """By our lot number; `quantity` as it is to stand there."""
    lot = await read.first(Lot, "site_id = $1 and number = $2", site_id, number.strip())
    if lot is None:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    item = await read.get(Item, lot.item_id)
    own = None
    if lot.supplier_id is None:
        own = await read.first(
            ItemIdentifier,
            "item_id = $1 and supplier_id is null and scheme = 'gtin' order by value",
            item.id,
        )
    return LotLabel(
        text=own_text(lot.number, own.value if own else None, lot.expires_on),
        number=lot.number,
        item_code=item.code,
        item=item.name,
        supplier_lot=lot.supplier_lot,
        expires_on=lot.expires_on,
        quantity=quantity,
        unit=item.unit,
    )


async def label_balance(read: Reader, lot_id: str) -> LabelBalance:
    """Printed, and what became of them."""
    return balance(await read.all(LabelCount, "lot_id = $1", lot_id))
