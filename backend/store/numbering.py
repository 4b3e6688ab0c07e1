"""The next number of a kind at a site; the writer is alone, so two commands never get the same."""

from __future__ import annotations

from backend.domain.numbers import next_number, year_prefix
from backend.store.change import Change


async def number(tx: Change, kind: str) -> str:
    """`L26-000124` after `L26-000123`."""
    prefix = year_prefix(kind, tx.now)
    rows = await tx.rows(
        f"select number from {kind} where site_id = $1 and number >= $2 and number < $3 "
        "order by number desc limit 1",
        tx.who.site_id,
        prefix,
        prefix + ":",  # the character after 9
    )
    return next_number(prefix, rows[0][0] if rows else None)
