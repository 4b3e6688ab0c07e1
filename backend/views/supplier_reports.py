"""The supplier report: what it is qualified for, its papers, its figures with what they were counted from, its lots and
what was wrong with them, in a period (QUA-5, LOT-13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.domain.errors import NotFound, Reason
from backend.domain.items import Supplier
from backend.domain.ncrs import Ncr
from backend.domain.record_exports import Field, both, listed
from backend.domain.record_labels import FORMULAS
from backend.domain.reports import MOST_LOTS, Filters, too_long
from backend.domain.signing import later
from backend.domain.words import Words
from backend.store.aliases import codes_of, same_ids
from backend.store.many import among
from backend.store.reader import Reader
from backend.views.scorecards import Scorecard, scorecard_of
from backend.views.suppliers import SupplierView, supplier_view

YEAR = timedelta(days=365)
"""What is looked at where no beginning is asked for."""


async def supplier_report(read: Reader, site_id: str, filters: Filters, at: str) -> list[Field]:
    """By the supplier's code, an alias's too: it and its aliases are reported as one. Raises NotFound where there is
    none of it."""
    supplier = await read.first(Supplier, "site_id = $1 and code = $2", site_id, filters.supplier)
    if supplier is None:
        raise NotFound(Reason("supplier_unknown", {"supplier": filters.supplier}, "supplier"))
    same = await same_ids(read, supplier.id)
    supplier = await read.get(Supplier, same[0])
    aliases = sorted((await codes_of(read, "supplier", same[1:])).values())
    since, until = filters.since or later(at, -YEAR), filters.until or at
    view = await supplier_view(read, supplier.id, at[:10])
    card = await scorecard_of(read, supplier.id, since, until)
    said = {"since": since, "until": until}
    fields = listed(
        "supplier",
        [
            {"code": supplier.code, "name": supplier.name, "status": supplier.status}
            | ({"aliases": ", ".join(aliases)} if aliases else {})
            | said
        ],
    )
    fields += _standing(view) + _figures(card)
    fields += listed("supplied_lot", await _lots(read, supplier, since, until))
    return fields + listed("reported", await _ncrs(read, supplier, since, until))


def _standing(view: SupplierView) -> list[Field]:
    """As it is now: qualifications, certificates, change notices."""
    qualified = [
        {"item": each.item_code, "name": both(each.item_name), "status": each.status, "expires_on": each.expires_on,
         "lapsed": each.lapsed.code if each.lapsed else None, "reason": each.reason, "by": each.decided_by,
         "decided_at": each.decided_at}
        for each in view.qualifications
    ]  # fmt: skip
    papers = [
        {"kind": each.kind, "number": each.number, "expires": each.valid_until, "ended": each.ended,
         "replaced": each.replaced, "by": each.added_by, "at": each.added_at}
        for each in view.certificates
    ]  # fmt: skip
    notices = [
        {"what": each.what, "said_on": each.said_on, "items": ", ".join(each.items), "by": each.noted_by,
         "at": each.noted_at, "outcome": each.result, "finding": each.finding, "decided_by": each.re_evaluated_by,
         "decided_at": each.re_evaluated_at}
        for each in view.changes
    ]  # fmt: skip
    return listed("qualified", qualified) + listed("paper", papers) + listed("notice", notices)


def _figures(card: Scorecard) -> list[Field]:
    """Each figure with its formula, and below each record that it was counted from."""
    figures: list[dict[str, Any]] = []
    behind: list[dict[str, Any]] = []
    for each in card.figures:
        name, formula = (Words(*each_of) for each_of in FORMULAS[each.code])
        figures.append({"figure": both(name), "value": each.value, **each.facts, "formula": both(formula)})
        behind += [
            {"figure": each.code, "kind": one.kind, "number": one.number, "note": one.note}
            for one in each.behind
        ]
    return listed("figure", figures) + listed("behind", behind)


async def _lots(read: Reader, supplier: Supplier, since: str, until: str) -> list[dict[str, Any]]:
    whose = among(read, "lot.supplier_id", await same_ids(read, supplier.id), 2)
    rows = await read.rows(
        "select lot.number, lot.supplier_lot, item.code, receipt.quantity, item.unit, lot.status, receipt.received_at "
        "from receipt join lot on lot.id = receipt.lot_id join item on item.id = lot.item_id "
        f"where lot.site_id = $1 and {whose.where} and receipt.source = 'delivery' "
        "and receipt.received_at >= $3 and receipt.received_at < $4 order by receipt.received_at, receipt.id "
        f"limit {MOST_LOTS + 1}",
        supplier.site_id, whose.argument, since, until,
    )  # fmt: skip
    too_long(len(rows), MOST_LOTS)
    names = ("lot", "supplier_lot", "item", "quantity", "unit", "status", "received_at")
    return [dict(zip(names, row, strict=True)) for row in rows]


async def _ncrs(read: Reader, supplier: Supplier, since: str, until: str) -> list[dict[str, Any]]:
    whose = among(read, "supplier_id", await same_ids(read, supplier.id), 2)
    found = await read.all(
        Ncr,
        "site_id = $1 and opened_at >= $3 and opened_at < $4 "
        f"and lot_id in (select id from lot where site_id = $1 and {whose.where}) order by number",
        supplier.site_id, whose.argument, since, until,
    )  # fmt: skip
    lots = dict[str, str](
        await read.rows(
            f"select id, number from lot where site_id = $1 and {whose.where}",
            supplier.site_id,
            whose.argument,
        )
    )
    return [
        {"number": each.number, "lot": lots[each.lot_id], "severity": each.severity, "status": each.status,
         "characteristic": each.characteristic, "what": each.what, "quantity": each.quantity,
         "disposition": each.disposition, "opened_at": each.opened_at, "closed_at": each.closed_at}
        for each in found
    ]  # fmt: skip
