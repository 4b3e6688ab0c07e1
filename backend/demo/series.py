"""Many lots of one material and supplier, one after the other: what a control chart is drawn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.demo.deliveries import label_of
from backend.demo.shift import Shift
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.domain.receiving import Received
from backend.domain.security import system

FIRST_ORDER = 6000


async def play_series(
    shift: Shift,
    item_code: str,
    supplier_code: str,
    values: Sequence[Mapping[str, str]],
    first: int = FIRST_ORDER,
    apart: timedelta = timedelta(),
    until: int | None = None,
) -> list[Received]:
    """A lot for each of `values` (by item key, `OD-1`; other items get what conforms), received and inspected.

    `first`: number of the first purchase order, in steps of ten; `apart`: from one lot to the next;
    `until`: only so many items of each are answered.
    """
    store = shift.store
    item = await store.read.first(Item, "code = $1", item_code)
    supplier = await store.read.first(Supplier, "code = $1", supplier_code)
    if item is None or supplier is None:
        raise LookupError(f"{item_code} {supplier_code}")
    named = await store.read.first(ItemIdentifier, "item_id = $1 and supplier_id = $2", item.id, supplier.id)
    if named is None:
        raise LookupError(item_code)
    today = datetime.fromisoformat(store.clock()).astimezone(UTC).date()
    lines = [
        OrderLine(
            id=store.new_id(),
            site_id=item.site_id,
            purchase_order=f"PO-{today:%y}-{first + 10 * place}",
            line=1,
            item_id=item.id,
            supplier_id=supplier.id,
            quantity=Decimal(1000),
            received=Decimal(0),
            carrier="Nanling Freight",
            transport_batch=f"N{first + 10 * place}",
            expected_on=today.isoformat(),
        )
        for place in range(len(values))
    ]
    await load_master_data(store, system(item.site_id), LoadMasterData(id=store.new_id(), order_lines=lines))
    received = []
    for line, odd in zip(lines, values, strict=True):
        shift.clock.forward(shift.clock.now + apart)
        received.append(await shift.receive(label_of(line, item, supplier, named.value)))
        inspection = received[-1].inspection
        if inspection is not None:
            await shift.inspect(inspection.id, "li", odd, until)
    return received
