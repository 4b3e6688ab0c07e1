"""What a scanned label is: unknown item, new lot, known lot, received already - or one of our own lots (LBL-6)."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.gs1 import Element
from backend.domain.labels import LabelReading, read_label
from backend.domain.lots import Lot, ScannedCode
from backend.domain.receiving import expiry_conflict, read_codes
from backend.store.reader import Reader
from backend.views.deliveries import OrderLineView, lines_of_item
from backend.views.lots import ItemRef, LotLine, item_ref, lot_line, scanned_lot

Kind = Literal["unknown_item", "new_lot", "known_lot", "received", "ambiguous", "not_a_label", "internal_lot"]


class ReadingView(msgspec.Struct, frozen=True):
    """What the label says."""

    scheme: str
    device_identifier: str | None
    lot: str | None
    serial: str | None
    production_date: str | None
    expiry: str | None
    quantity: str | None
    elements: list[Element]
    valid: bool
    ambiguous: bool
    error: Reason | None
    package_level: str | None


class Scan(msgspec.Struct, frozen=True):
    """The answer to a scan."""

    kind: Kind
    reading: ReadingView
    item: ItemRef | None
    lot: LotLine | None
    deliveries: list[OrderLineView]
    warnings: list[Reason]


async def scan(read: Reader, site_id: str, codes: list[ScannedCode], today: date) -> Scan:
    """Say what it is. Never raises for what a label says: that is the answer."""
    try:
        label = read_codes(codes, today)
    except Refused as refused:
        return _unread(codes, refused.reasons[0], today)
    if label is None:
        return _unread(codes, Reason("not_a_label"), today)
    if label.scheme == "internal":
        return await _own(read, site_id, label)
    if label.device_identifier is None:
        return _unread(codes, Reason("device_identifier_missing"), today)
    named = await read.rows(
        "select item.id, item.code, item.name, item.unit, item.kind, item_identifier.supplier_id "
        "from item_identifier join item on item.id = item_identifier.item_id "
        "where item_identifier.site_id = $1 and value = $2",
        site_id,
        label.device_identifier,
    )
    if not named:
        return Scan("unknown_item", _view(label), None, None, [], [Reason("item_unknown")])
    item, supplier_id = item_ref(named[0][:5]), named[0][5]
    deliveries = await lines_of_item(read, site_id, item.id, supplier_id)
    lot = await _known_lot(read, site_id, item.id, supplier_id, label)
    warnings = _warnings(label, lot, deliveries, today)
    kind: Kind = "new_lot" if lot is None else "received" if not deliveries else "known_lot"
    return Scan(kind, _view(label), item, await lot_line(read, lot.id) if lot else None, deliveries, warnings)


async def _known_lot(
    read: Reader, site_id: str, item_id: str, supplier_id: str | None, label: LabelReading
) -> Lot | None:
    if label.lot is None:
        return None
    return await read.first(
        Lot,
        "site_id = $1 and item_id = $2 and supplier_lot = $3 and (supplier_id = $4 or $4 = '') "
        "order by created_at desc",
        site_id,
        item_id,
        label.lot,
        supplier_id or "",
    )


def _warnings(
    label: LabelReading, lot: Lot | None, deliveries: list[OrderLineView], today: date
) -> list[Reason]:
    found = expiry_conflict(lot, label.expiry)
    if label.expiry is not None and label.expiry < today.isoformat():
        found.append(Reason("lot_expired", {"expiry": label.expiry}))
    if not deliveries:
        found.append(Reason("delivery_not_expected", {"device_identifier": label.device_identifier}))
    if label.lot is None:
        found.append(Reason("supplier_lot_missing"))
    return found


async def _own(read: Reader, site_id: str, label: LabelReading) -> Scan:
    number = label.lot or ""
    found = await read.first(Lot, "site_id = $1 and number = $2", site_id, number)
    if found is None:
        return Scan("not_a_label", _view(label), None, None, [], [Reason("lot_unknown", {"lot": number})])
    line = (await scanned_lot(read, site_id, number)).lot
    return Scan("internal_lot", _view(label), line.item, line, [], [])


def _unread(codes: list[ScannedCode], reason: Reason, today: date) -> Scan:
    kind: Kind = "ambiguous" if reason.code == "label_ambiguous" else "not_a_label"
    text = codes[0] if codes else ScannedCode("")
    label = read_label(text.text, text.symbology_id, today=today)
    return Scan(kind, _view(label), None, None, [], [reason])


def _view(label: LabelReading) -> ReadingView:
    return ReadingView(
        label.scheme,
        label.device_identifier,
        label.lot,
        label.serial,
        label.production_date,
        label.expiry,
        label.quantity,
        list(label.elements),
        label.valid,
        label.ambiguous,
        label.error,
        label.package_level,
    )
