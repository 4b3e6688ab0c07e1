"""Start a production lot: a number to consume materials into."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.items import Item
from backend.domain.lots import Lot
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.verb import verb


class StartProduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is made, under which production order."""

    id: str
    item_id: str
    production_order: str
    device_at: str | None = None


@verb
async def start_production(tx: Change, who: Who, command: StartProduction) -> Lot:
    """Open a lot of a finished item."""
    item = await tx.get(Item, command.item_id)
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
    tx.record("production_started", "lot", lot.id, lot=lot.number, order=lot.production_order)
    return lot
