"""What a receipt rests on besides its own inspections: component lots, what went into other lots, open assessments."""

from __future__ import annotations

from decimal import Decimal

from backend.domain.genealogy import Consumption
from backend.domain.lots import Lot, Portion
from backend.domain.releases import Component
from backend.store.descent import carried_from
from backend.store.reader import Reader


async def used_of(read: Reader, receipt_id: str) -> dict[str, Decimal]:
    """What of each portion of a receipt went into other lots."""
    used: dict[str, Decimal] = {}
    of_receipt = "kind is null and portion_id in (select id from portion where receipt_id = $1)"
    for each in await read.all(Consumption, of_receipt, receipt_id):
        used[each.portion_id] = used.get(each.portion_id, Decimal(0)) + each.quantity
    return used


async def places(read: Reader, site_id: str) -> dict[str, str]:
    """Codes of a site's locations by id."""
    return dict(await read.rows("select id, code from location where site_id = $1", site_id))


async def open_assessments(read: Reader, receipt_id: str) -> list[tuple[str, str]]:
    """Number and gauge of each that nobody has concluded, of the receipt or of what it was split off or merged of
    (RES-7)."""
    from_ids = await carried_from(read, receipt_id)
    marks = ", ".join(f"${place + 1}" for place in range(len(from_ids)))
    rows = await read.rows(
        "select number, gauge.code from assessment join gauge on gauge.id = gauge_id "
        f"where receipt_id in ({marks}) and assessment.status = 'open' order by number",
        *from_ids,
    )
    return [(row[0], row[1]) for row in rows]


async def components(read: Reader, lot_id: str) -> list[Component]:
    """The lots consumed into this one, with what was taken of each, as they stand now.

    What was taken at risk stays so until the portion that it came from has its final decision.
    """
    taken: dict[str, Decimal] = {}
    from_portions: dict[str, set[str]] = {}
    for each in await read.all(Consumption, "child_lot_id = $1 and kind is null order by id", lot_id):
        taken[each.parent_lot_id] = taken.get(each.parent_lot_id, Decimal(0)) + each.quantity
        portion = await read.get(Portion, each.portion_id)
        from_portions.setdefault(each.parent_lot_id, set()).add(portion.status)
    found = []
    for parent_id, quantity in taken.items():
        lot = await read.get(Lot, parent_id)
        worst = next((s for s in ("rejected", "conditional") if s in from_portions[parent_id]), lot.status)
        status = lot.status if lot.status in ("held", "recalled") else worst
        found.append(Component(lot.number, status, quantity))
    return found
