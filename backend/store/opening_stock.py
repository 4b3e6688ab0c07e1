"""Opening stock from a sheet: what each row comes to, held against what the site has (LOT-1, LOT-14, IMP-1).

A row is a receipt of its own. Rows of one supplier's lot, or of one old number of ours, are one lot of ours, and so is
a lot that was received here meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from backend.domain.imports import ImportRow
from backend.domain.items import Item, Supplier
from backend.domain.lots import MAY_STAND, Lot, PortionStatus
from backend.domain.sites import Location
from backend.domain.taken_over import TakenOver
from backend.domain.units import same_unit
from backend.store.aliases import aliases_at
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.weighing import Weighing, spellings

DATES = ("made_on", "expires_on", "retest_on")
EVIDENCE = ("released_by", "released_on", "reference")
STANDS: dict[str, PortionStatus] = {"released": "released", "quarantine": "quarantine", "blocked": "held"}
"""As what a row's stock is to stand at its place."""


class OpeningRow(msgspec.Struct, frozen=True):
    """A row that is new; `known`: the lot of ours that it belongs to, where there is one already."""

    row: ImportRow
    item: Item
    supplier_id: str | None
    lot_id: str
    known: Lot | None
    location: Location | None


class _Ground(NamedTuple):
    """What the site has."""

    items: dict[str, Item]
    """By code; that of an alias leads to the item that is kept."""
    suppliers: dict[str, Supplier]
    kept: dict[str, str]
    places: dict[str, Location]
    taken: dict[tuple[str, str, str], TakenOver]
    by_number: dict[tuple[str, str], str]
    """Lots by item and old number."""
    by_supplier: dict[tuple[str, str, str], str]
    """Lots by item, supplier that is kept, and its lot number."""
    lots: dict[str, Lot]
    spelt_items: dict[str, str]
    spelt_suppliers: dict[str, str]


async def weigh_stock(
    read: Reader, site_id: str, rows: Sequence[ImportRow], weighing: Weighing, new_id: Callable[[], str]
) -> None:
    """Hold each row against the site and against the rows before it."""
    ground = await _ground(read, site_id, rows)
    said = dict[str, dict[str, str]]()
    for row in rows:
        item = ground.items.get(row.values["item"])
        if item is None:
            weighing.refuse_unknown(
                row, "item", "material_unknown", ground.spelt_items, item=row.values["item"]
            )
            continue
        if item.code != row.values["item"]:
            weighing.lands(row, "item", row.values["item"], item.code)
        known = ground.taken.get((item.id, row.values["old_number"], row.values.get("location", "")))
        if known is not None:
            _again(row, known, weighing)
            continue
        supplier = _supplier(row, item, ground, weighing)
        sound = all([_unit(row, item, weighing), _evidence(row, weighing), _days(row, weighing)])
        place, stands = _place(row, ground, weighing)
        if supplier is _UNSOUND or not sound or not stands:
            continue
        supplier_id = supplier.id if isinstance(supplier, Supplier) else None
        lot_id = _lot_of(row, item, supplier_id, ground) or new_id()
        _learn(row, item, supplier_id, lot_id, ground)
        lot = ground.lots.get(lot_id)
        if _agrees(row, lot, said.setdefault(lot_id, {}), weighing):
            weighing.add(OpeningRow(row, item, supplier_id, lot_id, lot, place))


_UNSOUND = object()


async def _ground(read: Reader, site_id: str, rows: Sequence[ImportRow]) -> _Ground:
    items = await read.all(Item, "site_id = $1", site_id)
    by_id = {each.id: each for each in items}
    kept, one = await aliases_at(read, site_id, "supplier"), await aliases_at(read, site_id, "item")
    numbers_said = among(read, "old_number", {row.values["old_number"] for row in rows}, 2)
    taken = await read.all(
        TakenOver,
        f"site_id = $1 and {numbers_said.where} order by taken_at, id",
        site_id,
        numbers_said.argument,
    )
    theirs = among(read, "supplier_lot", {row.values.get("supplier_lot", "") for row in rows} - {""}, 2)
    bought = await read.all(
        Lot,
        f"site_id = $1 and {theirs.where} and split_from is null order by created_at desc, id desc",
        site_id,
        theirs.argument,
    )
    old = among(read, "id", {each.lot_id for each in taken})
    lots = [*await read.all(Lot, old.where, old.argument), *bought]
    suppliers = {each.code: each for each in await read.all(Supplier, "site_id = $1", site_id)}
    return _Ground(
        {each.code: by_id[one.get(each.id, each.id)] for each in items},
        suppliers,
        kept,
        {each.code: each for each in await read.all(Location, "site_id = $1", site_id)},
        {
            (one.get(each.item_id, each.item_id), each.old_number, each.said.get("location", "")): each
            for each in taken
        },
        {(one.get(each.item_id, each.item_id), each.old_number): each.lot_id for each in reversed(taken)},
        {
            (
                one.get(each.item_id, each.item_id),
                kept.get(each.supplier_id, each.supplier_id),
                each.supplier_lot,
            ): each.id
            for each in bought
            if each.supplier_id is not None and each.supplier_lot is not None
        },
        {each.id: each for each in lots},
        spellings(each.code for each in items),
        spellings(suppliers),
    )


