"""The lots that a sheet of opening stock makes: in quarantine or on hold, whatever the sheet says (LOT-2, LOT-14).

Until somebody signs, what was released on paper stands in quarantine, in the place where such stock stands; what was
blocked is held. Each row is kept as it was said, beside the receipt that it became (ADR 38).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from backend.domain.days import day_after, start_of
from backend.domain.errors import refuse
from backend.domain.events import Value
from backend.domain.holds import BLOCKED_BEFORE, NOT_QUALIFIED
from backend.domain.lots import Hold, Lot, Portion, PortionStatus, Receipt, derived_status
from backend.domain.sites import Location, Site
from backend.domain.taken_over import TakenOver
from backend.store.change import Change
from backend.store.numbering import numbers
from backend.store.opening_stock import STANDS, OpeningRow
from backend.store.qualifying import against_delivery
from backend.store.stock import follow_portions, move

Sold = tuple[str | None, str]
"""A supplier's id and a material's."""


class Taking(NamedTuple):
    """The file that is taken over."""

    name: str
    sha256: str


async def take_stock(tx: Change, rows: Sequence[OpeningRow], taking: Taking) -> dict[str, Value]:
    """Write them. For the log: how many rows were released, in quarantine, blocked."""
    if not rows:
        return {}
    quarantine = await tx.first(
        Location, "site_id = $1 and kind = 'quarantine' order by code", tx.who.site_id
    )
    if quarantine is None:
        raise refuse("location_missing", kind="quarantine")
    unqualified = await _unqualified(tx, rows)
    lying = dict[str, list[Portion]]()
    for each in rows:
        receipt = _receipt(tx, each)
        tx.insert(_taken(tx, each, receipt, taking))
        codes = _holds(each, unqualified)
        lying.setdefault(each.lot_id, []).append(_lay(tx, each, receipt, quarantine, bool(codes)))
        for code in codes:
            tx.insert(Hold(tx.new_id(), tx.who.site_id, each.lot_id, receipt.id, code, None, tx.now))
        if each.row.values["status"] == "quarantine":
            tx.due("inspect_opening", receipt.id, tx.now)
    await _lots(tx, rows, lying)
    said = [each.row.values["status"] for each in rows]
    return {f"as_{status}": said.count(status) for status in STANDS if status in said}


async def _unqualified(tx: Change, rows: Sequence[OpeningRow]) -> set[Sold]:
    """Who may not deliver what, as at receiving (LOT-13)."""
    found, today = set[Sold](), tx.today.isoformat()
    for supplier_id, item_id in {(each.supplier_id, each.item.id) for each in rows}:
        if supplier_id and await against_delivery(tx, tx.who.site_id, supplier_id, item_id, today):
            found.add((supplier_id, item_id))
    return found


def _holds(each: OpeningRow, unqualified: set[Sold]) -> list[str]:
    blocked = [BLOCKED_BEFORE] if each.row.values["status"] == "blocked" else []
    return [*blocked, *([NOT_QUALIFIED] if (each.supplier_id, each.item.id) in unqualified else [])]


def _receipt(tx: Change, each: OpeningRow) -> Receipt:
    quantity = Decimal(each.row.values["quantity"])
    return tx.insert(
        Receipt(
            tx.new_id(),
            tx.who.site_id,
            each.lot_id,
            "opening",
            None,
            quantity,
            [],
            [],
            tx.who.person_id,
            tx.now,
            None,
        )
    )


def _lay(tx: Change, each: OpeningRow, receipt: Receipt, quarantine: Location, held: bool) -> Portion:
    """On the shelf of what is released stock counts as standing only once it is released here (LOT-14)."""
    at_once = each.location if each.row.values["status"] != "released" else None
    place = at_once or quarantine
    status: PortionStatus = "held" if held else "quarantine"
    portion = tx.insert(
        Portion(tx.new_id(), receipt.site_id, receipt.lot_id, receipt.id, receipt.quantity, status, place.id)
    )
    move(tx, portion, "received", portion.quantity, None, place.id)
    return portion


def _taken(tx: Change, each: OpeningRow, receipt: Receipt, taking: Taking) -> TakenOver:
    values = each.row.values
    status = values["status"]
    return TakenOver(
        id=tx.new_id(),
        site_id=receipt.site_id,
        lot_id=receipt.lot_id,
        receipt_id=receipt.id,
        item_id=each.item.id,
        old_number=values["old_number"],
        status="released" if status == "released" else "blocked" if status == "blocked" else "quarantine",
        released_by=values.get("released_by"),
        released_on=values.get("released_on"),
        reference=values.get("reference"),
        note=values.get("note"),
        location_id=each.location.id if each.location is not None else None,
        said=values,
        file=taking.name,
        sha256=taking.sha256,
        line=each.row.line,
        taken_by=tx.who.person_id,
        taken_at=tx.now,
    )


async def _lots(tx: Change, rows: Sequence[OpeningRow], lying: dict[str, list[Portion]]) -> None:
    """New ones under numbers of ours; one that was here has its status follow, and learns the days that it had not."""
    by_lot = _by_lot(rows)
    new = [lot_id for lot_id, of in by_lot.items() if of[0].known is None]
    given = dict(zip(new, await numbers(tx, "lot", len(new)), strict=True))
    zone = (await tx.get(Site, tx.who.site_id)).zone
    for lot_id, of in by_lot.items():
        first, known = of[0], of[0].known
        days = {
            name: each.row.values[name]
            for each in of
            for name in ("made_on", "expires_on")
            if name in each.row.values
        }
        if known is not None:
            lot = await follow_portions(tx, known)
            learnt = {name: day for name, day in days.items() if getattr(lot, name) is None}
            if learnt:
                tx.update(lot, **learnt)
            continue
        retest_on = _retest_on(tx, of)
        tx.insert(
            Lot(
                lot_id,
                tx.who.site_id,
                given[lot_id],
                first.item.id,
                first.supplier_id,
                first.row.values.get("supplier_lot"),
                None,
                days.get("made_on"),
                days.get("expires_on"),
                derived_status(lying[lot_id]),
                tx.now,
                retest_on=retest_on,
            )
        )
        if retest_on is not None:
            after = date.fromisoformat(retest_on) + timedelta(days=1)
            tx.due("retest_due", lot_id, start_of(after, zone))


def _by_lot(rows: Sequence[OpeningRow]) -> dict[str, list[OpeningRow]]:
    found = dict[str, list[OpeningRow]]()
    for each in rows:
        found.setdefault(each.lot_id, []).append(each)
    return found


def _retest_on(tx: Change, rows: Sequence[OpeningRow]) -> str | None:
    """As the sheet says; else the material's interval, from the release on paper or from today on."""
    said = [each.row.values["retest_on"] for each in rows if "retest_on" in each.row.values]
    if said:
        return said[0]
    released = [each.row.values["released_on"] for each in rows if each.row.values["status"] == "released"]
    since = date.fromisoformat(min(released)) if released else tx.today
    return day_after(rows[0].item.retest_days, since)
