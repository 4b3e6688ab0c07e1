"""Quantities as people say them, in stock units: by the factors that the material has now (LOT-8)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import Item
from backend.domain.material_units import (
    Converted,
    ItemUnit,
    UnitFactor,
    against_fraction,
    factor_at,
    lot_size_in,
    read_quantity,
)
from backend.domain.readings import split_typed
from backend.domain.shares import Share
from backend.domain.units import same_unit
from backend.store.aliases import same_ids
from backend.store.change import Change
from backend.store.many import among
from backend.store.reader import Reader


class InStock(msgspec.Struct, frozen=True):
    """So much in stock units; `entered`: how it was said, where that was another unit."""

    quantity: Decimal
    entered: Converted | None = None


async def factors_of(read: Reader, item_id: str) -> list[UnitFactor]:
    """All that a material had and has, under any of its codes."""
    which = among(read, "item_id", await same_ids(read, item_id))
    found = await read.all(ItemUnit, f"{which.where} order by since, unit, id", which.argument)
    return [each.as_factor for each in found]


async def in_stock(tx: Change, item: Item, text: str, field: str = "quantity") -> InStock:
    """What was typed, in the item's stock unit. Refused where that is not exact, or nobody has said the factor."""
    _, unit = split_typed(text)
    plain = not unit or same_unit(unit, item.unit)
    factors = [] if plain else await factors_of(tx, item.id)
    found = read_quantity(text, item.unit, factors, tx.now, field)
    return InStock(found.quantity, None if plain else found)


async def whole_in_stock(tx: Change, item: Item, text: str, there: Decimal | None = None) -> InStock:
    """The same, refused where it is a part of what is counted. `there`: all there is may always be named."""
    found = await in_stock(tx, item, text)
    if found.quantity != there and (reasons := against_fraction(found.quantity, item.unit)):
        raise Refused(*reasons)
    return found


async def still_said(tx: Change, item: Item, entered: Converted | None) -> Converted | None:
    """How something was said before, where its unit is the same now; a box that holds more is another box."""
    if entered is None:
        return None
    now = factor_at(entered.unit, item.unit, await factors_of(tx, item.id), tx.now)
    return entered if now == Fraction(entered.numerator, entered.denominator) else None


async def shares_in_stock(
    tx: Change, item: Item, shares: Sequence[Share]
) -> tuple[list[Share], dict[str, Converted]]:
    """Shares with quantities in stock units, and how those were said that were said in another unit, by portion."""
    found, said, reasons = list[Share](), dict[str, Converted](), list[Reason]()
    for place, share in enumerate(shares):
        try:
            read = await in_stock(tx, item, share.quantity, f"shares.{place}.quantity")
        except Refused as error:
            reasons += error.reasons
            continue
        if read.entered is None:
            found.append(share)
            continue
        said[share.portion_id] = read.entered
        found.append(Share(share.portion_id, format(read.quantity, "f")))
    if reasons:
        raise Refused(*reasons)
    return found, said


async def lot_size(tx: Change, item: Item, quantity: Decimal) -> int:
    """Units to sample from, in the item's inspection unit."""
    if item.inspection_unit is None:
        return lot_size_in(quantity, None, item.unit, [], tx.now)
    return lot_size_in(quantity, item.inspection_unit, item.unit, await factors_of(tx, item.id), tx.now)
