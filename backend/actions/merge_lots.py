"""Merge lots: all their stock goes on under one number, with the worst of what they were (LOT-4)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.dividing import against_merging, merged_facts, merged_status
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.genealogy import Consumption
from backend.domain.lots import Hold, Lot, Portion, PortionStatus, Receipt
from backend.domain.people import Person, Who
from backend.domain.sites import Location
from backend.store.aliases import kept_id
from backend.store.change import Change
from backend.store.deciding import sent_back_of
from backend.store.numbering import number
from backend.store.openings import open_for, stage_of
from backend.store.retesting import wind
from backend.store.stock import follow_portions, lot_named, move
from backend.store.verb import verb


class MergeLots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Our numbers of the lots that become one, where they stand together, and why."""

    id: str
    numbers: list[str]
    reason: str
    location_id: str | None = None
    device_at: str | None = None


@verb
async def merge_lots(tx: Change, who: Who, command: MergeLots) -> Lot:
    """Merge them. What was not all released is inspected as what it now is."""
    lots = [await lot_named(tx, text, f"numbers.{place}") for place, text in enumerate(command.numbers)]
    portions = [
        portion
        for lot in lots
        for portion in await tx.all(Portion, "lot_id = $1 order by id", lot.id)
        if portion.quantity > 0
    ]
    reasons = against_merging([await _as_kept(tx, lot) for lot in lots], portions)
    for asked in await sent_back_of(tx, sorted({portion.receipt_id for portion in portions})):
        if asked.done_at is None:
            owner = await tx.get(Person, asked.owner_id)
            reasons.append(Reason("sent_back", {"what": asked.what, "owner": owner.printed_name}))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    status = merged_status(portions)
    if reasons or status is None:
        raise Refused(*reasons)
    place_id = await _place(tx, command.location_id, portions)
    merged, receipt = await _merged(tx, lots, portions, status, place_id, command.device_at)
    for lot in lots:
        await _inherit_holds(tx, lot, portions, receipt)
        await follow_portions(tx, lot)
    if status != "released":
        await open_for(tx, merged, receipt, await stage_of(tx, merged))
    tx.record(
        "lots_merged",
        "lot",
        merged.id,
        reason=command.reason.strip(),
        lot=merged.number,
        parents=[lot.number for lot in lots],
        quantity=format(receipt.quantity, "f"),
    )
    return merged


async def _place(tx: Change, location_id: str | None, portions: list[Portion]) -> str:
    """Where it was said to stand, or where the first of it stands."""
    if location_id is None:
        return portions[0].location_id
    place = await tx.get(Location, location_id)
    if place.site_id != tx.who.site_id:
        raise refuse("other_site", field="location_id")
    return place.id


async def _as_kept(tx: Change, lot: Lot) -> Lot:
    supplier_id = await kept_id(tx, lot.supplier_id) if lot.supplier_id is not None else None
    return msgspec.structs.replace(lot, item_id=await kept_id(tx, lot.item_id), supplier_id=supplier_id)


async def _merged(
    tx: Change,
    lots: list[Lot],
    portions: list[Portion],
    status: PortionStatus,
    place_id: str,
    device_at: str | None,
) -> tuple[Lot, Receipt]:
    """The lot that they become, with all their stock as one portion, and the edges that lead to it. It is of the item
    and supplier that are kept, where some of them came under an alias."""
    named = [await _as_kept(tx, lot) for lot in lots]
    facts, site_id, who = merged_facts(named), tx.who.site_id, tx.who.person_id
    merged = tx.insert(
        msgspec.structs.replace(
            named[0],
            id=tx.new_id(),
            number=await number(tx, "lot"),
            supplier_id=facts.supplier_id,
            supplier_lot=None,
            production_order=None,
            made_on=facts.made_on,
            expires_on=facts.expires_on,
            retest_on=facts.retest_on,
            status=status,
            created_at=tx.now,
            version=1,
            split_from=None,
        )
    )
    await wind(tx, merged)
    total = sum((portion.quantity for portion in portions), Decimal(0))
    receipt = tx.insert(
        Receipt(tx.new_id(), site_id, merged.id, "merge", None, total, [], [], who, tx.now, device_at)
    )
    together = tx.insert(Portion(tx.new_id(), site_id, merged.id, receipt.id, total, status, place_id))
    for portion in portions:
        tx.update(portion, quantity=Decimal(0))
        edge = (portion.lot_id, merged.id, portion.id, portion.quantity)
        tx.insert(Consumption(tx.new_id(), site_id, *edge, who, tx.now, "merged"))
        move(tx, portion, "merged_away", portion.quantity, portion.location_id, None)
    move(tx, together, "merged_in", total, None, place_id)
    return merged, receipt


async def _inherit_holds(tx: Change, lot: Lot, portions: list[Portion], merged: Receipt) -> None:
    """The holds that stand against what is merged; one against a delivery that is used up goes no further."""
    brought = {portion.receipt_id for portion in portions}
    for hold in await tx.all(Hold, "lot_id = $1 and lifted_at is null order by id", lot.id):
        if hold.receipt_id is None or hold.receipt_id in brought:
            new = {"id": tx.new_id(), "lot_id": merged.lot_id, "receipt_id": merged.id, "opened_at": tx.now}
            tx.insert(msgspec.structs.replace(hold, **new, version=1))
