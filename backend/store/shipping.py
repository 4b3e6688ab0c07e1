"""What has left to whom, less what has come back: read for traces, holds, revocations and recalls."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.domain.events import Value
from backend.domain.lots import Lot
from backend.domain.rights import QUALITY
from backend.store.change import Change
from backend.store.many import among
from backend.store.reader import Reader

ZERO = Decimal(0)


class WithConsignee(NamedTuple):
    """A line of a shipment as others ask for it; `quantity` as shipped, `returned` of it came back."""

    line_id: str
    lot_id: str
    portion_id: str
    quantity: Decimal
    returned: Decimal
    shipment: str
    shipped_at: str
    consignee_id: str
    consignee: str
    name: str

    @property
    def there(self) -> Decimal:
        """What is still with the consignee, as far as we know."""
        return self.quantity - self.returned


async def shipped_of(read: Reader, column: str, ids: Iterable[str]) -> list[WithConsignee]:
    """Lines of shipments by `lot_id` or `portion_id`, the oldest first."""
    chosen = among(read, f"shipment_line.{column}", ids)
    rows = await read.rows(
        "select shipment_line.id, shipment_line.lot_id, shipment_line.portion_id, shipment_line.quantity, "
        "(select string_agg(quantity || '', ' ') from customer_return where shipment_line_id = shipment_line.id), "
        "shipment.number, shipment.shipped_at, consignee.id, consignee.code, consignee.name "
        "from shipment_line join shipment on shipment.id = shipment_line.shipment_id "
        f"join consignee on consignee.id = shipment.consignee_id where {chosen.where} "
        "order by shipment.shipped_at, shipment_line.id",
        chosen.argument,
    )
    return [
        WithConsignee(
            row[0],
            row[1],
            row[2],
            Decimal(row[3]),
            sum((Decimal(part) for part in (row[4] or "").split()), ZERO),
            *row[5:10],
        )
        for row in rows
    ]


async def out_of_house(read: Reader, lot_id: str) -> set[str]:
    """Serial numbers of a lot that were shipped and of whose line nothing has come back."""
    rows = await read.rows(
        "select serials from shipment_line where lot_id = $1 and not exists "
        "(select 1 from customer_return where shipment_line_id = shipment_line.id)",
        lot_id,
    )
    return {serial for (serials,) in rows for serial in msgspec.json.decode(serials, type=list[str])}


async def tell_shipped(tx: Change, held: Lot, lots: list[Lot]) -> list[str]:
    """A hold can't stop what has left: whoever decides hears which lots and whose they are (LOT-5)."""
    numbers = {lot.id: lot.number for lot in lots}
    away = [line for line in await shipped_of(tx, "lot_id", numbers) if line.there > 0]
    if not away:
        return []
    shipped = sorted({numbers[line.lot_id] for line in away})
    facts: dict[str, Value] = {
        "lot": held.number,
        "lots": list(shipped),
        "consignees": sorted({line.name for line in away}),
    }
    await tx.tell_role(("supervisor", *QUALITY), "held_but_shipped", "lot", held.number, **facts)
    return shipped
