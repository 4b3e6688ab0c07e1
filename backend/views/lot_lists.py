"""The list of lots that a report's filters leave: by time, number, supplier, material, line, equipment, person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from backend.domain.errors import NotFound, Reason
from backend.domain.people import Person
from backend.domain.record_exports import Field, both, listed
from backend.domain.reports import MOST_LOTS, Filters, too_long
from backend.domain.words import Words
from backend.store.aliases import ids_by_code
from backend.store.reader import Reader

_WORDS = msgspec.json.Decoder(Words)
_FACT = (
    "lot.id in (select lot_id from process_fact where site_id = $1 and kind = '%s' and code = {0} "
    "union select lot_id from rework where site_id = $1 and %s = {0})"
)
_TOUCHED = (
    "lot.id in (select lot_id from receipt where received_by = {0} "
    "union select lot_id from movement where person_id = {0} "
    "union select child_lot_id from consumption where person_id = {0} "
    "union select lot_id from inspection join reading on reading.inspection_id = inspection.id where person_id = {0} "
    'union select lot_id from "release" where person_id = {0} '
    "union select lot_id from process_fact where person_id = {0} or (kind = 'operator' and code = {1}))"
)
"""Whatever a person received, moved, inspected, decided or stated, or what was made by them."""


async def lot_list(read: Reader, site_id: str, filters: Filters) -> list[Field]:
    """By number. `since` and `until` are about when a lot came to be here."""
    conditions, args = ["lot.site_id = $1"], [site_id]

    def add(condition: str, *values: str | None) -> None:
        if values[0]:
            places = []
            for value in values:
                args.append(value or "")
                places.append(f"${len(args)}")
            conditions.append(condition.format(*places))

    add("lot.created_at >= {}", filters.since)
    add("lot.created_at < {}", filters.until)
    add("lot.number = {}", filters.lot)
    if filters.supplier:
        same = await ids_by_code(read, "supplier", site_id, filters.supplier) or ["-"]
        add(f"lot.supplier_id in ({', '.join('{}' for _ in same)})", *same)
    if (items := await _items(read, site_id, filters.item)) is not None:
        add(f"lot.item_id in ({', '.join('{}' for _ in items)})", *items)
    for kind, value in (("line", filters.line), ("equipment", filters.equipment)):
        add(_FACT % (kind, kind), value)
    add(_TOUCHED, await person_id(read, site_id, filters.person), filters.person)
    where = " and ".join(conditions)
    joined = "from lot join item on item.id = lot.item_id left join supplier on supplier.id = lot.supplier_id"
    too_long(int((await read.rows(f"select count(*) {joined} where {where}", *args))[0][0]), MOST_LOTS)
    rows = await read.rows(
        "select lot.number, item.code, item.name, supplier.name, lot.supplier_lot, lot.production_order, lot.status, "
        "lot.made_on, lot.expires_on, lot.created_at, item.unit, "
        "(select string_agg(portion.status || ' ' || portion.quantity, ' ') from portion "
        "where portion.lot_id = lot.id) "
        f"{joined} where {where} order by lot.number",
        *args,
    )
    return listed("asked", [filters.given() | {"lots": len(rows)}]) + listed(
        "listed_lot", [_line(*row) for row in rows]
    )


def _line(
    number: str, item: str, name: str, supplier: str | None, supplier_lot: str | None, order: str | None,
    status: str, made_on: str | None, expires_on: str | None, created_at: str, unit: str, portions: str | None,
) -> dict[str, Any]:  # fmt: skip
    here = sum(map(Decimal, (portions or "").split(" ")[1::2]), Decimal(0))
    return {
        "number": number, "item": item, "name": both(_WORDS.decode(name)), "supplier": supplier,
        "supplier_lot": supplier_lot, "order": order, "status": status, "made_on": made_on, "expires_on": expires_on,
        "created_at": created_at, "on_hand": here, "unit": unit,
    }  # fmt: skip


async def _items(read: Reader, site_id: str, code: str | None) -> list[str] | None:
    """Of this code, under all its codes."""
    if not code:
        return None
    same = await ids_by_code(read, "item", site_id, code)
    if not same:
        raise NotFound(Reason("material_unknown", {"item": code}, "item"))
    return same


async def person_id(read: Reader, site_id: str, login: str | None) -> str | None:
    """By the name that they sign in with. Raises NotFound where nobody does."""
    if not login:
        return None
    person = await read.first(Person, "site_id = $1 and login = $2", site_id, login)
    if person is None:
        raise NotFound(Reason("login_unknown", {"login": login}, "person"))
    return person.id