def _again(row: ImportRow, known: TakenOver, weighing: Weighing) -> None:
    """The same row is known; another one about the same stock is no import: what lies here has moved on since."""
    fields = [*dict.fromkeys([*row.values, *known.said])]
    differ = [field for field in fields if row.values.get(field) != known.said.get(field)]
    if not differ:
        weighing.counts["same"] += 1
    for field in differ:
        old = known.said.get(field, "")
        weighing.refuse(row, field, "opening_known", old=old, file=known.file, line=known.line)


def _unit(row: ImportRow, item: Item, weighing: Weighing) -> bool:
    if same_unit(row.values["unit"], item.unit):
        return weighing.against_quantity(row, item.unit)
    weighing.refuse(row, "unit", "opening_unit_differs", unit=row.values["unit"], wanted=item.unit)
    return False


def _supplier(row: ImportRow, item: Item, ground: _Ground, weighing: Weighing) -> Supplier | object | None:
    code, lot = row.values.get("supplier"), row.values.get("supplier_lot")
    if code is None:
        if item.kind == "finished" and lot is None:
            return None
        weighing.refuse(row, "supplier", "opening_supplier_missing", item=item.code)
        return _UNSOUND
    found = ground.suppliers.get(code)
    if found is None:
        weighing.refuse_unknown(row, "supplier", "supplier_unknown", ground.spelt_suppliers, supplier=code)
        return _UNSOUND
    if lot is None:
        weighing.refuse(row, "supplier_lot", "supplier_lot_missing")
        return _UNSOUND
    kept = ground.kept.get(found.id)
    if kept is not None:
        found = next(each for each in ground.suppliers.values() if each.id == kept)
        weighing.lands(row, "supplier", code, found.code)
    return found


def _evidence(row: ImportRow, weighing: Weighing) -> bool:
    """Who released it, when, and where that is written: without these it is quarantine."""
    missing = [field for field in EVIDENCE if field not in row.values]
    if row.values["status"] != "released" or not missing:
        return True
    for field in missing:
        weighing.refuse(row, field, "release_evidence_missing")
    return False


def _days(row: ImportRow, weighing: Weighing) -> bool:
    today = weighing.today.isoformat()
    late = [field for field in ("made_on", "released_on") if row.values.get(field, "") > today]
    for field in late:
        weighing.refuse(row, field, "day_in_future", day=row.values[field])
    made, expires = row.values.get("made_on"), row.values.get("expires_on")
    if made is not None and expires is not None and expires < made:
        weighing.refuse(row, "expires_on", "expires_before_made", made=made)
        return False
    return not late


def _place(row: ImportRow, ground: _Ground, weighing: Weighing) -> tuple[Location | None, bool]:
    code = row.values.get("location")
    if code is None:
        return None, True
    place = ground.places.get(code)
    if place is None:
        known = sorted(ground.places)[:5]
        weighing.refuse(row, "location", "location_unknown", code=code, known=known)
        return None, False
    status = STANDS[row.values["status"]]
    if status in MAY_STAND.get(place.kind, (status,)):
        return place, True
    weighing.refuse(row, "location", "location_for_released_only", location=code, status=status)
    return None, False


def _lot_of(row: ImportRow, item: Item, supplier_id: str | None, ground: _Ground) -> str | None:
    if supplier_id is not None:
        return ground.by_supplier.get((item.id, supplier_id, row.values["supplier_lot"]))
    return ground.by_number.get((item.id, row.values["old_number"]))


def _learn(row: ImportRow, item: Item, supplier_id: str | None, lot_id: str, ground: _Ground) -> None:
    if supplier_id is not None:
        ground.by_supplier[item.id, supplier_id, row.values["supplier_lot"]] = lot_id
    else:
        ground.by_number[item.id, row.values["old_number"]] = lot_id


def _agrees(row: ImportRow, lot: Lot | None, said: dict[str, str], weighing: Weighing) -> bool:
    """Of one lot there is one expiry, whoever says it (LBL-5)."""
    sound = True
    for field in DATES:
        day = row.values.get(field)
        stored = (getattr(lot, field) if lot is not None else None) or said.get(field)
        if day is not None and stored is not None and day != stored:
            weighing.refuse(row, field, "opening_lot_differs", stored=stored, day=day)
            sound = False
        elif day is not None:
            said[field] = day
    return sound
