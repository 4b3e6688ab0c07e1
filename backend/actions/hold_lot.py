"""Put a lot on hold by hand, with a reason; nothing of it may be used until a person lifts it."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.holds import BY_HAND, PARENT_HELD
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.descent import HELD, hold_descendants
from backend.store.shipping import tell_shipped
from backend.store.stock import lot_named, step_portions
from backend.store.verb import verb


class HoldLot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which lot, and why."""

    id: str
    lot_number: str
    reason: str
    device_at: str | None = None


class Held(msgspec.Struct, frozen=True):
    """The lot as it now stands, and how many lots that something of it went into are held with it (LOT-5)."""

    lot: Lot
    descendants: int
    shipped: int = 0
    """How many of all these, the lot itself among them, are in part with consignees; quality is told with whom."""


@verb
async def hold_lot(tx: Change, who: Who, command: HoldLot) -> Held:
    """Hold all of it that lies here, and whatever it went into; it stands as it was decided once the hold is lifted."""
    lot = await lot_named(tx, command.lot_number)
    why = command.reason.strip()
    if not why:
        raise refuse("reason_missing", field="reason")
    if await tx.first(Hold, "lot_id = $1 and code = $2 and lifted_at is null", lot.id, BY_HAND) is not None:
        raise refuse("held_already", lot=lot.number)
    tx.insert(Hold(tx.new_id(), who.site_id, lot.id, None, BY_HAND, None, tx.now))
    held = await step_portions(tx, lot, "hold", only=HELD)
    portions = await tx.all(Portion, "lot_id = $1 order by id", lot.id)
    descendants = await hold_descendants(tx, lot, [portion.id for portion in portions], PARENT_HELD)
    roles = ("supervisor", "quality_engineer")
    await tx.tell_role(roles, "lot_held", "lot", lot.number, lot=lot.number, why=why)
    numbers = [each.number for each in descendants]
    shipped = await tell_shipped(tx, lot, [lot, *descendants])
    tx.record(
        "lot_held",
        "lot",
        lot.id,
        reason=why,
        lot=lot.number,
        **({"made_of_it": numbers} if numbers else {}),
        **({"shipped": shipped} if shipped else {}),
    )
    return Held(held, len(numbers), len(shipped))
