"""What lots went into and what they were made of, however far: over consumption, split, merge, rework alike (LOT-10).

One recursive statement gives ids. Each lot is kept once, so that it ends on a cycle too and costs what its edges cost.
A trace, which shows the edges as well, walks by `tracing.walk_edges` and finds the same lots.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from backend.domain.words import Words
from backend.store.many import among
from backend.store.reader import Reader

Way = Literal["down", "up"]
FROM_TO: dict[Way, tuple[str, str]] = {
    "down": ("parent_lot_id", "child_lot_id"),
    "up": ("child_lot_id", "parent_lot_id"),
}

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
