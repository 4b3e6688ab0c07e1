"""Finish a production lot: its quantity enters stock in quarantine, its final inspection opens."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from backend.domain.errors import Reason, Refused, refuse
from backend.domain.genealogy import Consumption
from backend.domain.items import Item
from backend.domain.lots import Lot, Portion, Receipt
from backend.domain.people import Who
from backend.domain.readings import parse_number
from backend.domain.receiving import Received
from backend.domain.retests import retest_after
from backend.domain.sites import Location
from backend.store.change import Change
from backend.store.openings import open_for
from backend.store.retesting import wind
from backend.store.stock import move
from backend.store.verb import verb


class FinishProduction(msgspec.Struct, frozen=True, kw_only=True):
    """What was made, when; the expiry follows from the item's shelf life where none is given."""

    id: str
    lot_id: str
    quantity: str
    made_on: str
    expires_on: str | None = None
    device_at: str | None = None


@verb
async def finish_production(tx: Change, who: Who, command: FinishProduction) -> Received:
    """Enter the lot into stock."""
    lot = await tx.get(Lot, command.lot_id)
    if lot.status != "in_production" or lot.site_id != who.site_id:
        raise refuse("lot_not_in_production", lot=lot.number, status=lot.status)
    item = await tx.get(Item, lot.item_id)
    quantity = parse_number(command.quantity, unit=item.unit).value
    made = _day(command.made_on)
    expires_on = command.expires_on or _after(made, item.shelf_life_days)
    reasons = (
        [] if quantity > 0 else [Reason("quantity_not_positive", {"quantity": str(quantity)}, "quantity")]
    )
    if await tx.first(Consumption, "child_lot_id = $1", lot.id) is None:
        reasons.append(Reason("nothing_consumed", {"lot": lot.number}))
    location = await tx.first(Location, "site_id = $1 and kind = 'quarantine' order by code", who.site_id)
    if reasons or location is None:
        raise Refused(*reasons or [Reason("location_missing", {"kind": "quarantine"})])
    retest_on = retest_after(item.retest_days, made)
    lot = tx.update(
        lot, status="quarantine", made_on=command.made_on, expires_on=expires_on, retest_on=retest_on
    )
    await wind(tx, lot)
    receipt = tx.insert(
        Receipt(
            tx.new_id(), who.site_id, lot.id, "production", None, quantity, [], [], who.person_id, tx.now,
            command.device_at,
        )
    )  # fmt: skip
    portion = tx.insert(
        Portion(tx.new_id(), who.site_id, lot.id, receipt.id, quantity, "quarantine", location.id)
    )
    move(tx, portion, "produced", quantity, None, location.id)
    opened = await open_for(tx, lot, receipt, "final")
    tx.record("production_finished", "lot", lot.id, lot=lot.number, quantity=format(quantity, "f"))
    return Received(receipt.id, lot.id, lot.number, quantity, location.id, opened)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("day_wrong", field="made_on", day=text) from error


def _after(made: date, days: int | None) -> str | None:
    return (made + timedelta(days=days)).isoformat() if days else None
