"""In which units a material is bought, kept and inspected, since when, and who said so (LOT-8)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.material_units import ItemUnit
from backend.store.aliases import as_kept, same_ids
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.lots import ItemRef


class UnitLine(msgspec.Struct, frozen=True):
    """`count` of `unit` are `stock` of the stock unit; `in_force`: no later factor has followed it."""

    unit: str
    count: Decimal
    stock: Decimal
    since: str
    by: str | None
    reason: str
    in_force: bool


class ItemUnits(msgspec.Struct, frozen=True):
    """One material; the newest factors first."""

    item: ItemRef
    inspection_unit: str | None
    units: list[UnitLine]


async def item_units(read: Reader, item_id: str, now: str) -> ItemUnits:
    """By the material's id; factors of all its codes, which hold for each."""
    item = await as_kept(read, item_id)
    which = among(read, "item_id", await same_ids(read, item_id))
    found = await read.all(
        ItemUnit, f"{which.where} and since <= $2 order by since desc, unit", which.argument, now
    )
    names: dict[str, str] = dict(
        await read.rows("select id, printed_name from person where site_id = $1", item.site_id)
    )
    newest: dict[str, str] = {}
    for each in found:
        newest.setdefault(each.unit, each.id)
    return ItemUnits(
        ItemRef(item.id, item.code, item.name, item.unit, item.kind),
        item.inspection_unit,
        [
            UnitLine(
                each.unit,
                each.count,
                each.stock,
                each.since,
                names.get(each.person_id),
                each.reason,
                newest[each.unit] == each.id,
            )
            for each in found
        ],
    )
