"""Say in which units a material is bought and inspected, and how much of its stock unit is in each (LOT-8)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Item
from backend.domain.material_units import ItemUnit, UnitFactor, check_factors, factor_at
from backend.domain.people import Who
from backend.domain.readings import parse_number
from backend.store.aliases import refuse_alias
from backend.store.change import Change
from backend.store.measuring import factors_of
from backend.store.verb import verb


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`count` of `unit` are `stock` of the stock unit, both as text: 8 box = 100 pc."""

    unit: str
    count: str
    stock: str


class SetItemUnits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds from now on. `inspection_unit`: what sampling counts; None: the stock unit; unset: as it was."""

    id: str
    item_id: str
    units: list[Ratio] = []
    inspection_unit: str | msgspec.UnsetType | None = msgspec.UNSET
    reason: str
    device_at: str | None = None


@verb
async def set_item_units(tx: Change, who: Who, command: SetItemUnits) -> Item:
    """Add factors; what was entered before keeps the factor that it was entered by."""
    item = await tx.get(Item, command.item_id)
    await refuse_alias(tx, "item", item.id, "item_id")
    added = [
        UnitFactor(each.unit.strip(), _number(each.count), _number(each.stock), tx.now)
        for each in command.units
    ]
    reasons = check_factors(added, item.unit, tx.now)
    wanted = item.inspection_unit if command.inspection_unit is msgspec.UNSET else command.inspection_unit
    wanted = (wanted or "").strip() or None
    if wanted is not None and not reasons:
        reasons += _against_unit(wanted, item, [*await factors_of(tx, item.id), *added], tx.now)
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reasons:
        raise Refused(*reasons)
    for each in added:
        tx.insert(
            ItemUnit(
                tx.new_id(), item.site_id, item.id, each.unit, each.count, each.stock, tx.now, who.person_id,
                command.reason.strip(),
            )
        )  # fmt: skip
    changed = tx.update(item, inspection_unit=wanted) if wanted != item.inspection_unit else item
    tx.record(
        "item_units_set",
        "item",
        item.id,
        reason=command.reason.strip(),
        item=item.code,
        units=[f"{each.count:f} {each.unit} = {each.stock:f} {item.unit}" for each in added],
        inspection_unit=wanted,
    )
    return changed


def _against_unit(wanted: str, item: Item, factors: list[UnitFactor], now: str) -> list[Reason]:
    try:
        factor_at(wanted, item.unit, factors, now)
    except Refused as error:
        return [msgspec.structs.replace(each, field="inspection_unit") for each in error.reasons]
    return []


def _number(text: str) -> Decimal:
    """What is no plain number is no factor."""
    try:
        entered = parse_number(text)
    except Refused:
        return Decimal(0)
    return Decimal(0) if entered.qualifier else entered.value
