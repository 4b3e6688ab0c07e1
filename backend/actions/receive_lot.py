"""Receive a delivery: the label read again here, matched to what is expected, put into quarantine, its
inspection opened (LOT-1, LOT-2, LBL-2, LBL-5, LBL-6)."""

from __future__ import annotations

import msgspec

from backend.domain.days import day_after, is_day_from
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.events import Value
from backend.domain.holds import NOT_QUALIFIED
from backend.domain.items import Item, OrderLine, Supplier
from backend.domain.labels import LabelReading
from backend.domain.lots import PORTION_STEPS, Hold, Lot, Portion, Receipt, ScannedCode, SerialUnit
from backend.domain.people import Who
from backend.domain.print_check import answered, compare, stops
from backend.domain.receiving import Received, Trouble, Wanted, choose_line, expiry_conflict, read_codes
from backend.domain.sites import Location
from backend.domain.steps import take
from backend.store.aliases import kept_id, same_ids
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.many import among
from backend.store.measuring import InStock, still_said, whole_in_stock
from backend.store.numbering import number
from backend.store.openings import open_for
from backend.store.printed import printed_on
from backend.store.qualifying import against_delivery
from backend.store.retesting import wind
from backend.store.stock import keep_status, move
from backend.store.verb import verb


class ReceiveLot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was scanned, and what the label does not say. Quantity as text, in the item's stock unit, or in
    another one of its units that stands behind it: `36`, `3 box`."""

    id: str
    codes: list[ScannedCode] = []
    order_line_id: str | None = None
    quantity: str | None = None
    supplier_lot: str | None = None
    expires_on: str | None = None
    made_on: str | None = None
    retest_on: str | msgspec.UnsetType | None = msgspec.UNSET
    """The supplier's own retest date; None: the material's interval from today on, when it is inspected (REL-8)."""
    location_id: str | None = None
    attachments: list[str] = []
    print_reason: str | None = None
    """Why the code is believed although the print says otherwise."""
    print_looked: bool = False
    """A person looked and finds the same where the print was read with doubt."""
    device_at: str | None = None
    trouble: Trouble | msgspec.UnsetType = msgspec.UNSET
    """What the receiver sees: the receipt is taken in, held, and quality is told."""
    remark: str | msgspec.UnsetType = msgspec.UNSET
    """In a few words; `goods_doubtful` needs them."""


@verb
async def receive_lot(tx: Change, who: Who, command: ReceiveLot) -> Received:
    """Take a delivery into quarantine. Refused with every reason the label, the order or the lot gives."""
    label = read_codes(command.codes, tx.today)
    pictures = [code.picture for code in command.codes if code.picture is not None]
    await check_attached(tx, [*pictures, *command.attachments])
    doubts = await _doubts(tx, command, label)
    line = await _line(tx, who, command, label)
    item = await tx.get(Item, await kept_id(tx, line.item_id))
    wanted = await _wanted(tx, command, label, line, item)
    if command.retest_on and not is_day_from(command.retest_on, tx.today):
        raise refuse("retest_day_wrong", field="retest_on", retest_on=command.retest_on)
    retest_on = command.retest_on or day_after(item.retest_days, tx.today)
    lot = await _lot(tx, wanted, line, retest_on)
    location = await _location(tx, command.location_id)
    receipt = tx.insert(
        Receipt(
            tx.new_id(),
            who.site_id,
            lot.id,
            "delivery",
            line.id,
            wanted.quantity,
            command.codes,
            command.attachments,
            who.person_id,
            tx.now,
            command.device_at,
            entered=wanted.entered,
        )
    )
    portion = tx.insert(
        Portion(tx.new_id(), who.site_id, lot.id, receipt.id, wanted.quantity, "quarantine", location.id)
    )
    move(tx, portion, "received", wanted.quantity, None, location.id, wanted.entered)
    await _serial(tx, label, receipt)
    received = line.received + wanted.quantity
    tx.update(line, received=received, status="complete" if received >= line.quantity else "open")
    keep_status(tx, lot, [*await tx.all(Portion, "lot_id = $1", lot.id), portion])
    opened = await open_for(tx, lot, receipt, "incoming")
    unqualified = await against_delivery(tx, who.site_id, line.supplier_id, item.id, tx.today.isoformat())
    await _held(tx, command, lot, receipt, portion, unqualified)
    tx.record(
        "lot_received",
        "lot",
        lot.id,
        reason=(command.print_reason if doubts else None) or command.remark or None,
        lot=lot.number,
        order=line.purchase_order,
        line=line.line,
        **_noted(doubts),
        **({"trouble": command.trouble} if command.trouble else {}),
        **({"not_qualified": [each.code for each in unqualified]} if unqualified else {}),
    )
    return Received(
        receipt.id, lot.id, lot.number, wanted.quantity, location.id, opened, wanted.entered, unqualified
    )


async def _doubts(tx: Change, command: ReceiveLot, label: LabelReading | None) -> list[Reason]:
    """Where the print on the photo does not say what its code says; Refused until a person has answered."""
    if label is None:
        return []
    pictures = [*(code.picture for code in command.codes), *command.attachments]
    rows = compare(label, await printed_on(tx, pictures))
    if reasons := answered(rows, command.print_reason, command.print_looked):
        raise Refused(*reasons)
    return stops(rows)


async def _held(
    tx: Change,
    command: ReceiveLot,
    lot: Lot,
    receipt: Receipt,
    portion: Portion,
    unqualified: list[Reason],
) -> None:
    """What somebody saw to be wrong with this receipt holds it, and so does a supplier who may not deliver it; each
    is lifted like any hold of a person."""
    if command.trouble == "goods_doubtful" and not (command.remark or "").strip():
        raise refuse("reason_missing", field="remark")
    codes = [*([command.trouble] if command.trouble else []), *([NOT_QUALIFIED] if unqualified else [])]
    if not codes:
        return
    for code in codes:
        tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, receipt.id, code, None, tx.now))
    portion = await tx.get(Portion, portion.id)
    held = tx.update(portion, status=take(PORTION_STEPS, "hold", portion.status))
    keep_status(tx, lot, [*await tx.all(Portion, "lot_id = $1", lot.id), held])
    roles = ("supervisor", "quality_engineer")
    if command.trouble:
        why = command.remark or ""
        await tx.tell_role(roles, command.trouble, "lot", lot.number, lot=lot.number, why=why)
    if unqualified:
        supplier = (await tx.get(Supplier, lot.supplier_id)).name if lot.supplier_id else ""
        facts = {"lot": lot.number, "supplier": supplier, "reason": unqualified[0].code}
        await tx.tell_role(roles, "supplier_not_qualified", "lot", lot.number, **facts)


def _noted(doubts: list[Reason]) -> dict[str, Value]:
    """For the log: which fields were printed otherwise, and how."""
    if not doubts:
        return {}
    return {"print_doubts": [f"{each.facts['printed_field']} {each.facts['printed']}" for each in doubts]}


async def _line(tx: Change, who: Who, command: ReceiveLot, label: LabelReading | None) -> OrderLine:
    """The expected delivery: the one named, or the only open one that the label's item fits."""
    if command.order_line_id is not None:
        line = await tx.get(OrderLine, command.order_line_id)
        lines = [line] if line.site_id == who.site_id else []
    else:
        lines = await tx.all(OrderLine, "site_id = $1 and status = 'open'", who.site_id)
    identifier = label.device_identifier if label else None
    named = (
        await tx.rows(
            "select item_id, supplier_id from item_identifier where site_id = $1 and value = $2",
            who.site_id,
            identifier,
        )
        if identifier
        else None
    )
    same = [
        (item_id, seller)
        for of_item, of in named or []
        for item_id in await same_ids(tx, of_item)
        for seller in (await same_ids(tx, of) if of else [None])
    ]
    return choose_line(lines, same if named is not None else None, identifier)


