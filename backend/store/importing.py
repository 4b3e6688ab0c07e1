"""What an imported sheet would do to the master data: rows that are new, changed, or the same (IMP-1).

kind        named by                 refused at its cell
suppliers   code                     -
materials   code                     an identifier that names another material; another unit or kind once there
                                     are lots
orders      purchase order and line  a material or supplier that is not there; less than has arrived; another
                                     material or supplier once something has arrived
equipment   kind and code            a line that is not there; an interval without the day of the last service
consignees  code                     a contact with neither telephone nor e-mail
stock       material, old number     see `opening_stock`
            and place
complaints  the other system's       see `complaint_rows`
            reference

A row that names an alias lands on the record that it is, and says so: an order line is of that supplier and material;
a supplier, consignee or material keeps its own name, address and intervals, and takes over no more than a block, a
contact or an identifier that it has not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from backend.domain.aliases import AliasKind
from backend.domain.consignees import Consignee, Contact
from backend.domain.equipment import Equipment, EquipmentKind, due_after
from backend.domain.imports import ImportRow, Sheet
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.domain.lots import Lot
from backend.domain.units import same_unit
from backend.domain.words import Words
from backend.store.aliases import aliases_at
from backend.store.complaint_rows import weigh_complaints
from backend.store.opening_stock import weigh_stock
from backend.store.reader import Reader
from backend.store.weighing import Outcome, Weighing, spellings

NewId = Callable[[], str]


async def weigh(read: Reader, site_id: str, sheet: Sheet, new_id: NewId, today: date) -> Outcome:
    """Hold a sheet against what the site has. A row with a fault of its own is not looked at further."""
    weighing = Weighing(sheet, today)
    bad = {each.line for each in sheet.faults}
    rows = [row for row in sheet.rows if row.line not in bad]
    match sheet.kind:
        case "suppliers":
            await _suppliers(read, site_id, rows, weighing, new_id)
        case "materials":
            await _materials(read, site_id, rows, weighing, new_id)
        case "orders":
            await _orders(read, site_id, rows, weighing, new_id)
        case "equipment":
            await _equipment(read, site_id, rows, weighing, new_id)
        case "consignees":
            await _consignees(read, site_id, rows, weighing, new_id)
        case "stock":
            await weigh_stock(read, site_id, rows, weighing, new_id)
        case "complaints":
            await weigh_complaints(read, site_id, rows, weighing)
    weighing.faults.sort(key=lambda each: (each.line, sheet.places.get(each.field, 0)))
    return weighing.outcome()


async def _suppliers(
    read: Reader, site_id: str, rows: list[ImportRow], weighing: Weighing, new_id: NewId
) -> None:
    known = {each.code: each for each in await read.all(Supplier, "site_id = $1", site_id)}
    kept = await _kept(read, site_id, "supplier", known.values())
    spelt = spellings(known)
    for row in rows:
        values, there = row.values, known.get(row.values["code"])
        if there is None and weighing.is_alike(row, spelt):
            continue
        if there is not None and (one := kept.get(there.id)) is not None:
            weighing.lands(row, "code", there.code, one.code)
            values, there = {name: values[name] for name in ("status",) if name in values}, one
        if there is None:
            blocked = values.get("status") == "blocked"
            status: Literal["approved", "blocked"] = "blocked" if blocked else "approved"
            weighing.add(Supplier(new_id(), site_id, values["code"], values["name"], status))
        elif there.status == "blocked" and values.get("status") == "approved":
            # A sheet of yesterday does not take back what quality has decided since (QUA-5).
            weighing.refuse(row, "status", "supplier_block_stands", supplier=there.code)
        else:
            weighing.differ(there, {name: values[name] for name in ("name", "status") if name in values})


async def _materials(
    read: Reader, site_id: str, rows: list[ImportRow], weighing: Weighing, new_id: NewId
) -> None:
    known = {each.code: each for each in await read.all(Item, "site_id = $1", site_id)}
    identifiers = await read.all(ItemIdentifier, "site_id = $1 and scheme = $2", site_id, "gtin")
    kept = await _kept(read, site_id, "item", known.values())
    named = {each.value: _one(kept, each.item_id) for each in identifiers}
    spelt = spellings(known)
    for row in rows:
        values, there = row.values, known.get(row.values["code"])
        if there is None and weighing.is_alike(row, spelt):
            continue
        if there is not None and (one := kept.get(there.id)) is not None:
            weighing.lands(row, "code", there.code, one.code)
            values = {name: values[name] for name in ("gtin", "kind", "unit") if name in values}
            there = one
        item_id = there.id if there is not None else new_id()
        gtin = values.get("gtin")
        beside = []
        if gtin is not None and named.get(gtin, item_id) != item_id:
            weighing.refuse(row, "gtin", "identifier_taken", value=gtin)
            continue
        if gtin is not None and gtin not in named:
            beside = [ItemIdentifier(new_id(), site_id, item_id, "gtin", gtin)]
            named[gtin] = item_id
        if there is None:
            weighing.add(_item(item_id, site_id, values), *beside)
            continue
        wanted = _wanted(there, values) if "name_zh" in values else _landed(there, values)
        fixed = [name for name in ("unit", "kind") if name in wanted and wanted[name] != getattr(there, name)]
        joined = any(one is there for one in kept.values())
        if fixed and (joined or await read.first(Lot, "item_id = $1", there.id) is not None):
            weighing.refuse(row, fixed[0], "material_in_use", item=there.code, old=getattr(there, fixed[0]))
            continue
        weighing.differ(there, wanted, *beside)


def _item(item_id: str, site_id: str, values: Mapping[str, str]) -> Item:
    zh = values["name_zh"]
    return Item(
        item_id,
        site_id,
        values["code"],
        Words(values.get("name_en", zh), zh),
        "finished" if values["kind"] == "finished" else "raw",
        values["unit"],
        _days(values.get("shelf_life_days")),
        _days(values.get("retest_days")),
    )


def _wanted(there: Item, values: Mapping[str, str]) -> dict[str, Any]:
    days = {name: _days(values[name]) for name in ("shelf_life_days", "retest_days") if name in values}
    name = Words(values.get("name_en", there.name.en), values["name_zh"])
    unit = there.unit if same_unit(values["unit"], there.unit) else values["unit"]
    return {"name": name, "kind": values["kind"], "unit": unit, **days}


def _landed(there: Item, values: Mapping[str, str]) -> dict[str, Any]:
    """What a row of an alias must agree with."""
    unit = there.unit if same_unit(values["unit"], there.unit) else values["unit"]
    return {"kind": values["kind"], "unit": unit}


def _days(text: str | None) -> int | None:
    """0 days is none."""
    return int(text) or None if text is not None else None


async def _orders(
    read: Reader, site_id: str, rows: list[ImportRow], weighing: Weighing, new_id: NewId
) -> None:
    goods = await read.all(Item, "site_id = $1", site_id)
    materials = {each.code: each for each in goods}
    meant = await _kept(read, site_id, "item", goods)
    sellers = await read.all(Supplier, "site_id = $1", site_id)
    suppliers = {each.code: each.id for each in sellers}
    kept = await _kept(read, site_id, "supplier", sellers)
    lines = await read.all(OrderLine, "site_id = $1", site_id)
    known = {(each.purchase_order, each.line): each for each in lines}
    spelt = spellings(materials), spellings(suppliers)
    for row in rows:
        values = row.values
        item, supplier_id = materials.get(values["item"]), suppliers.get(values["supplier"])
        if item is None:
            weighing.refuse_unknown(row, "item", "material_unknown", spelt[0], item=values["item"])
        if supplier_id is None:
            weighing.refuse_unknown(
                row, "supplier", "supplier_unknown", spelt[1], supplier=values["supplier"]
            )
        if item is None or supplier_id is None or not weighing.against_quantity(row, item.unit):
            continue
        item_id = item.id
        if (one := kept.get(supplier_id)) is not None:
            weighing.lands(row, "supplier", values["supplier"], one.code)
            supplier_id = one.id
        if (good := meant.get(item_id)) is not None:
            weighing.lands(row, "item", values["item"], good.code)
            item_id = good.id
        quantity, number = Decimal(values["quantity"]), int(values["line"])
        there = known.get((values["purchase_order"], number))
        if there is None:
            weighing.add(_line(new_id(), site_id, values, number, item_id, supplier_id, quantity))
            continue
        # What was ordered under the old code stays as it was ordered.
        if _one(kept, there.supplier_id) == supplier_id:
            supplier_id = there.supplier_id
        if _one(meant, there.item_id) == item_id:
            item_id = there.item_id
        moved = (there.item_id, there.supplier_id) != (item_id, supplier_id)
        if there.received and moved:
            weighing.refuse(row, "item" if there.item_id != item_id else "supplier", "order_line_begun")
        elif quantity < there.received:
            arrived = format(there.received, "f")
            weighing.refuse(row, "quantity", "order_below_received", received=arrived)
        else:
            weighing.differ(there, _order_wanted(there, values, item_id, supplier_id, quantity))


def _line(
    id: str,
    site_id: str,
    values: Mapping[str, str],
    number: int,
    item_id: str,
    supplier_id: str,
    quantity: Decimal,
) -> OrderLine:
    return OrderLine(
        id,
        site_id,
        values["purchase_order"],
        number,
        item_id,
        supplier_id,
        quantity,
        Decimal(0),
        values.get("carrier", ""),
        values.get("transport_batch", ""),
        values["expected_on"],
    )


def _order_wanted(
    there: OrderLine, values: Mapping[str, str], item_id: str, supplier_id: str, quantity: Decimal
) -> dict[str, Any]:
    texts = {name: values[name] for name in ("carrier", "transport_batch") if name in values}
    status = "complete" if there.received and there.received >= quantity else "open"
    return {
        "item_id": item_id,
        "supplier_id": supplier_id,
        "quantity": quantity,
        "expected_on": values["expected_on"],
        "status": status,
        **texts,
    }


async def _equipment(
    read: Reader, site_id: str, rows: list[ImportRow], weighing: Weighing, new_id: NewId
) -> None:
    known = {(each.kind, each.code): each for each in await read.all(Equipment, "site_id = $1", site_id)}
    lines = {code for kind, code in known if kind == "line"}
    lines |= {row.values["code"] for row in rows if row.values["kind"] == "line"}
    spelt = {kind: spellings(code for other, code in known if other == kind) for kind, _ in known}
    for row in rows:
        values = row.values
        kind: EquipmentKind = "line" if values["kind"] == "line" else "equipment"
        there = known.get((kind, values["code"]))
        if there is None and weighing.is_alike(row, spelt.get(kind, {})):
            continue
        if values.get("stands_in", "") not in {"", *lines}:
            weighing.refuse(
                row, "stands_in", "equipment_unknown", code=values["stands_in"], known=sorted(lines)[:5]
            )
            continue
        wanted = _equipment_wanted(there, values)
        if wanted["interval_days"] is not None and wanted["serviced_on"] is None:
            weighing.refuse(row, "interval_days", "service_day_missing")
        elif there is None:
            weighing.add(Equipment(new_id(), site_id, kind, values["code"], status="in_use", **wanted))
        else:
            weighing.differ(there, wanted)


def _equipment_wanted(there: Equipment | None, values: Mapping[str, str]) -> dict[str, Any]:
    """What a sheet leaves out stays. A service that was recorded here is not taken back by an older day of a sheet."""
    interval = there.interval_days if there is not None else None
    if "interval_days" in values:
        interval = _days(values["interval_days"])
    days = [there.serviced_on if there is not None else None, values.get("serviced_on")]
    serviced_on = max((day for day in days if day), default=None)
    english = there.name.en if there is not None else values["name_zh"]
    return {
        "name": Words(values.get("name_en", english), values["name_zh"]),
        "line": values.get("stands_in") or (there.line if there is not None else None),
        "interval_days": interval,
        "serviced_on": serviced_on,
        "due_on": due_after(serviced_on, interval),
    }


async def _consignees(
    read: Reader, site_id: str, rows: list[ImportRow], weighing: Weighing, new_id: NewId
) -> None:
    known = {each.code: each for each in await read.all(Consignee, "site_id = $1", site_id)}
    kept = await _kept(read, site_id, "consignee", known.values())
    spelt = spellings(known)
    for row in rows:
        values, there = row.values, known.get(row.values["code"])
        if there is None and weighing.is_alike(row, spelt):
            continue
        contact = Contact(values["contact"], values.get("email", ""), values.get("phone", ""))
        if not (contact.email or contact.phone):
            weighing.refuse(row, "contact", "contact_unreachable", name=contact.name)
            continue
        language = values.get("language") or ("zh" if values["country"] == "CN" else "en")
        wanted: dict[str, Any] = {
            "name": values["name"],
            "address": values["address"],
            "country": values["country"],
        }
        if there is not None and (one := kept.get(there.id)) is not None:
            weighing.lands(row, "code", there.code, one.code)
            contacts = weighing.now(one).contacts
            weighing.differ(one, {"contacts": [*contacts, *([contact] if contact not in contacts else [])]})
            continue
        if there is None:
            letters: Literal["en", "zh"] = "zh" if language == "zh" else "en"
            weighing.add(
                Consignee(new_id(), site_id, values["code"], language=letters, contacts=[contact], **wanted)
            )
            continue
        if "language" in values:
            wanted["language"] = language
        # The sheet knows one contact; those that were written down here stay behind it.
        others = [each for each in there.contacts if each.name != contact.name]
        weighing.differ(there, wanted | {"contacts": _contacts(there, contact, others)})


async def _kept(read: Reader, site_id: str, kind: AliasKind, nouns: Iterable[Any]) -> dict[str, Any]:
    """By the id of each alias: the record that it is."""
    by_id = {each.id: each for each in nouns}
    return {id: by_id[kept] for id, kept in (await aliases_at(read, site_id, kind)).items()}


def _one(kept: dict[str, Any], id: str) -> str:
    """The id of the record that this one is."""
    return kept[id].id if id in kept else id


def _contacts(there: Consignee, contact: Contact, others: list[Contact]) -> list[Contact]:
    """In the order in which they were written down, where the sheet says nothing new."""
    return there.contacts if contact in there.contacts else [contact, *others]
