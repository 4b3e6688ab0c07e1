"""Which lots share anything with these: factors of the lots in question against others of the same items (LOT-12)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.common_causes import Cause, Factor, common_causes
from backend.domain.recalls import Basis
from backend.store.aliases import same_as_any
from backend.store.closure import FROM_TO
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.seeds import seeds

OTHERS = 300
"""How many other lots of the same items are compared with, the nearest in time."""


class CommonCauses(msgspec.Struct, frozen=True):
    """The lots in question, how many others they were compared with, and what they share."""

    lots: list[str]
    others: int
    causes: list[Cause]


async def shared_by(read: Reader, site_id: str, basis: Basis) -> CommonCauses:
    """Of the lots that a basis singles out."""
    cases = await seeds(read, site_id, basis)
    chosen = among(read, "id", cases)
    numbers = await read.rows(f"select number from lot where {chosen.where} order by number", chosen.argument)
    others = await _others(read, site_id, cases)
    factors = await _factors(read, [*cases, *others])
    found = common_causes(
        {case: factors[case] for case in cases}, {other: factors[other] for other in others}
    )
    return CommonCauses([row[0] for row in numbers], len(others), found)


async def _others(read: Reader, site_id: str, cases: Sequence[str]) -> list[str]:
    """Lots of the same items that are not in question: as many before as after the middle of those that are."""
    these = among(read, "id", cases)
    rows = await read.rows(
        f"select created_at, item_id from lot where {these.where} order by created_at", these.argument
    )
    if not rows:
        return []
    at = rows[len(rows) // 2][0]
    which = among(read, "item_id", await same_as_any(read, sorted({row[1] for row in rows})), 4)
    chosen = among(read, "id", cases, 2)
    of_items = f"site_id = $1 and {which.where} and not ({chosen.where})"
    found: list[str] = []
    for compared, way in (("<=", "desc"), (">", "asc")):
        nearest = await read.rows(
            f"select id from lot where {of_items} and created_at {compared} $3 "
            f"order by created_at {way}, id limit {OTHERS // 2}",
            site_id,
            chosen.argument,
            at,
            which.argument,
        )
        found += [row[0] for row in nearest]
    return found


async def _factors(read: Reader, lot_ids: Sequence[str]) -> dict[str, set[Factor]]:
    """Of each lot: what went into it, however far up, and with what it was made, by whom, measured with what."""
    factors: dict[str, set[Factor]] = {lot_id: set() for lot_id in lot_ids}
    here, there = FROM_TO["up"]
    begin = among(read, "lot.id", lot_ids)
    pairs = await read.rows(
        f"with recursive up(start, id) as (select lot.id, lot.id from lot where {begin.where} "
        f"union select up.start, consumption.{there} from consumption join up on consumption.{here} = up.id) "
        "select start, id from up",
        begin.argument,
    )
    of: dict[str, set[Factor]] = {}
    everything = sorted({row[1] for row in pairs})
    for lot_id, factor in await _own(read, everything):
        of.setdefault(lot_id, set()).add(factor)
    number = await _numbers(read, everything)
    for start, lot_id in pairs:
        factors[start] |= of.get(lot_id, set())
        if lot_id != start:
            factors[start].add(Factor("lot", number[lot_id]))
    return factors


async def _numbers(read: Reader, lot_ids: Sequence[str]) -> dict[str, str]:
    chosen = among(read, "id", lot_ids)
    return dict(await read.rows(f"select id, number from lot where {chosen.where}", chosen.argument))


_OWN = (
    "select lot.id, 'supplier', supplier.code from lot join supplier on supplier.id = lot.supplier_id where {lot}",
    "select lot.id, 'supplier_lot', lot.supplier_lot from lot where lot.supplier_lot is not null and {lot}",
    "select lot_id, kind, code from process_fact where kind <> 'parameter' and {of}",
    "select child_lot_id, 'operator', person.login from consumption join person on person.id = person_id "
    "where kind is null and {child}",
    "select inspection.lot_id, 'gauge', gauge.code from inspection join reading on inspection_id = inspection.id "
    "join gauge on gauge.id = gauge_id where {inspected}",
)


async def _own(read: Reader, lot_ids: Sequence[str]) -> list[tuple[str, Factor]]:
    columns = {"lot": "lot.id", "of": "lot_id", "child": "child_lot_id", "inspected": "inspection.lot_id"}
    found = []
    for question in _OWN:
        chosen = {name: among(read, column, lot_ids) for name, column in columns.items()}
        sql = question.format(**{name: each.where for name, each in chosen.items()})
        rows = await read.rows(sql, chosen["lot"].argument)
        found += [(row[0], Factor(row[1], row[2])) for row in rows]
    return found
