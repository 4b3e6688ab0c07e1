"""What left for whom, and what came back of it (LOT-7, LOT-11, ISO 13485 7.5.9.2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from backend.domain.errors import Reason
from backend.domain.lots import SHIPPABLE, Lot, Portion
from backend.domain.retests import due


class Shipment(msgspec.Struct, frozen=True):
    """One consignment; `papers` names what was delivered with it."""

    id: str
    site_id: str
    number: str
    consignee_id: str
    order_number: str
    carrier: str
    waybill: str
    papers: list[str]
    shipped_by: str
    shipped_at: str
    device_at: str | None = None


class ShipmentLine(msgspec.Struct, frozen=True):
    """A quantity of one portion of a lot, in the item's stock unit."""

    id: str
    site_id: str
    shipment_id: str
    lot_id: str
    portion_id: str
    quantity: Decimal
    serials: list[str]


class CustomerReturn(msgspec.Struct, frozen=True):
    """What came back of a line: a receipt of its own with an inspection of its own (LOT-7)."""

    id: str
    site_id: str
    number: str
    shipment_line_id: str
    lot_id: str
    receipt_id: str
    quantity: Decimal
    reason: str
    returned_by: str
    at: str


class WishedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of which lot goes out, by our number; quantity in its stock unit, as text."""

    lot_number: str
    quantity: str
    serials: list[str] = []


def against_shipping(
    lot: Lot, portions: Sequence[Portion], there: Decimal, quantity: Decimal, today: str, field: str
) -> list[Reason]:
    """Why so much of a lot may not leave; `there`: what of it may (REL-6, REL-9, LOT-11)."""
    found = [msgspec.structs.replace(reason, field=f"{field}.lot_number") for reason in due(lot, today)]
    if quantity <= 0:
        found.append(
            Reason("quantity_not_positive", {"quantity": format(quantity, "f")}, f"{field}.quantity")
        )
    elif quantity > there:
        facts = {"lot": lot.number, "status": lot.status, "shippable": format(there, "f")}
        waiting = any(portion.status == "conditional" and portion.quantity > 0 for portion in portions)
        code = "conditional_not_shipped" if waiting else "not_enough_shippable"
        found.append(Reason(code, dict(facts), f"{field}.quantity"))
    return found


def shippable(portions: Sequence[Portion]) -> Decimal:
    """What of these may leave at most; the end of a concession is not looked at here."""
    return sum((each.quantity for each in portions if each.status in SHIPPABLE), Decimal(0))
