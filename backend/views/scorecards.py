"""What a supplier's scorecard is counted from, in one period; a supplier and its aliases are counted as one (QUA-5)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import msgspec

from backend.domain.items import Supplier
from backend.domain.result_kinds import Basis
from backend.domain.scorecards import Delivery, Figure, Looked, Reported, scorecard
from backend.store.aliases import same_ids
from backend.store.many import among
from backend.store.reader import Reader

_BASIS = msgspec.json.Decoder(Basis)


class Scorecard(msgspec.Struct, frozen=True):
    """Of the deliveries since an instant."""

    since: str
    figures: list[Figure]


class _Whose(NamedTuple):
    """A supplier with its aliases: a condition on lots of $1 and $2, and these. What was split off keeps its supplier,
    so the parts of a delivery are among them."""

    lots: str
    arguments: tuple[str, Any]

    @property
    def ids(self) -> str:
        """Its lots' ids, as a subquery."""
        return f"(select id from lot where {self.lots})"


class _Parts(NamedTuple):
    """Deliveries by id, with (lot id, instant); and by each receipt the delivery that its stock came with."""

    delivered: dict[str, tuple[str, str]]
    origin: dict[str, str]


async def scorecard_of(read: Reader, supplier_id: str, since: str, until: str = "9999") -> Scorecard:
    """Deliveries received from the instant `since` on, before `until`, with all that became of them until now."""
    supplier = await read.get(Supplier, supplier_id)
    same = among(read, "supplier_id", await same_ids(read, supplier.id), 2)
    whose = _Whose(f"site_id = $1 and {same.where}", (supplier.site_id, same.argument))
    lots = dict[str, str](await read.rows(f"select id, number from lot where {whose.lots}", *whose.arguments))
    parts = await _parts(read, whose, since, until)
    figures = scorecard(
        await _deliveries(read, whose, parts, lots),
        await _looked(read, whose, parts, lots),
        await _reports(read, whose, parts),
    )
    return Scorecard(since, figures)


async def _parts(read: Reader, whose: _Whose, since: str, until: str) -> _Parts:
    rows = await read.rows(
        "select id, coalesce(origin_id, id), lot_id, source, received_at from receipt "
        f"where lot_id in {whose.ids} order by received_at, id",
        *whose.arguments,
    )
    delivered = {
        id: (lot_id, at) for id, _, lot_id, source, at in rows if source == "delivery" and since <= at < until
    }
    return _Parts(delivered, {id: origin for id, origin, *_ in rows if origin in delivered})


async def _deliveries(read: Reader, whose: _Whose, parts: _Parts, lots: dict[str, str]) -> list[Delivery]:
    decided: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for receipt_id, decision, at in await read.rows(
        "select receipt_id, decision, decided_at from release where superseded_at is null and receipt_id in "
        f"(select id from receipt where lot_id in {whose.ids}) order by decided_at, id",
        *whose.arguments,
    ):
        if receipt_id in parts.origin:
            decided[parts.origin[receipt_id]].append((decision, at))
    rejected = {
        parts.origin.get(receipt_id)
        for (receipt_id,) in await read.rows(
            f"select distinct receipt_id from portion where status = 'rejected' and lot_id in {whose.ids}",
            *whose.arguments,
        )
    }
    return [
        Delivery(lots[lot_id], at, decided[id], id in rejected)
        for id, (lot_id, at) in parts.delivered.items()
    ]


async def _looked(read: Reader, whose: _Whose, parts: _Parts, lots: dict[str, str]) -> list[Looked]:
    """What was looked at first: no inspection after a rework, no second sample, no retest."""
    inspections = {
        id: lot_id
        for id, lot_id, receipt_id in await read.rows(
            f"select id, lot_id, receipt_id from inspection where lot_id in {whose.ids} and repeats is null "
            "and purpose is null and status in ('passed', 'failed') order by number",
            *whose.arguments,
        )
        if receipt_id in parts.delivered
    }
    chosen = among(read, "inspection_id", inspections)
    units = _counts(
        await read.rows(
            f"select inspection_id, count(*) from sample where {chosen.where} group by inspection_id",
            chosen.argument,
        )
    )
    measured = _counts(
        await read.rows(
            f"select inspection_id, count(distinct sample_id) from reading where {chosen.where} "
            "and status = 'current' and verdict = 'nonconforming' and sample_id is not null group by inspection_id",
            chosen.argument,
        )
    )
    counted: dict[str, int] = defaultdict(int)
    for inspection_id, value, basis in await read.rows(
        f"select inspection_id, value, basis from reading where {chosen.where} "
        "and status = 'current' and sample_id is null and value is not null",
        chosen.argument,
    ):
        if not (basis and _BASIS.decode(basis).inputs):  # what a formula makes of all samples counts nothing
            counted[inspection_id] += int(value)
    return [
        Looked(lots[lot_id], units.get(id, 0), measured.get(id, 0), counted[id])
        for id, lot_id in inspections.items()
    ]


async def _reports(read: Reader, whose: _Whose, parts: _Parts) -> list[Reported]:
    found = [
        row
        for row in await read.rows(
            f"select id, number, status, opened_at, receipt_id from ncr where lot_id in {whose.ids} order by number",
            *whose.arguments,
        )
        if row[4] in parts.origin
    ]
    chosen = among(read, "subject_id", [row[0] for row in found])
    steps: dict[str, dict[str, str]] = defaultdict(dict)
    for ncr_id, step, at in await read.rows(
        f"select subject_id, type, at from event where {chosen.where} "
        "and type in ('ncr_contained', 'ncr_disposed') order by seq",
        chosen.argument,
    ):
        steps[ncr_id].setdefault(step, at)
    return [
        Reported(
            id,
            number,
            status == "closed",
            opened_at,
            steps[id].get("ncr_contained"),
            steps[id].get("ncr_disposed"),
        )
        for id, number, status, opened_at, _ in found
    ]


def _counts(rows: Any) -> dict[str, int]:
    return {id: int(count) for id, count in rows}
