"""Splitting and merging lots, and taking stock out: what may go with what, and what becomes of it (LOT-3, LOT-4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.lots import Lot, Portion, PortionStatus
from backend.domain.shares import Taken

Fate = Literal["sampled", "scrapped", "returned_out"]

# What may be taken out for good, from stock with which status.
TAKEN_FROM: dict[Fate, tuple[PortionStatus, ...]] = {
    # Destructive tests, before the decision (SMP-9).
    "sampled": ("quarantine", "inspecting", "held"),
    # Rejected by a decision or by a disposition, or recalled (ISO 13485 8.3).
    "scrapped": ("rejected", "recalled"),
    "returned_out": ("rejected", "recalled"),
}
# Merging stock with these statuses gives this one, by the first row that holds them all. What is not here is
# refused: held with released, rejected, recalled, and what is bound to terms of its own (LOT-4).
MERGED: tuple[tuple[frozenset[PortionStatus], PortionStatus], ...] = (
    (frozenset({"released"}), "released"),
    (frozenset({"quarantine", "inspecting", "released"}), "quarantine"),
    (frozenset({"held", "quarantine", "inspecting"}), "held"),
)


def against_nothing(taken: Sequence[Taken]) -> list[Reason]:
    """Somebody has to say how much of what."""
    return [] if taken else [Reason("shares_missing", field="shares")]


def against_taking(fate: Fate, taken: Sequence[Taken]) -> list[Reason]:
    """What of it may not be taken out like this."""
    return [
        Reason("fate_not_allowed", {"fate": fate, "status": each.portion.status}, f"shares.{place}")
        for place, each in enumerate(taken)
        if each.portion.status not in TAKEN_FROM[fate]
    ]


def against_splitting(taken: Sequence[Taken]) -> list[Reason]:
    """Stock that is used at risk is decided as a whole, so it stays one; what is recalled stays as it was found."""
    codes = {"conditional": "split_at_risk", "recalled": "split_recalled"}
    return [
        Reason(codes[each.portion.status], field=f"shares.{place}")
        for place, each in enumerate(taken)
        if each.portion.status in codes
    ]


def merged_status(portions: Sequence[Portion]) -> PortionStatus | None:
    """The status of what these portions become together; None: they do not mix."""
    present = frozenset(portion.status for portion in portions if portion.quantity > 0)
    return next((status for among, status in MERGED if present and present <= among), None)


def against_merging(lots: Sequence[Lot], portions: Sequence[Portion]) -> list[Reason]:
    """Why these lots may not become one."""
    found = []
    if len({lot.id for lot in lots}) < 2:
        found.append(Reason("merge_needs_two", field="numbers"))
    elif len({lot.id for lot in lots}) < len(lots):
        found.append(Reason("merge_names_twice", field="numbers"))
    if len({lot.item_id for lot in lots}) > 1:
        found.append(Reason("merge_of_different_items", {"lots": [lot.number for lot in lots]}, "numbers"))
    lying = {portion.lot_id for portion in portions if portion.quantity > 0}
    found += [
        Reason("nothing_to_merge", {"lot": lot.number}, f"numbers.{place}")
        for place, lot in enumerate(lots)
        if lot.id not in lying
    ]
    statuses = sorted({portion.status for portion in portions if portion.quantity > 0})
    if statuses and merged_status(portions) is None:
        found.append(Reason("merge_of_statuses", {"statuses": [str(each) for each in statuses]}, "numbers"))
    return found


class Merged(msgspec.Struct, frozen=True):
    """What is known of a lot that several became: the earliest dates, and the supplier where it is the same."""

    supplier_id: str | None
    made_on: str | None
    expires_on: str | None
    retest_on: str | None


def merged_facts(lots: Sequence[Lot]) -> Merged:
    """The worst of what the parents say: the earliest expiry (LOT-4)."""
    suppliers = {lot.supplier_id for lot in lots}
    return Merged(
        suppliers.pop() if len(suppliers) == 1 else None,
        min((lot.made_on for lot in lots if lot.made_on), default=None),
        min((lot.expires_on for lot in lots if lot.expires_on), default=None),
        min((lot.retest_on for lot in lots if lot.retest_on), default=None),
    )
