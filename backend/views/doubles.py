"""Doubles in master data: what may be one, what was merged, and two records side by side with what refers to each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from backend.domain.aliases import ALIAS_KINDS, Alias, AliasKind, Known, Likeness, product_form, suspects
from backend.domain.consignees import Consignee
from backend.domain.errors import Reason
from backend.domain.items import Item, Supplier
from backend.domain.qualifications import SupplierCertificate
from backend.domain.words import Words
from backend.store.aliases import NOUNS, against_alias, aliases_at
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.people import printed_names

REFERRING: dict[AliasKind, tuple[tuple[str, str, str], ...]] = {
    "supplier": (
        ("lots", "lot", "supplier_id"),
        ("order_lines", "order_line", "supplier_id"),
        ("identifiers", "item_identifier", "supplier_id"),
        ("qualifications", "qualification", "supplier_id"),
        ("certificates", "supplier_certificate", "supplier_id"),
        ("changes", "supplier_change", "supplier_id"),
        ("series", "series_state", "supplier_id"),
    ),
    "consignee": (
        ("shipments", "shipment", "consignee_id"),
        ("recalls", "recall_consignee", "consignee_id"),
        ("complaints", "complaint", "consignee_id"),
    ),
    "item": (
        ("lots", "lot", "item_id"),
        ("order_lines", "order_line", "item_id"),
        ("identifiers", "item_identifier", "item_id"),
        ("plans", "plan", "item_id"),
        ("qualifications", "qualification", "item_id"),
        ("series", "series_state", "item_id"),
    ),
}
"""By kind: what refers to a record, the table and the column."""


class DoubleRef(msgspec.Struct, frozen=True):
    """A record by its names; `words`: the name of what has one in each language."""

    id: str
    code: str
    name: str
    words: Words | None = None


class Suspected(msgspec.Struct, frozen=True):
    """Two that may be one, and why; nothing is merged by itself."""

    kind: AliasKind
    first: DoubleRef
    second: DoubleRef
    likenesses: list[Likeness]


class MergerLine(msgspec.Struct, frozen=True):
    """A merger; undone ones stay listed."""

    id: str
    kind: AliasKind
    kept: DoubleRef
    alias: DoubleRef
    reason: str
    merged_by: str
    merged_at: str
    undone_by: str | None
    undone_at: str | None
    undone_reason: str | None


class DoublesPage(msgspec.Struct, frozen=True):
    """`suppliers`, `consignees`, `items`: all that may be chosen, by code."""

    suspected: list[Suspected]
    mergers: list[MergerLine]
    suppliers: list[DoubleRef]
    consignees: list[DoubleRef]
    items: list[DoubleRef]


class Refers(msgspec.Struct, frozen=True):
    """How many records of a kind refer to it."""

    what: str
    count: int


class SideBySide(msgspec.Struct, frozen=True):
    """One of two: its fields as text, what refers to it, why nothing more can be merged with it."""

    ref: DoubleRef
    fields: dict[str, str]
    refers: list[Refers]
    against: list[Reason]


async def doubles_page(read: Reader, site_id: str) -> DoublesPage:
    """Of a site; those suspected first that have most in common."""
    names = await printed_names(read, site_id)
    known: dict[AliasKind, dict[str, Any]] = {}
    suspected = []
    mergers = []
    for kind in ALIAS_KINDS:
        found = await read.all(NOUNS[kind], "site_id = $1 order by code", site_id)
        known[kind] = {each.id: each for each in found}
        gone = await aliases_at(read, site_id, kind)
        left = [each for each in found if each.id not in gone]
        for pair in suspects(await _known(read, kind, left)):
            both = (known[kind][pair.first], known[kind][pair.second])
            if _of_one_sort(*both):
                suspected.append(Suspected(kind, _ref(both[0]), _ref(both[1]), list(pair.likenesses)))
    for each in await read.all(Alias, "site_id = $1 order by merged_at desc, id", site_id):
        of = known[each.kind]
        mergers.append(
            MergerLine(
                each.id, each.kind, _ref(of[each.kept_id]), _ref(of[each.alias_id]), each.reason,
                names.get(each.merged_by, ""), each.merged_at,
                names.get(each.undone_by) if each.undone_by else None, each.undone_at, each.undone_reason,
            )
        )  # fmt: skip
    hidden = {each.alias.id for each in mergers if each.undone_at is None}
    choices = {
        kind: [_ref(one) for id, one in known[kind].items() if id not in hidden] for kind in ALIAS_KINDS
    }
    return DoublesPage(suspected, mergers, choices["supplier"], choices["consignee"], choices["item"])


async def side_by_side(read: Reader, kind: AliasKind, first: str, second: str) -> list[SideBySide]:
    """Both records, in the order asked."""
    return [await _side(read, kind, await read.get(NOUNS[kind], id)) for id in (first, second)]


async def _side(read: Reader, kind: AliasKind, noun: Any) -> SideBySide:
    refers = []
    for what, table, column in REFERRING[kind]:
        ((count,),) = await read.rows(f"select count(*) from {table} where {column} = $1", noun.id)
        refers.append(Refers(what, int(count)))
    return SideBySide(_ref(noun), _fields(noun), refers, await against_alias(read, kind, noun.id))


def _of_one_sort(one: Any, other: Any) -> bool:
    """What is bought and what is made of it may well share a name."""
    return not isinstance(one, Item) or one.kind == other.kind


def _ref(noun: Any) -> DoubleRef:
    if isinstance(noun, Item):
        return DoubleRef(noun.id, noun.code, noun.name.zh, noun.name)
    return DoubleRef(noun.id, noun.code, noun.name)


def _fields(noun: Supplier | Consignee | Item) -> dict[str, str]:
    if isinstance(noun, Item):
        days = {"shelf_life_days": noun.shelf_life_days, "retest_days": noun.retest_days}
        names = " · ".join(dict.fromkeys((noun.name.zh, noun.name.en)))
        return {
            "name": names, "item_kind": noun.kind, "unit": noun.unit,
            **{name: str(count) for name, count in days.items() if count is not None},
        }  # fmt: skip
    if isinstance(noun, Supplier):
        return {"name": noun.name, "status": noun.status}
    contacts = [" ".join(part for part in (c.name, c.phone, c.email) if part) for c in noun.contacts]
    return {
        "name": noun.name, "address": noun.address, "country": noun.country, "contacts": "; ".join(contacts),
    }  # fmt: skip


async def _known(read: Reader, kind: AliasKind, nouns: Sequence[Any]) -> list[Known]:
    if kind == "consignee":
        return [
            Known(
                each.id,
                each.name,
                contacts=[said for c in each.contacts for said in (c.phone, c.email) if said],
            )
            for each in nouns
        ]
    if kind == "item":
        of = {each.id: list[str]() for each in nouns}
        chosen = among(read, "item_id", of)
        for item_id, scheme, value in await read.rows(
            f"select item_id, scheme, value from item_identifier where {chosen.where}", chosen.argument
        ):
            of[item_id].append(product_form(scheme, value))
        return [Known(each.id, "", of[each.id], words=[each.name.en, each.name.zh]) for each in nouns]
    chosen = among(read, "supplier_id", [each.id for each in nouns])
    numbers: dict[str, list[str]] = {each.id: [] for each in nouns}
    for paper in await read.all(SupplierCertificate, f"{chosen.where} order by id", chosen.argument):
        numbers[paper.supplier_id].append(paper.number)
    for id, value in await read.rows(
        "select supplier_id, scheme || value from item_identifier where supplier_id is not null "
        f"and {chosen.where}",
        chosen.argument,
    ):
        numbers[id].append(value)
    return [Known(each.id, each.name, numbers[each.id]) for each in nouns]
