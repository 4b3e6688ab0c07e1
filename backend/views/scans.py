"""What a scanned label is: unknown item, new lot, known lot, received already - or one of our own lots (LBL-6)."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.gs1 import Element
from backend.domain.label_ranking import Known, names_of, rank
from backend.domain.labels import LabelReading, read_label
from backend.domain.lots import Lot, ScannedCode
from backend.domain.print_check import Comparison, compare, stops
from backend.domain.receiving import expiry_conflict, expiry_near, read_codes
from backend.store.aliases import kept_id, one_record, same_ids
from backend.store.many import among
from backend.store.printed import printed_on
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
    print: list[Comparison] = []
    """What is printed on the photo beside what the code says; `warnings` has what a person must answer."""


async def scan(read: Reader, site_id: str, codes: list[ScannedCode], today: date) -> Scan:
    """Say what it is. Never raises for what a label says: that is the answer."""
    try:
        label = read_codes(codes, today)
    except Refused as refused:
        found = _unread(codes, await _ranked(read, site_id, refused.reasons[0], today), today)
        return await _beside_print(read, found, codes, LabelReading("unknown"))
    if label is None:
        return _unread(codes, Reason("not_a_label"), today)
    if label.scheme == "internal":
        return await _own(read, site_id, label)
    found = await _named(read, site_id, codes, label, today)
    return found if found.kind == "internal_lot" else await _beside_print(read, found, codes, label)


async def _beside_print(read: Reader, found: Scan, codes: list[ScannedCode], label: LabelReading) -> Scan:
    """With what is printed on the photos of these codes."""
    rows = compare(label, await printed_on(read, [code.picture for code in codes]))
    printed = [row for row in rows if row.verdict != "not_printed"]
    return msgspec.structs.replace(found, print=printed, warnings=[*stops(printed), *found.warnings])


async def _named(
    read: Reader, site_id: str, codes: list[ScannedCode], label: LabelReading, today: date
) -> Scan:
    """A label that is not our own."""
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
    item, supplier_id = await _kept_item(read, item_ref(named[0][:5])), named[0][5]
    if (ours := await _own_make(read, site_id, item.id, supplier_id, label)) is not None:
        return ours
    deliveries = await lines_of_item(read, site_id, item.id, supplier_id)
    lot = await _known_lot(read, site_id, item.id, supplier_id, label)
    warnings = _warnings(label, lot, deliveries, today)
    kind: Kind = "new_lot" if lot is None else "received" if not deliveries else "known_lot"
    return Scan(kind, _view(label), item, await lot_line(read, lot.id) if lot else None, deliveries, warnings)


async def _kept_item(read: Reader, named: ItemRef) -> ItemRef:
    """A label may bear the code of an alias: what was scanned is the item that is kept."""
    kept = await kept_id(read, named.id)
    if kept == named.id:
        return named
    rows = await read.rows("select id, code, name, unit, kind from item where id = $1", kept)
    return item_ref(rows[0])


async def _known_lot(
    read: Reader, site_id: str, item_id: str, supplier_id: str | None, label: LabelReading
) -> Lot | None:
    if label.lot is None:
        return None
    which = among(read, "item_id", await same_ids(read, item_id), 2)
    whose = among(read, "supplier_id", await same_ids(read, supplier_id), 4) if supplier_id else None
    return await read.first(
        Lot,
        f"site_id = $1 and {which.where} and supplier_lot = $3 {'and ' + whose.where if whose else ''} "
        "and split_from is null "
        "order by created_at desc",
        site_id,
        which.argument,
        label.lot,
        *([whose.argument] if whose else []),
    )


def _warnings(
    label: LabelReading, lot: Lot | None, deliveries: list[OrderLineView], today: date
) -> list[Reason]:
    found = expiry_conflict(lot, label.expiry)
    if label.expiry is not None and label.expiry < today.isoformat():
        found.append(Reason("lot_expired", {"expiry": label.expiry}))
    found += expiry_near(label.expiry, today)
    if not deliveries:
        found.append(Reason("delivery_not_expected", {"device_identifier": label.device_identifier}))
    if label.lot is None:
        found.append(Reason("supplier_lot_missing"))
    return found


async def _own_make(
    read: Reader, site_id: str, item_id: str, supplier_id: str | None, label: LabelReading
) -> Scan | None:
    """The label that we print on what we make: our GTIN, and our own lot number."""
    if supplier_id is not None or label.lot is None:
        return None
    which = among(read, "item_id", await same_ids(read, item_id), 3)
    made = await read.rows(
        f"select 1 from lot where site_id = $1 and number = $2 and {which.where} and supplier_id is null",
        site_id,
        label.lot,
        which.argument,
    )
    return await _own(read, site_id, label) if made else None


async def _own(read: Reader, site_id: str, label: LabelReading) -> Scan:
    number = label.lot or ""
    found = await read.first(Lot, "site_id = $1 and number = $2", site_id, number)
    if found is None:
        return Scan("not_a_label", _view(label), None, None, [], [Reason("lot_unknown", {"lot": number})])
    line = (await scanned_lot(read, site_id, number)).lot
    return Scan("internal_lot", _view(label), line.item, line, [], [])


async def _ranked(read: Reader, site_id: str, reason: Reason, today: date) -> Reason:
    """The readings of a doubtful code, those whose lot is on record first; the person chooses all the same."""
    readings = reason.facts.get("readings")
    if reason.code != "label_ambiguous" or not isinstance(readings, list):
        return reason
    named = names_of(readings, today)
    places = ", ".join(f"${place}" for place in range(2, 2 + len(named)))
    rows = (
        await read.rows(
            "select item_identifier.value, lot.supplier_lot from item_identifier "
            f"left join lot on {one_record(read.dialect, 'lot.item_id', 'item_identifier.item_id')} "
            "and lot.site_id = item_identifier.site_id "
            f"where item_identifier.site_id = $1 and item_identifier.value in ({places})",
            site_id,
            *(identifier for identifier, _ in named),
        )
        if named
        else []
    )
    known = Known(frozenset(row[0] for row in rows), frozenset((row[0], row[1]) for row in rows if row[1]))
    ranking = rank(readings, known, today)
    facts = {**reason.facts, "readings": ranking.readings, "likeliest": ranking.likeliest}
    return msgspec.structs.replace(reason, facts=facts)


def _unread(codes: list[ScannedCode], reason: Reason, today: date) -> Scan:
    kind: Kind = "ambiguous" if reason.code == "label_ambiguous" else "not_a_label"
    labels = [read_label(code.text, code.symbology_id, today=today) for code in codes or [ScannedCode("")]]
    meant = (label for label in labels if label.error is not None and label.error.code == reason.code)
    return Scan(kind, _view(next(meant, labels[0])), None, None, [], [reason])


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
