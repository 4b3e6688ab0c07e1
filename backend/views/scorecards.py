"""What a supplier's scorecard is counted from, in one period (QUA-5)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec

from backend.domain.result_kinds import Basis
from backend.domain.scorecards import Delivery, Figure, Looked, Reported, scorecard
from backend.store.reader import Reader

_DELIVERED = (
    "receipt.source = 'delivery' and receipt.lot_id in (select id from lot where supplier_id = $1) "
    "and receipt.received_at >= $2"
)
_FIRST = (
    "inspection.receipt_id in (select id from receipt where " + _DELIVERED + ") "
    "and inspection.repeats is null and inspection.purpose is null and inspection.status in ('passed', 'failed')"
)
_BASIS = msgspec.json.Decoder(Basis)


class Scorecard(msgspec.Struct, frozen=True):
    """Of the deliveries since an instant."""

    since: str
    figures: list[Figure]


async def scorecard_of(read: Reader, supplier_id: str, since: str) -> Scorecard:
    """Deliveries received from the instant `since` on, with all that became of them until now."""
    lots = dict[str, str](await read.rows("select id, number from lot where supplier_id = $1", supplier_id))
    figures = scorecard(
        await _deliveries(read, supplier_id, since, lots),
        await _looked(read, supplier_id, since, lots),
        await _reports(read, supplier_id, since),
    )
    return Scorecard(since, figures)


async def _deliveries(read: Reader, supplier_id: str, since: str, lots: dict[str, str]) -> list[Delivery]:
    received = await read.rows(
        f"select id, lot_id, received_at from receipt where {_DELIVERED} order by received_at, id",
        supplier_id,
        since,
    )
    # What was split off a delivery is decided under a receipt of its own.
    decided: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for origin, decision, at in await read.rows(
        "select coalesce(part.origin_id, part.id), release.decision, release.decided_at from release "
        "join receipt part on part.id = release.receipt_id "
        "where release.superseded_at is null and coalesce(part.origin_id, part.id) in "
        f"(select id from receipt where {_DELIVERED}) order by release.decided_at, release.id",
        supplier_id,
        since,
    ):
        decided[origin].append((decision, at))
    rejected = {
        origin
        for (origin,) in await read.rows(
            "select distinct coalesce(part.origin_id, part.id) from portion "
            "join receipt part on part.id = portion.receipt_id where portion.status = 'rejected' "
            f"and coalesce(part.origin_id, part.id) in (select id from receipt where {_DELIVERED})",
            supplier_id,
            since,
        )
    }
    return [Delivery(lots[lot_id], at, decided[id], id in rejected) for id, lot_id, at in received]


async def _looked(read: Reader, supplier_id: str, since: str, lots: dict[str, str]) -> list[Looked]:
    inspections = await read.rows(
        f"select id, lot_id from inspection where {_FIRST} order by number", supplier_id, since
    )
    chosen = f"(select id from inspection where {_FIRST})"
    units = _counts(
        await read.rows(
            f"select inspection_id, count(*) from sample where inspection_id in {chosen} group by inspection_id",
            supplier_id,
            since,
        )
    )
    measured = _counts(
        await read.rows(
            "select inspection_id, count(distinct sample_id) from reading where status = 'current' "
            f"and verdict = 'nonconforming' and sample_id is not null and inspection_id in {chosen} "
            "group by inspection_id",
            supplier_id,
            since,
        )
    )
    counted: dict[str, int] = defaultdict(int)
    for inspection_id, value, basis in await read.rows(
        "select inspection_id, value, basis from reading where status = 'current' and sample_id is null "
        f"and value is not null and inspection_id in {chosen}",
        supplier_id,
        since,
    ):
        if not (basis and _BASIS.decode(basis).inputs):  # what a formula makes of all samples counts nothing
            counted[inspection_id] += int(value)
    return [
        Looked(lots[lot_id], units.get(id, 0), measured.get(id, 0), counted[id]) for id, lot_id in inspections
    ]


async def _reports(read: Reader, supplier_id: str, since: str) -> list[Reported]:
    rows = await read.rows(
        "select ncr.id, ncr.number, ncr.status, ncr.opened_at, "
        "(select min(at) from event where subject_id = ncr.id and type = 'ncr_contained'), "
        "(select min(at) from event where subject_id = ncr.id and type = 'ncr_disposed') "
        "from ncr join receipt part on part.id = ncr.receipt_id where coalesce(part.origin_id, part.id) in "
        f"(select id from receipt where {_DELIVERED}) order by ncr.number",
        supplier_id,
        since,
    )
    return [Reported(row[0], row[1], row[2] == "closed", row[3], row[4], row[5]) for row in rows]


def _counts(rows: Any) -> dict[str, int]:
    return {id: int(count) for id, count in rows}
