"""Finish a production lot: its quantity enters stock in quarantine, its final inspection opens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from backend.domain.days import day_after
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.genealogy import Consumption
from backend.domain.holds import RECALLED
from backend.domain.inspections import Inspection
from backend.domain.lots import Hold, Lot, Portion, PortionStatus, Receipt
from backend.domain.people import Who
from backend.domain.receiving import Received
from backend.domain.sites import Location
from backend.store.aliases import as_kept
from backend.store.change import Change
from backend.store.measuring import whole_in_stock
from backend.store.openings import open_for
from backend.store.retesting import wind
from backend.store.stock import keep_status, move
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
    item = await as_kept(tx, lot.item_id)
    said = await whole_in_stock(tx, item, command.quantity)
    quantity = said.quantity
    made = _day(command.made_on)
    expires_on = command.expires_on or day_after(item.shelf_life_days, made)
    reasons = (
        [] if quantity > 0 else [Reason("quantity_not_positive", {"quantity": str(quantity)}, "quantity")]
    )
    if await tx.first(Consumption, "child_lot_id = $1", lot.id) is None:
        reasons.append(Reason("nothing_consumed", {"lot": lot.number}))
    reasons += await _uninspected(tx, lot)
    location = await tx.first(Location, "site_id = $1 and kind = 'quarantine' order by code", who.site_id)
    if reasons or location is None:
        raise Refused(*reasons or [Reason("location_missing", {"kind": "quarantine"})])
    retest_on = day_after(item.retest_days, made)
    lot = tx.update(
        lot, status="quarantine", made_on=command.made_on, expires_on=expires_on, retest_on=retest_on
    )
    await wind(tx, lot)
    receipt = await _receipt(tx, lot, quantity, command)
    status = await _status(tx, lot, receipt)
    portion = tx.insert(Portion(tx.new_id(), who.site_id, lot.id, receipt.id, quantity, status, location.id))
    lot = keep_status(tx, lot, [portion])
    move(tx, portion, "produced", quantity, None, location.id, said.entered)
    opened = await open_for(tx, lot, receipt, "final")
    tx.record("production_finished", "lot", lot.id, lot=lot.number, quantity=format(quantity, "f"))
    return Received(receipt.id, lot.id, lot.number, quantity, location.id, opened)


async def _receipt(tx: Change, lot: Lot, quantity: Decimal, command: FinishProduction) -> Receipt:
    """The entry into stock: the one that an in-process inspection was about from the start, or a new one."""
    begun = await tx.first(Receipt, "lot_id = $1 and source = 'production'", lot.id)
    if begun is not None:
        return tx.update(begun, quantity=quantity, received_by=tx.who.person_id, received_at=tx.now)
    return tx.insert(
        Receipt(
            tx.new_id(), lot.site_id, lot.id, "production", None, quantity, [], [], tx.who.person_id, tx.now,
            command.device_at,
        )
    )  # fmt: skip


async def _status(tx: Change, lot: Lot, receipt: Receipt) -> PortionStatus:
    """What stands against the lot already, by its inspection or by what went into it, stands against its stock."""
    where = "lot_id = $1 and (receipt_id is null or receipt_id = $2) and lifted_at is null order by id"
    codes = {hold.code for hold in await tx.all(Hold, where, lot.id, receipt.id)}
    if RECALLED in codes:
        return "recalled"
    return "held" if codes else "quarantine"


async def _uninspected(tx: Change, lot: Lot) -> list[Reason]:
    """In-process inspections that are not done: nothing is finished without them."""
    waiting = await tx.all(
        Inspection,
        "lot_id = $1 and stage = 'in_process' and status in ('open', 'in_progress') order by number",
        lot.id,
    )
    return [
        Reason("in_process_open", {"inspection": each.number, "lot": lot.number, "rule": "SMP-1"})
        for each in waiting
    ]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("day_wrong", field="made_on", day=text) from error
