"""Suppliers as people follow them: what each is qualified for, its papers, its changes, its lots (QUA-5, LOT-13)."""

from __future__ import annotations

from collections import Counter

import msgspec

from backend.domain.errors import Reason
from backend.domain.items import Item, Supplier
from backend.domain.qualifications import (
    Qualification,
    ReEvaluation,
    SupplierCertificate,
    SupplierChange,
    ends_soon,
    lapsed,
)
from backend.domain.words import Words
from backend.store.aliases import aliases_at, same_ids
from backend.store.many import among
from backend.store.qualifying import in_force
from backend.store.reader import Reader
from backend.views.people import printed_names


class SupplierRow(msgspec.Struct, frozen=True):
    """One in the list, with how many of its qualifications count, end soon and count no more."""

    id: str
    code: str
    name: str
    blocked: bool
    qualified: int
    ending: int
    lapsed: int
    open_changes: int
    held_lots: int
    kept_code: str | None = None
    """It is an alias of the supplier of this code; what is counted of it is counted there."""


class SuppliersPage(msgspec.Struct, frozen=True):
    """All of them; `in_force`: whether the site asks for qualifications yet."""

    in_force: bool
    suppliers: list[SupplierRow]


class QualificationLine(msgspec.Struct, frozen=True):
    """For one material; `lapsed`: why it counts no more."""

    id: str
    item_id: str
    item_code: str
    item_name: Words
    status: str
    expires_on: str
    ending: bool
    lapsed: Reason | None
    reason: str
    decided_by: str
    decided_at: str
    kept_item: str | None = None
    """The material is an alias of the one of this code; the supplier is qualified for that one, or not."""


class CertificateLine(msgspec.Struct, frozen=True):
    """`replaced`: a newer one of its kind is here."""

    id: str
    kind: str
    number: str
    valid_until: str
    ended: bool
    ending: bool
    replaced: bool
    file: str | None
    added_by: str
    added_at: str


class SupplierChangeLine(msgspec.Struct, frozen=True):
    """What they said; `items` empty: about all that they deliver."""

    id: str
    what: str
    said_on: str
    items: list[str]
    noted_by: str
    noted_at: str
    result: ReEvaluation | None
    finding: str | None
    re_evaluated_by: str | None
    re_evaluated_at: str | None


class SupplierLot(msgspec.Struct, frozen=True):
    """A lot that they sent, the newest first; `holds`: codes of what holds it."""

    number: str
    supplier_lot: str | None
    item_code: str
    item_name: Words
    status: str
    received_at: str
    holds: list[str]


class OtherName(msgspec.Struct, frozen=True):
    """Another record that is this supplier too."""

    id: str
    code: str
    name: str


class SupplierView(msgspec.Struct, frozen=True):
    """One supplier; `delivers`: materials that they have delivered, are expected to, or are qualified for."""

    id: str
    code: str
    name: str
    blocked: bool
    in_force: bool
    qualifications: list[QualificationLine]
    certificates: list[CertificateLine]
    changes: list[SupplierChangeLine]
    lots: list[SupplierLot]
    lots_in_all: int
    kept: OtherName | None
    """It is an alias of this one."""
    aliases: list[OtherName]


MOST_LOTS = 100


async def list_suppliers(read: Reader, site_id: str, today: str) -> SuppliersPage:
    """By code; those of which something is wrong are marked, not moved. What is of an alias is counted for the kept."""
    suppliers = await read.all(Supplier, "site_id = $1 order by code", site_id)
    given = await read.all(Qualification, "site_id = $1", site_id)
    kept = await aliases_at(read, site_id, "supplier")
    codes = {each.id: each.code for each in suppliers}
    changes = Counter(
        kept.get(each.supplier_id, each.supplier_id)
        for each in await read.all(SupplierChange, "site_id = $1 and result is null", site_id)
    )
    held = Counter[str]()
    for supplier_id, count in await read.rows(
        "select lot.supplier_id, count(distinct lot.id) from hold join lot on lot.id = hold.lot_id "
        "where hold.site_id = $1 and lifted_at is null "
        "and code in ('supplier_not_qualified', 'supplier_suspended') group by lot.supplier_id",
        site_id,
    ):
        held[kept.get(supplier_id or "", supplier_id or "")] += count
    of = {supplier.id: [each for each in given if each.supplier_id == supplier.id] for supplier in suppliers}
    return SuppliersPage(
        bool(given),
        [
            SupplierRow(
                each.id,
                each.code,
                each.name,
                each.status == "blocked",
                sum(lapsed(one, today) is None for one in of[each.id]),
                sum(lapsed(one, today) is None and ends_soon(one.expires_on, today) for one in of[each.id]),
                sum(lapsed(one, today) is not None for one in of[each.id]),
                changes[each.id],
                held[each.id],
                codes.get(kept.get(each.id, "")),
            )
            for each in suppliers
        ],
    )


