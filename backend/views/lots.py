"""Lots as people meet them: a line, what a scan shows, the whole card, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from backend.domain.aliases import AliasKind
from backend.domain.errors import NotFound, Reason
from backend.domain.words import Words
from backend.store.aliases import ids_by_code, same_ids
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader

PAGE = 50


class ItemRef(msgspec.Struct, frozen=True):
    """An item in a line."""

    id: str
    code: str
    name: Words
    unit: str
    kind: str


class SupplierRef(msgspec.Struct, frozen=True):
    """A supplier in a line."""

    id: str
    code: str
    name: str


class LotLine(msgspec.Struct, frozen=True):
    """A lot in one line; `quantity` is what lies in stock, in the item's unit."""

    id: str
    number: str
    item: ItemRef
    supplier: SupplierRef | None
    supplier_lot: str | None
    status: str
    quantity: Decimal
    made_on: str | None
    expires_on: str | None
    created_at: str


class InspectionRef(msgspec.Struct, frozen=True):
    """An inspection in a line."""

    id: str
    number: str
    status: str
    stage: str


class ScannedLot(msgspec.Struct, frozen=True):
    """What a scan of our own lot number shows: what it is, and whether it may be used (LOT-11)."""

    lot: LotLine
    quantities: dict[str, Decimal]
    """By status of its portions."""
    open_inspections: list[InspectionRef]


class LotPage(msgspec.Struct, frozen=True):
    """A page of lots; `next` continues after it."""

    lots: list[LotLine]
    next: str | None


_ZERO = Decimal(0)
_WORDS = msgspec.json.Decoder(Words)
_LINE = (
    "select lot.id, lot.number, item.id, item.code, item.name, item.unit, item.kind, supplier.id, "
    "supplier.code, supplier.name, lot.supplier_lot, lot.status, lot.made_on, lot.expires_on, "
    "lot.created_at, (select string_agg(portion.status || ' ' || portion.quantity, ' ') from portion "
    "where portion.lot_id = lot.id)"
)
_FROM = " from lot join item on item.id = lot.item_id left join supplier on supplier.id = lot.supplier_id"
_SCANNED = (
    f"{_LINE}, (select string_agg(inspection.id || ' ' || inspection.number || ' ' || inspection.status "
    "|| ' ' || inspection.stage, ' ') from inspection where inspection.lot_id = lot.id "
    f"and inspection.status in ('open', 'in_progress')){_FROM} where lot.site_id = $1 and lot.number = $2"
)


@lru_cache(4096)
def _item(id: str, code: str, name: str, unit: str, kind: str) -> ItemRef:
    """Many lots share few items: one value of each, made from the text of its row."""
    return ItemRef(id, code, _WORDS.decode(name), unit, kind)


@lru_cache(4096)
def _supplier(id: str, code: str, name: str) -> SupplierRef:
    return SupplierRef(id, code, name)


def _total(portions: str | None) -> Decimal:
    """`released 12.5 held 3` added up."""
    parts = portions.split(" ") if portions else ()
    if len(parts) == 2:
        return Decimal(parts[1])
    return sum(map(Decimal, parts[1::2]), _ZERO)


def _quantities(portions: str | None) -> dict[str, Decimal]:
    """`released 12.5 held 3` added up by status."""
    parts = portions.split(" ") if portions else []
    totals: dict[str, Decimal] = {}
    for status, quantity in zip(parts[::2], parts[1::2], strict=True):
        totals[status] = totals.get(status, Decimal(0)) + Decimal(quantity)
    return {status: quantity for status, quantity in totals.items() if quantity}


def line_of(row: Row) -> LotLine:
    """A row of the line's columns."""
    return LotLine(
        row[0],
        row[1],
        _item(row[2], row[3], row[4], row[5], row[6]),
        _supplier(row[7], row[8], row[9]) if row[7] is not None else None,
        row[10],
        row[11],
        _total(row[15]),
        row[12],
        row[13],
        row[14],
    )


