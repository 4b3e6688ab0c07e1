"""What is printed on a lot's label, and how its labels are counted."""

from __future__ import annotations

from backend.domain.errors import NotFound, Reason
from backend.domain.items import Item, ItemIdentifier
from backend.domain.label_counts import LabelBalance, LabelCount, balance
from backend.domain.lot_labels import LotLabel, own_text
from backend.domain.lots import Lot
from backend.domain.material_units import read_quantity
from backend.domain.readings import split_typed
from backend.domain.units import same_unit
from backend.store.aliases import same_ids
from backend.store.many import among
from backend.store.measuring import factors_of
from backend.store.reader import Reader


async def lot_label(read: Reader, site_id: str, number: str, quantity: str | None, now: str) -> LotLabel:
    """By our lot number; `quantity` as it is to stand there, `3 box` with what that is now in stock units."""
    lot = await read.first(Lot, "site_id = $1 and number = $2", site_id, number.strip())
    if lot is None:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    item = await read.get(Item, lot.item_id)
    stands = await _stands(read, item, quantity, now)
    own = None
    if lot.supplier_id is None:
        which = among(read, "item_id", await same_ids(read, item.id), 2)
        own = await read.first(
            ItemIdentifier,
            f"supplier_id is null and scheme = 'gtin' and {which.where} "
            "order by case when item_id = $1 then 0 else 1 end, value",
            item.id,
            which.argument,
        )
    return LotLabel(
        text=own_text(lot.number, own.value if own else None, lot.expires_on),
        number=lot.number,
        item_code=item.code,
        item=item.name,
        supplier_lot=lot.supplier_lot,
        expires_on=lot.expires_on,
        quantity=stands[0],
        unit=item.unit,
        said=stands[1],
    )


async def _stands(read: Reader, item: Item, quantity: str | None, now: str) -> tuple[str | None, str | None]:
    """The quantity in stock units, and as it was said where that is in another one."""
    _, typed = split_typed(quantity or "")
    if quantity is None or not typed or same_unit(typed, item.unit):
        return quantity, None
    found = read_quantity(quantity, item.unit, await factors_of(read, item.id), now)
    return format(found.quantity, "f"), found.said


async def label_balance(read: Reader, lot_id: str) -> LabelBalance:
    """Printed, and what became of them."""
    return balance(await read.all(LabelCount, "lot_id = $1", lot_id))
