"""Rework: an operation of its own on stock that a report disposed so (LOT-6, ISO 13485 8.3.4).

It is linked to the report and to the inspection that repeats what failed. Nothing of the stock is released before it is
finished and inspected again; what was inspected before it was finished is inspected once more.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.steps import Step


class Rework(msgspec.Struct, frozen=True):
    """One rework. `quantity` in the item's stock unit; `line`, `equipment`: codes, where it was done."""

    id: str
    site_id: str
    number: str
    ncr_id: str
    lot_id: str
    receipt_id: str
    inspection_id: str
    """The inspection that is repeated: the one that failed, or the last of the stock where a person saw the fault."""
    instruction: str
    quantity: Decimal
    opened_by: str
    opened_at: str
    status: Literal["open", "done"] = "open"
    done: str | None = None
    """What was done, in words."""
    reworked: Decimal | None = None
    line: str | None = None
    equipment: str | None = None
    done_by: str | None = None
    done_at: str | None = None
    version: int = 1


REWORK_STEPS = (Step("finish", ("open",), "done"),)


def against_finishing(rework: Rework, done: str, reworked: Decimal) -> list[Reason]:
    """It says what was done, to no more than there was and to some of it; where nothing was left, to nothing."""
    found = []
    if not done.strip():
        found.append(Reason("rework_unsaid", field="done"))
    if not (0 < reworked <= rework.quantity or reworked == rework.quantity):
        facts = {"stated": format(reworked, "f"), "most": format(rework.quantity, "f")}
        found.append(Reason("rework_quantity", dict(facts), "quantity"))
    return found
