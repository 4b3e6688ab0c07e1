"""Move a portion to another location; released stock and stock that is not never share one kind (LOT-14)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.lots import MAY_STAND, Portion
from backend.domain.people import Who
from backend.domain.sites import Location
from backend.store.change import Change
from backend.store.stock import move
from backend.store.verb import verb


class MovePortion(msgspec.Struct, frozen=True, kw_only=True):
    """What goes where."""

    id: str
    portion_id: str
    location_id: str
    device_at: str | None = None


@verb
async def move_portion(tx: Change, who: Who, command: MovePortion) -> Portion:
    """Move it whole."""
    portion = await tx.get(Portion, command.portion_id)
    place = await tx.get(Location, command.location_id)
    if place.site_id != portion.site_id:
        raise refuse("other_site", field="location_id")
    if portion.status not in MAY_STAND.get(place.kind, (portion.status,)):
        raise refuse(
            "location_for_released_only", field="location_id", location=place.code, status=portion.status
        )
    moved = tx.update(portion, location_id=place.id)
    move(tx, portion, "moved", portion.quantity, portion.location_id, place.id)
    tx.record("portion_moved", "lot", portion.lot_id, to=place.code)
    return moved
