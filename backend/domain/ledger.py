"""The quantity ledger of a lot: what came in is what lies there, decided or not, and what went out (LOT-9).

All in the item's stock unit. What came and went is read from the movements, what lies there from the portions, so
that each checks the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from backend.domain.lots import MovementKind, PortionStatus

ZERO = Decimal(0)

# A movement of each kind counts as this column of the ledger; a move within the lot counts as nothing.
COLUMN_OF: dict[MovementKind, str | None] = {
    "received": "received",
    "produced": "received",
    "split_in": "received",
    "merged_in": "merged_in",
    "returned_in": "returned_in",
    "consumed": "consumed",
    "shipped": "shipped",
    "returned_out": "shipped",
    "scrapped": "scrapped",
    "sampled": "sampled",
    "split_off": "split_off",
    "merged_away": "merged_away",
    "moved": None,
    "rejected": None,
}
# Stock with each status counts as this column.
HEAP_OF: dict[PortionStatus, str] = {
    "quarantine": "undecided",
    "inspecting": "undecided",
    "production_released": "undecided",
    "released": "released",
    "conditional": "released",
    "conceded": "released",
    "held": "held",
    "recalled": "held",
    "rejected": "rejected",
}


class Ledger(msgspec.Struct, frozen=True):
    """Left: what came in. Right: what lies there and what went out. `released` holds what is conceded or at risk."""

    received: Decimal
    merged_in: Decimal
    returned_in: Decimal

    undecided: Decimal
    released: Decimal
    held: Decimal
    rejected: Decimal

    consumed: Decimal
    shipped: Decimal
    """To customers, or back to the supplier."""
    scrapped: Decimal
    sampled: Decimal
    split_off: Decimal
    merged_away: Decimal

    @property
    def difference(self) -> Decimal:
        """What came in less what is accounted for: zero, or the records contradict each other."""
        on_hand = self.undecided + self.released + self.held + self.rejected
        gone = self.consumed + self.shipped + self.scrapped + self.sampled + self.split_off + self.merged_away
        return self.received + self.merged_in + self.returned_in - on_hand - gone


def ledger(lying: Mapping[PortionStatus, Decimal], moved: Mapping[MovementKind, Decimal]) -> Ledger:
    """From the portions of a lot added up by status, and its movements added up by kind."""
    columns = dict.fromkeys(Ledger.__struct_fields__, ZERO)
    for name, quantity in [
        *((HEAP_OF[status], quantity) for status, quantity in lying.items()),
        *((COLUMN_OF[kind], quantity) for kind, quantity in moved.items()),
    ]:
        if name is not None:
            columns[name] += quantity
    return Ledger(**columns)
