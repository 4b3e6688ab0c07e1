"""The ledger of a lot, read in one statement however long its history is (LOT-9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from backend.domain.ledger import Ledger, ledger
from backend.store.reader import Reader

# Decimals are added here and not in the database: SQLite would add them as floats.
_SUMS = (
    "select 'lies', status, string_agg(cast(quantity as text), ' ') from portion where lot_id = $1 "
    "group by status union all "
    "select 'moved', kind, string_agg(cast(quantity as text), ' ') from movement where lot_id = $1 group by kind"
)


async def lot_ledger(read: Reader, lot_id: str) -> Ledger:
    """By the lot's id."""
    sums: dict[str, dict[Any, Decimal]] = {"lies": {}, "moved": {}}
    for table, name, quantities in await read.rows(_SUMS, lot_id):
        sums[table][name] = sum(map(Decimal, quantities.split(" ")), Decimal(0))
    return ledger(sums["lies"], sums["moved"])