async def scanned_lot(read: Reader, site_id: str, number: str) -> ScannedLot:
    """By our lot number, in one statement."""
    rows = await read.rows(_SCANNED, site_id, number)
    if not rows:
        raise NotFound(Reason("lot_unknown", {"lot": number}))
    row = rows[0]
    parts = row[16].split(" ") if row[16] else []
    inspections = [InspectionRef(*parts[start : start + 4]) for start in range(0, len(parts), 4)]
    return ScannedLot(line_of(row), _quantities(row[15]), inspections)


async def lot_line(read: Reader, lot_id: str) -> LotLine:
    """By id."""
    rows = await read.rows(f"{_LINE}{_FROM} where lot.id = $1", lot_id)
    if not rows:
        raise NotFound(Reason("lot_unknown", {"lot": lot_id}))
    return line_of(rows[0])


class LotFilter(msgspec.Struct, frozen=True):
    """What to list; days are ISO. `after` is the `next` of the page before."""

    supplier: str | None = None
    status: str | None = None
    item: str | None = None
    made_from: str | None = None
    made_to: str | None = None
    search: str | None = None
    after: str | None = None


_CONDITIONS = (
    ("status", "lot.status = {}"),
    ("made_from", "lot.created_at >= {}"),
    ("made_to", "lot.created_at < {}"),
)


async def list_lots(read: Reader, site_id: str, wanted: LotFilter) -> LotPage:
    """Newest first, paged by key, so that the last page costs what the first does."""
    conditions, args = ["lot.site_id = $1"], [site_id]

    def add(condition: str, *values: str) -> None:
        marks = [f"${len(args) + place + 1}" for place in range(len(values))]
        args.extend(values)
        conditions.append(condition.format(*marks))

    if wanted.supplier:
        await _of(read, "supplier", site_id, wanted.supplier, add)
    if wanted.item:
        await _of(read, "item", site_id, wanted.item, add)
    for field, condition in _CONDITIONS:
        value = getattr(wanted, field)
        if value:
            add(condition, f"{value}T99" if field == "made_to" else value)
    if wanted.search and (text := wanted.search.strip()):
        upper = text.upper()  # our own codes are; a supplier's lot stays as it was typed
        item = await read.rows("select id from item where site_id = $1 and code = $2", site_id, upper)
        if item:
            _one_of("lot.item_id", await same_ids(read, item[0][0]), add)
        else:
            add("(lot.number = {} or lot.supplier_lot = {} or lot.production_order = {})", upper, text, text)
    if wanted.after:
        created, _, last = wanted.after.partition("~")
        add("(lot.created_at, lot.id) < ({}, {})", created, last)
    rows = await read.rows(
        f"{_LINE}{_FROM} where {' and '.join(conditions)} "
        f"order by lot.created_at desc, lot.id desc limit {PAGE + 1}",
        *args,
    )
    lines = [line_of(row) for row in rows[:PAGE]]
    more = len(rows) > PAGE
    return LotPage(lines, f"{lines[-1].created_at}~{lines[-1].id}" if more else None)


async def _of(read: Reader, kind: AliasKind, site_id: str, code: str, add: Callable[..., None]) -> None:
    """A supplier or an item is asked for under any of its codes."""
    _one_of(f"lot.{kind}_id", await ids_by_code(read, kind, site_id, code) or [""], add)


def _one_of(column: str, same: Sequence[str], add: Callable[..., None]) -> None:
    """Only what has aliases needs a list of ids."""
    marks = ", ".join("{}" for _ in same)
    add(f"{column} in ({marks})" if len(same) > 1 else f"{column} = {{}}", *same)


async def lines_by_id(read: Reader, lot_ids: Sequence[str]) -> dict[str, LotLine]:
    """Lines of several lots."""
    if not lot_ids:
        return {}
    chosen = among(read, "lot.id", lot_ids)
    rows = await read.rows(f"{_LINE}{_FROM} where {chosen.where}", chosen.argument)
    lines = [line_of(row) for row in rows]
    return {line.id: line for line in lines}


def item_ref(row: Sequence[Any]) -> ItemRef:
    """From (id, code, name, unit, kind)."""
    return _item(row[0], row[1], row[2], row[3], row[4])