async def supplier_view(read: Reader, supplier_id: str, today: str) -> SupplierView:
    """By id, on the ISO day `today`. Papers, changes and lots are those of all its names."""
    supplier = await read.get(Supplier, supplier_id)
    same = await same_ids(read, supplier.id)
    names_of = await _names(read, same)
    names = await printed_names(read, supplier.site_id)
    items = {item.id: item for item in await read.all(Item, "site_id = $1", supplier.site_id)}
    given = await read.all(Qualification, "supplier_id = $1", supplier.id)
    one = await aliases_at(read, supplier.site_id, "item")
    lots = await _lots(read, supplier, same)
    whose = among(read, "supplier_id", same, 2)
    total = (
        await read.rows(
            f"select count(*) from lot where site_id = $1 and {whose.where}",
            supplier.site_id,
            whose.argument,
        )
    )[0][0]
    return SupplierView(
        supplier.id,
        supplier.code,
        supplier.name,
        supplier.status == "blocked",
        await in_force(read, supplier.site_id),
        sorted(
            (
                _qualification(each, items[each.item_id], names, today, items.get(one.get(each.item_id, "")))
                for each in given
            ),
            key=lambda line: line.item_code,
        ),
        await _certificates(read, same, names, today),
        await _changes(read, same, names, items),
        lots,
        int(total),
        names_of[same[0]] if same[0] != supplier.id else None,
        [names_of[id] for id in same[1:]] if same[0] == supplier.id else [],
    )


async def _names(read: Reader, ids: list[str]) -> dict[str, OtherName]:
    chosen = among(read, "id", ids)
    found = await read.all(Supplier, chosen.where, chosen.argument)
    return {each.id: OtherName(each.id, each.code, each.name) for each in found}


def _qualification(
    each: Qualification, item: Item, names: dict[str, str], today: str, kept: Item | None
) -> QualificationLine:
    return QualificationLine(
        each.id,
        item.id,
        item.code,
        item.name,
        each.status,
        each.expires_on,
        each.status == "approved" and ends_soon(each.expires_on, today),
        lapsed(each, today),
        each.reason,
        names.get(each.decided_by, ""),
        each.decided_at,
        kept.code if kept is not None else None,
    )


async def _certificates(
    read: Reader, supplier_ids: list[str], names: dict[str, str], today: str
) -> list[CertificateLine]:
    whose = among(read, "supplier_id", supplier_ids)
    found = await read.all(
        SupplierCertificate, f"{whose.where} order by kind, valid_until desc, id desc", whose.argument
    )
    newest = dict[str, str]()
    for each in found:
        newest.setdefault(each.kind, each.id)
    return [
        CertificateLine(
            each.id,
            each.kind,
            each.number,
            each.valid_until,
            each.valid_until < today,
            ends_soon(each.valid_until, today),
            newest[each.kind] != each.id,
            each.file,
            names.get(each.added_by, ""),
            each.added_at,
        )
        for each in found
    ]


async def _changes(
    read: Reader, supplier_ids: list[str], names: dict[str, str], items: dict[str, Item]
) -> list[SupplierChangeLine]:
    whose = among(read, "supplier_id", supplier_ids)
    found = await read.all(SupplierChange, f"{whose.where} order by said_on desc, id desc", whose.argument)
    return [
        SupplierChangeLine(
            each.id,
            each.what,
            each.said_on,
            [items[item_id].code for item_id in each.item_ids],
            names.get(each.noted_by, ""),
            each.noted_at,
            each.result,
            each.finding,
            names.get(each.re_evaluated_by) if each.re_evaluated_by else None,
            each.re_evaluated_at,
        )
        for each in found
    ]


async def _lots(read: Reader, supplier: Supplier, same: list[str]) -> list[SupplierLot]:
    whose = among(read, "lot.supplier_id", same, 2)
    rows = await read.rows(
        "select lot.number, lot.supplier_lot, item.code, item.name, lot.status, lot.created_at, "
        "(select string_agg(code, ' ') from hold where hold.lot_id = lot.id and lifted_at is null) "
        "from lot join item on item.id = lot.item_id where lot.site_id = $1 and "
        + whose.where
        + f" order by lot.created_at desc, lot.number desc limit {MOST_LOTS}",
        supplier.site_id,
        whose.argument,
    )
    return [
        SupplierLot(
            row[0], row[1], row[2], msgspec.json.decode(row[3], type=Words), row[4], row[5],
            sorted(set((row[6] or "").split())),
        )
        for row in rows
    ]  # fmt: skip
