"""What lots went into and what they were made of, however far: over consumption, split, merge and rework alike.

Two walks that find the same lots (LOT-10). `closure` is one recursive statement and gives ids. `spread` goes a step
at a time and reads each edge once, with whatever is shown of a lot; behind DEEP steps it lets the other one find what
is left. Each lot is kept once, so that both end on a cycle too, and cost what their edges cost (ADR 36).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from msgspec.json import encode

from backend.store.database import Row
from backend.store.many import among
from backend.store.reader import Reader
from backend.store.tables import Dialect

Way = Literal["down", "up"]
FROM_TO: dict[Way, tuple[str, str]] = {
    "down": ("parent_lot_id", "child_lot_id"),
    "up": ("child_lot_id", "parent_lot_id"),
}
DEEP = 48
CHUNK = 1000
"""Lots that one statement reads: a long read lets others in between."""
EDGE = 3
"""Words of an edge: the other lot, quantity, kind."""


Spread = tuple[int, list[str], Row]
"""A lot that a walk came to: how many steps from where it began; its edges as words, EDGE each, in no order; and as
it was read: id, edges, and what was asked for of it."""


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
def stepping(dialect: Dialect, way: Way, shown: str, joined: str) -> str:
    """Lots by their ids, in their order, with the edges that leave them; `shown` and `joined` are SQL.

    PostgreSQL would rather read whole tables than look a few hundred lots up: `offset 0` keeps it from that.
    """
    here, there = FROM_TO[way]
    words = f"{there} || ' ' || quantity || ' ' || coalesce(kind, 'consumed')"
    edges = f"(select string_agg({words}, ' ') from consumption where {here} = lot.id)"
    if dialect == "sqlite":
        return f"select lot.id, {edges}, {shown} from json_each($1) cross join lot on lot.id = value {joined}"
    return (
        "select found.* from unnest($1::text[]) asked(id) cross join lateral "
        f"(select lot.id, {edges}, {shown} from lot {joined} where lot.id = asked.id offset 0) found"
    )


async def spread(
    read: Reader,
    starts: Sequence[str],
    way: Way,
    shown: str,
    joined: str = "",
    most: int | None = None,
) -> dict[str, Spread]:
    """By id, in the order of their distance. Past `most` edges no step is taken any more: an edge may then lead to a
    lot that is not there."""
    statement = stepping(read.dialect, way, shown, joined)
    found: dict[str, Spread] = {}
    ahead: dict[str, Row] = {}
    front, depth, edges = list(dict.fromkeys(starts)), 0, 0
    while front and (most is None or edges <= most):
        if depth == DEEP:
            ahead = {row[0]: row for row in await _read(read, statement, await closure(read, front, way))}
        rows = [ahead[each] for each in front] if ahead else await _read(read, statement, front)
        beyond: dict[str, None] = {}
        for row in rows:
            words = row[1].split(" ") if row[1] else []
            found[row[0]] = (depth, words, row)
            edges += len(words) // EDGE
            beyond.update(dict.fromkeys(words[::EDGE]))
        front = [lot_id for lot_id in beyond if lot_id not in found]
        depth += 1
    return found


async def _read(read: Reader, statement: str, lot_ids: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for start in range(0, len(lot_ids), CHUNK):
        some = lot_ids[start : start + CHUNK]
        rows += await read.rows(statement, encode(some).decode() if read.dialect == "sqlite" else some)
    return rows
