"""What lots went into and what they were made of, however far: over consumption, split, merge and rework alike.

Two walks that find the same lots (LOT-10). `closure` is one recursive statement and gives ids. `spread` lets it find
them and reads each with its edges and whatever is shown of it in the same statement; distances come from the edges.
Each lot is kept once, so that both end on a cycle too, and cost what their edges cost (ADR 36).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

import msgspec

from backend.domain.words import Words
from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.tables import Dialect

Way = Literal["down", "up"]
FROM_TO: dict[Way, tuple[str, str]] = {
    "down": ("parent_lot_id", "child_lot_id"),
    "up": ("child_lot_id", "parent_lot_id"),
}
IDS: dict[Dialect, str] = {
    "sqlite": "(select value as id from json_each($1)) asked",
    "postgres": "unnest($1::text[]) asked(id)",
}
CHUNK = 1000
"""Lots that one statement reads: a long read lets others in between."""
EDGE: Literal[3] = 3
"""Words of an edge: the other lot, quantity, kind."""


Spread = tuple[int, list[str], Row]
"""A lot that a walk came to: how many steps from where it began; its edges as words, in no order: EDGE each, or the
other lot alone; and as it was read: id, edges, and what was asked for of it."""


words_of = lru_cache(4096)(msgspec.json.Decoder(Words).decode)
"""The name of a lot's item, as its row has it; many lots share one."""


def added_up(listed: str | None) -> Decimal:
    """Quantities that one text of a row lists."""
    parts = listed.split(" ") if listed else ()
    return Decimal(parts[0]) if len(parts) == 1 else sum(map(Decimal, parts), Decimal(0))


def walk(way: Way, where: str) -> str:
    """`with recursive reached(id) ...` from the lots for which `where` holds; they are among what is reached."""
    here, there = FROM_TO[way]
    return (
        f"with recursive reached(id) as (select lot.id from lot where {where} "
        f"union select {there} from consumption join reached on {here} = reached.id) "
    )


async def closure(read: Reader, lot_ids: Iterable[str], way: Way = "down") -> list[str]:
    """Ids of these lots and of every lot that something of them went into (`up`: that went into them)."""
    begin = among(read, "lot.id", lot_ids)
    rows = await read.rows(f"{walk(way, begin.where)}select id from reached order by id", begin.argument)
    return [row[0] for row in rows]


@cache
def looking_up(dialect: Dialect, way: Way, words: int, shown: str, joined: str, asked: str) -> str:
    """Lots with the edges that leave them, by the ids of `asked`; that, `shown` and `joined` are SQL.

    PostgreSQL would rather read whole tables than look a few hundred lots up: `offset 0` keeps it from that.
    """
    here, there = FROM_TO[way]
    edge = f"{there} || ' ' || quantity || ' ' || coalesce(kind, 'consumed')" if words == EDGE else there
    edges = f"(select string_agg({edge}, ' ') from consumption where {here} = lot.id)"
    if dialect == "sqlite":
        return f"select lot.id, {edges}, {shown} from {asked} cross join lot on lot.id = asked.id {joined}"
    lot = f"select lot.*, {edges} as edges from lot where lot.id = asked.id offset 0"
    lots = f"select found.* from {asked} cross join lateral ({lot}) found offset 0"
    return f"select lot.id, lot.edges, {shown} from ({lots}) lot {joined}"


async def spread(
    read: Reader,
    starts: Sequence[str],
    way: Way,
    shown: str,
    joined: str = "",
    words: Literal[1, 3] = EDGE,
    most: int | None = None,
) -> dict[str, Spread]:
    """By id, the nearest first. Past `most` edges no step is taken any more: an edge may then lead to a
    lot that is not there."""
    by_ids = looking_up(read.dialect, way, words, shown, joined, IDS[read.dialect])
    begin = among(read, "lot.id", starts)
    all_of_them = walk(way, begin.where) + looking_up(
        read.dialect, way, words, shown, joined, "reached asked"
    )
    limit = f" limit {most + 1}" if most is not None else ""
    ahead = {row[0]: row for row in await read.rows(all_of_them + limit, begin.argument)}
    found: dict[str, Spread] = {}
    front, depth, edges = list(dict.fromkeys(starts)), 0, 0
    while front and (most is None or edges <= most * words):
        rows = [ahead[lot_id] for lot_id in front if lot_id in ahead]
        missing = [lot_id for lot_id in front if lot_id not in ahead]
        for start in range(0, len(missing), CHUNK):
            rows += await read.rows(by_ids, among(read, "", missing[start : start + CHUNK]).argument)
        beyond: set[str] = set()
        for row in rows:
            listed = row[1].split(" ") if row[1] else []
            found[row[0]] = (depth, listed, row)
            edges += len(listed)
            beyond.update(listed[::words])
        front = sorted(beyond - found.keys())
        depth += 1
    return found
