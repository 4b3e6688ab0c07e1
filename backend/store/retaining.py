"""Until when lots are kept, read where it is asked: by the page, and by what lets a file go (AUD-10)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.days import day_of
from backend.domain.errors import Reason
from backend.domain.lots import Lot
from backend.domain.recalls import MockRecall, Recall
from backend.domain.reports import Filters
from backend.domain.retention import Keeping, Kept, LegalHoldLine, keeping_of
from backend.store.closure import closure
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.seeds import numbers_in

_LOTS = (
    "select lot.id, lot.number, lot.expires_on, lot.made_on, item.shelf_life_days, "
    "(select max(decided_at) from \"release\" where lot_id = lot.id and decision <> 'reject'), "
    "(select max(shipped_at) from shipment_line join shipment on shipment.id = shipment_id where lot_id = lot.id), "
    "lot.status from lot join item on item.id = lot.item_id where {chosen} order by lot.number"
)
_NCRS = "select lot_id, number, severity from ncr where status <> 'closed' and {chosen} order by number"
_RECALLS = (
    "select recall_lot.lot_id, recall.number from recall_lot join recall on recall.id = recall_id "
    "where recall.status in ('signed_once', 'in_force') and {chosen} order by recall.number"
)
_HOLDS = (
    "select legal_hold.id, lot.number, reason, person.printed_name, set_at from legal_hold "
    "join lot on lot.id = legal_hold.lot_id join person on person.id = set_by "
    "where lifted_at is null and {chosen} order by set_at, legal_hold.id"
)
UNDECIDED = (
    "quarantine",
    "inspecting",
    "held",
    "in_production",
    "production_released",
    "conditional",
    "recalled",
)


async def keeping_of_lot(read: Reader, site_id: str, lot_id: str, number: str) -> Keeping:
    """What is open anywhere among what it went into keeps it without an end."""
    reached = await closure(read, [lot_id])
    rows = await _of(read, _LOTS, "lot.id", reached)
    ncrs = await _of(read, _NCRS, "lot_id", reached)
    recalls = await _of(read, _RECALLS, "recall_lot.lot_id", reached)
    holds = [LegalHoldLine(*row) for row in await _of(read, _HOLDS, "legal_hold.lot_id", reached)]
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    open_of: dict[str, list[Reason]] = {}
    for lot_id, ncr, severity in ncrs:
        open_of.setdefault(lot_id, []).append(Reason("ncr_open", {"ncr": ncr, "severity": severity}))
    for lot_id, recall in recalls:
        open_of.setdefault(lot_id, []).append(Reason("recall_open", {"recall": recall}))
    return keeping_of(number, [_kept(row, zone, open_of.get(row[0], [])) for row in rows], holds)


async def holds_at(read: Reader, site_id: str) -> list[LegalHoldLine]:
    """All that are in force at a site."""
    rows = await read.rows(_HOLDS.format(chosen="legal_hold.site_id = $1"), site_id)
    return [LegalHoldLine(*row) for row in rows]


async def lots_asked_for(read: Reader, site_id: str, filters: Filters) -> list[Lot]:
    """The lots that a report is about by its filters: one, those of an order, of a recall or an exercise."""
    numbers = numbers_in(filters.lot or "")
    if filters.order:
        return await read.all(
            Lot, "site_id = $1 and production_order = $2 order by id", site_id, filters.order
        )
    if filters.recall:
        named = ("site_id = $1 and number = $2", site_id, filters.recall.strip().upper())
        recall = await read.first(Recall, *named)
        if recall is not None:
            where = "id in (select lot_id from recall_lot where recall_id = $1) order by id"
            return await read.all(Lot, where, recall.id)
        mock = await read.first(MockRecall, *named)
        numbers = [each.lot for each in mock.lots] if mock is not None else []
    chosen = among(read, "number", numbers, 2)
    return await read.all(Lot, f"site_id = $1 and {chosen.where} order by id", site_id, chosen.argument)


async def _of(read: Reader, sql: str, column: str, lot_ids: Sequence[str]) -> Sequence[Row]:
    chosen = among(read, column, lot_ids)
    return await read.rows(sql.format(chosen=chosen.where), chosen.argument)


def _kept(row: Row, zone: str, doubts: list[Reason]) -> Kept:
    _, number, expires_on, made_on, days, decided_at, shipped_at, status = row
    undecided = [Reason("lot_undecided", {"lot": number, "status": status})] if status in UNDECIDED else []
    return Kept(
        number,
        expires_on,
        made_on,
        days,
        day_of(decided_at, zone).isoformat() if decided_at else None,
        day_of(shipped_at, zone).isoformat() if shipped_at else None,
        (*doubts, *undecided),
    )
