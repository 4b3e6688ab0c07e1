"""Units of a material and their factors (LOT-8)."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.set_item_units import Ratio, SetItemUnits, set_item_units
from backend.views.item_units import ItemUnits, item_units
from backend.web.asking import Has, Id, Me


class UnitsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What holds from now on; `inspection_unit` null: sampling counts stock units, left out: as it was."""

    id: str
    units: list[Ratio] = []
    inspection_unit: str | msgspec.UnsetType | None = msgspec.UNSET
    reason: str
    device_at: str | None = None


@get("/api/items/{item_id:str}/units", operation_id="list_item_units")
async def units(item_id: Id, me: Me, parts: Has) -> ItemUnits:
    """All factors of a material, those that later ones follow too."""
    return await item_units(me.reads(parts.store), item_id, parts.store.clock())


@post("/api/items/{item_id:str}/units", operation_id="set_item_units")
async def set_units(item_id: Id, data: JSONBody[UnitsBody], me: Me, parts: Has) -> ItemUnits:
    """Add factors; what was entered before keeps its own."""
    command = SetItemUnits(item_id=item_id, **msgspec.structs.asdict(data))
    await set_item_units(parts.store, me.who, command)
    return await item_units(me.reads(parts.store), item_id, parts.store.clock())


HANDLERS = [units, set_units]
