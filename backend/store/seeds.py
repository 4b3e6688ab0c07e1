"""The lots that a trace or a recall begins at: by number, serial, supplier's lot, equipment, gauge, time (QUA-6)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from backend.domain.days import start_of
from backend.domain.errors import Reason, Refused, refuse
from backend.domain.recalls import Basis, BasisKind, against_basis
from backend.store.aliases import ids_by_code, kept_id
from backend.store.many import among
from backend.store.reader import Reader

EARLIEST, LATEST = "0", "9"
"""Before and after every instant's text."""


async def seeds(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """Ids of the lots that a basis singles out, in no order. Refused where it names nothing that is known, or where a
    supplier's lot fits several lots (LOT-1)."""
    if reasons := against_basis(basis):
        raise Refused(*reasons)
    found = sorted(set(await FINDERS[basis.kind](read, site_id, basis)))
    if basis.item and basis.kind != "supplier_lot" and found:
        chosen = among(read, "lot.id", found)
        which = among(read, "lot.item_id", await ids_by_code(read, "item", site_id, basis.item), 2)
        rows = await read.rows(
            f"select lot.id from lot where {chosen.where} and {which.where}",
            chosen.argument,
            which.argument,
        )
        found = [row[0] for row in rows]
    return found


async def _between(read: Reader, site_id: str, basis: Basis) -> tuple[str, str]:
    """Instants from the first day's beginning to the last one's end at the site."""
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    since = start_of(date.fromisoformat(basis.since), zone) if basis.since else EARLIEST
    until = start_of(date.fromisoformat(basis.until) + timedelta(days=1), zone) if basis.until else LATEST
    return since, until


def numbers_in(text: str) -> list[str]:
    """Of several lots, with whatever people put between them."""
    return [number for number in re.split(r"[\s,，、;；]+", text) if number]


async def _lots(read: Reader, site_id: str, basis: Basis) -> list[str]:
    numbers = numbers_in(basis.value)
    named = among(read, "number", numbers, 2)
    rows = await read.rows(
        f"select number, id from lot where site_id = $1 and {named.where}", site_id, named.argument
    )
    known = {row[0]: row[1] for row in rows}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise Refused(*(Reason("lot_unknown", {"lot": number}, "value") for number in missing))
    return list(known.values())


async def _serials(read: Reader, site_id: str, basis: Basis) -> list[str]:
    rows = await read.rows(
        "select lot_id from serial_unit where site_id = $1 and serial = $2", site_id, basis.value.strip()
    )
    if not rows:
        raise refuse("serial_unknown", field="value", serial=basis.value.strip())
    return [row[0] for row in rows]


async def _supplier_lots(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """The lots themselves; what was split off them is reached from there. What came under several names of one supplier
    or material is one lot of theirs: all of it."""
    rows = await read.rows(
        "select lot.id, lot.number, item.code, supplier.code, item.id, supplier.id from lot "
        "join item on item.id = lot.item_id left join supplier on supplier.id = lot.supplier_id "
        "where lot.site_id = $1 and lot.supplier_lot = $2 "
        "and lot.split_from is null order by lot.number",
        site_id,
        basis.value.strip(),
    )
    items = await ids_by_code(read, "item", site_id, basis.item) if basis.item else None
    sellers = await ids_by_code(read, "supplier", site_id, basis.supplier) if basis.supplier else None
    fitting = [
        row for row in rows if (items is None or row[4] in items) and (sellers is None or row[5] in sellers)
    ]
    if not fitting:
        raise refuse("supplier_lot_unknown", field="value", supplier_lot=basis.value.strip())
    meant = {
        (await kept_id(read, row[4]), await kept_id(read, row[5]) if row[5] else None) for row in fitting
    }
    if len(meant) > 1:
        which = [f"{row[1]} {row[2]} {row[3] or ''}".strip() for row in fitting]
        raise refuse("supplier_lot_ambiguous", field="value", supplier_lot=basis.value.strip(), lots=which)
    return [row[0] for row in fitting]


async def _facts(read: Reader, site_id: str, basis: Basis) -> list[str]:
    since, until = await _between(read, site_id, basis)
    rows = await read.rows(
        "select lot_id from process_fact where site_id = $1 and kind = $2 and code = $3 and at >= $4 and at < $5",
        site_id,
        basis.kind,
        basis.value.strip(),
        since,
        until,
    )
    if not rows:
        raise refuse("basis_unknown", field="value", kind=basis.kind, value=basis.value.strip())
    return [row[0] for row in rows]


async def _operators(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """Whom a fact of the making names, and who consumed materials into a lot or finished it."""
    since, until = await _between(read, site_id, basis)
    login = basis.value.strip()
    rows = await read.rows(
        "select lot_id from process_fact where site_id = $1 and kind = 'operator' and code = $2 "
        "and at >= $3 and at < $4 union select child_lot_id from consumption where site_id = $1 and kind is null "
        "and person_id in (select id from person where site_id = $1 and login = $2) and at >= $3 and at < $4 "
        "union select lot_id from movement where site_id = $1 and kind = 'produced' "
        "and person_id in (select id from person where site_id = $1 and login = $2) and at >= $3 and at < $4",
        site_id,
        login,
        since,
        until,
    )
    if not rows:
        raise refuse("basis_unknown", field="value", kind=basis.kind, value=login)
    return [row[0] for row in rows]


async def _gauges(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """Lots that something was measured of with it, and what was split off them under the same inspection."""
    since, until = await _between(read, site_id, basis)
    gauge = await read.rows(
        "select id from gauge where site_id = $1 and code = $2", site_id, basis.value.strip()
    )
    if not gauge:
        raise refuse("gauge_unknown", field="value", gauge=basis.value.strip())
    rows = await read.rows(
        "select distinct lot_id from inspection where id in "
        "(select inspection_id from reading where gauge_id = $1 and at >= $2 and at < $3)",
        gauge[0][0],
        since,
        until,
    )
    return [row[0] for row in rows]


async def _window(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """What came into stock then: delivered or made."""
    since, until = await _between(read, site_id, basis)
    rows = await read.rows(
        "select distinct lot_id from movement where site_id = $1 and kind in ('received', 'produced') "
        "and at >= $2 and at < $3",
        site_id,
        since,
        until,
    )
    return [row[0] for row in rows]


async def _consignees(read: Reader, site_id: str, basis: Basis) -> list[str]:
    """What was shipped to one."""
    since, until = await _between(read, site_id, basis)
    rows = await read.rows(
        "select distinct shipment_line.lot_id from shipment join shipment_line on shipment_id = shipment.id "
        "where consignee_id in (select id from consignee where site_id = $1 and code = $2) "
        "and shipped_at >= $3 and shipped_at < $4",
        site_id,
        basis.value.strip(),
        since,
        until,
    )
    if not rows:
        raise refuse("basis_unknown", field="value", kind=basis.kind, value=basis.value.strip())
    return [row[0] for row in rows]


FINDERS: dict[BasisKind, Callable[[Reader, str, Basis], Awaitable[list[str]]]] = {
    "lot": _lots,
    "serial": _serials,
    "supplier_lot": _supplier_lots,
    "equipment": _facts,
    "line": _facts,
    "operator": _operators,
    "gauge": _gauges,
    "window": _window,
    "consignee": _consignees,
}
