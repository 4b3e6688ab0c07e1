"""Start a production lot: a number to consume materials into; its in-process inspection opens (SMP-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.items import Item
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.readings import parse_number
from backend.store.aliases import kept_id
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.openings import effective, open_for
from backend.store.verb import verb


class StartProduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is made, under which production order; how many are planned, where a plan samples them while they are
    made."""

    id: str
    item_id: str
    production_order: str
    quantity: str | msgspec.UnsetType | None = msgspec.UNSET
    device_at: str | None = None


@verb
async def start_production(tx: Change, who: Who, command: StartProduction) -> Lot:
    """Open a lot of a finished item; an order under an alias's code makes the item that is kept."""
    item = await tx.get(Item, await kept_id(tx, command.item_id))
    if item.kind != "finished":
        raise refuse("item_not_made_here", field="item_id", item=item.code)
    if not command.production_order.strip():
        raise refuse("production_order_missing", field="production_order")
    lot = tx.insert(
        Lot(
            tx.new_id(),
            who.site_id,
            await number(tx, "lot"),
            item.id,
            None,
            None,
            command.production_order.strip(),
            None,
            None,
            "in_production",
            tx.now,
        )
    )
    if await effective(tx, lot, "in_process") is not None:
        await _inspect(tx, lot, item, command)
    tx.record("production_started", "lot", lot.id, lot=lot.number, order=lot.production_order)
    return lot


async def _inspect(tx: Change, lot: Lot, item: Item, command: StartProduction) -> None:
    """The entry into stock is written now, with what is planned, so that its inspection has something to be about."""
    if not (command.quantity or "").strip():
        raise refuse("planned_quantity_missing", field="quantity", item=item.code)
    quantity = parse_number(command.quantity or "", unit=item.unit).value
    if quantity <= 0:
        raise refuse("quantity_not_positive", field="quantity", quantity=str(quantity))
    receipt = tx.insert(
        Receipt(
            tx.new_id(), lot.site_id, lot.id, "production", None, quantity, [], [], tx.who.person_id, tx.now,
            command.device_at,
        )
    )  # fmt: skip
    await open_for(tx, lot, receipt, "in_process")