async def _wanted(
    tx: Change, command: ReceiveLot, label: LabelReading | None, line: OrderLine, item: Item
) -> Wanted:
    """What to receive: what the person said, else the label, else the order."""
    supplier_lot = command.supplier_lot or (label.lot if label else None)
    if label is not None and label.lot and supplier_lot != label.lot:
        raise refuse(
            "supplier_lot_differs", field="supplier_lot", label=label.lot, entered=supplier_lot or ""
        )
    if not supplier_lot:
        raise refuse("supplier_lot_missing", field="supplier_lot")
    typed = command.quantity or (label.quantity if label else None)
    open_quantity = line.quantity - line.received
    arrived = (
        await whole_in_stock(tx, item, typed, open_quantity)
        if typed
        else InStock(open_quantity, await still_said(tx, item, line.entered) if not line.received else None)
    )
    expires_on = (label.expiry if label else None) or command.expires_on
    made_on = (label.production_date if label else None) or command.made_on
    return Wanted(supplier_lot, arrived.quantity, made_on, expires_on, arrived.entered)


async def _lot(tx: Change, wanted: Wanted, line: OrderLine, retest_on: str | None) -> Lot:
    """The supplier's lot as we know it, under whichever names of supplier and item, or a new one of ours (LOT-1)."""
    today = tx.today.isoformat()
    items, same = await same_ids(tx, line.item_id), await same_ids(tx, line.supplier_id)
    which, whose = among(tx, "item_id", items, 2), among(tx, "supplier_id", same, 3)
    found = await tx.all(
        Lot,
        f"site_id = $1 and {which.where} and {whose.where} and supplier_lot = $4 and split_from is null order by id",
        line.site_id,
        which.argument,
        whose.argument,
        wanted.supplier_lot,
    )
    known = min(
        found, key=lambda lot: (items.index(lot.item_id), same.index(lot.supplier_id or "")), default=None
    )
    reasons = [*wanted.reasons(line, today), *expiry_conflict(known, wanted.expires_on)]
    if reasons:
        raise Refused(*reasons)
    if known is not None:
        missing_expiry = known.expires_on is None and wanted.expires_on is not None
        return tx.update(known, expires_on=wanted.expires_on) if missing_expiry else known
    lot = tx.insert(
        Lot(
            tx.new_id(),
            line.site_id,
            await number(tx, "lot"),
            items[0],
            same[0],
            wanted.supplier_lot,
            None,
            wanted.made_on,
            wanted.expires_on,
            "quarantine",
            tx.now,
            retest_on=retest_on,
        )
    )
    await wind(tx, lot)
    return lot


async def _location(tx: Change, location_id: str | None) -> Location:
    if location_id is not None:
        location = await tx.get(Location, location_id)
        if location.kind not in ("quarantine", "receiving"):
            raise refuse("location_not_quarantine", field="location_id", location=location.code)
        return location
    found = await tx.first(Location, "site_id = $1 and kind = 'quarantine' order by code", tx.who.site_id)
    if found is None:
        raise Refused(Reason("location_missing", {"kind": "quarantine"}))
    return found


async def _serial(tx: Change, label: LabelReading | None, receipt: Receipt) -> None:
    """A serialised piece can be received once."""
    if label is None or not label.serial:
        return
    known = await tx.first(SerialUnit, "lot_id = $1 and serial = $2", receipt.lot_id, label.serial)
    if known is not None:
        raise refuse("serial_received_already", serial=label.serial)
    tx.insert(SerialUnit(tx.new_id(), receipt.site_id, receipt.lot_id, receipt.id, label.serial))
