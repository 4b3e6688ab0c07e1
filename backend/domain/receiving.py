"""The rules of receiving: which expected delivery it is, and what stands against taking it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.items import OrderLine
from backend.domain.labels import LACKING, LabelReading, merge, read_label
from backend.domain.lots import Lot, ScannedCode
from backend.domain.material_units import Converted
from backend.domain.opening import OpenedInspection

Trouble = Literal["papers_missing", "goods_damaged", "goods_doubtful"]
"""What the receiver sees and no label says: the receipt is taken in and held until quality lifts it."""
EXPIRY_NEAR = timedelta(days=90)
"""A lot that expires sooner is pointed out at receiving; whether it is of use, a person says."""


class Received(msgspec.Struct, frozen=True):
    """What has come of it."""

    receipt_id: str
    lot_id: str
    lot_number: str
    quantity: Decimal
    location_id: str
    inspection: OpenedInspection | None
    entered: Converted | None = None
    """How the quantity was said, where that was in another unit than the stock unit."""
    not_qualified: list[Reason] = []
    """Why its supplier may not deliver it; then the receipt is held (LOT-13)."""


class Wanted(msgspec.Struct, frozen=True):
    """What is to be received, in stock units and ISO days."""

    supplier_lot: str
    quantity: Decimal
    made_on: str | None
    expires_on: str | None
    entered: Converted | None = None

    def reasons(self, line: OrderLine, today: str) -> list[Reason]:
        """Every reason against it."""
        found = []
        if self.quantity <= 0:
            found.append(Reason("quantity_not_positive", {"quantity": str(self.quantity)}, "quantity"))
        open_quantity = line.quantity - line.received
        if self.quantity > open_quantity:
            facts = {
                "quantity": format(self.quantity, "f"),
                "open": format(open_quantity, "f"),
                "order": f"{line.purchase_order}/{line.line}",
            }
            found.append(Reason("quantity_over_order", dict(facts), "quantity"))
        if self.expires_on is not None and self.expires_on < today:
            found.append(Reason("lot_expired", {"expiry": self.expires_on}, "expires_on"))
        return found


def read_codes(codes: list[ScannedCode], today: date) -> LabelReading | None:
    """What the codes of one label say together; None where nothing was scanned.

    Refused with the label's own reason where it is no label, wrong, or ambiguous (LBL-2), and where two
    codes belong to different products (LBL-4). What one code lacks may stand in another.
    """
    together: LabelReading | None = None
    readings = [read_label(code.text, code.symbology_id, today=today) for code in codes]
    for reading in sorted(readings, key=lambda each: each.device_identifier is None):
        if reading.error is not None and reading.error.code != LACKING:
            raise Refused(msgspec.structs.replace(reading.error, field="codes"))
        merged = merge(together, reading) if together is not None else reading
        if merged is None:
            raise Refused(Reason("codes_of_different_products", field="codes"))
        if merged.error is not None and merged.error.code != LACKING:
            raise Refused(msgspec.structs.replace(merged.error, field="codes"))
        together = merged
    if together is not None and together.error is not None:
        raise Refused(msgspec.structs.replace(together.error, field="codes"))
    return together


def choose_line(
    lines: list[OrderLine], named: Sequence[Sequence[str | None]] | None, identifier: str | None
) -> OrderLine:
    """The one expected delivery that fits; several are asked about, never guessed (LOT-1).

    `named`: (item id, supplier id or None) pairs that the label's device identifier stands for; None
    where no label says anything.
    """
    if named is not None and not named:
        raise Refused(Reason("item_unknown", {"device_identifier": identifier}, "codes"))
    fitting = [line for line in lines if named is None or _fits(line, named)]
    if len(fitting) == 1 and (named is not None or len(lines) == 1):
        return fitting[0]
    if not fitting:
        raise Refused(Reason("delivery_not_expected", {"device_identifier": identifier}, "order_line_id"))
    choices = [f"{line.purchase_order}/{line.line}" for line in fitting]
    raise Refused(
        Reason("delivery_choose", {"choices": choices, "ids": [line.id for line in fitting]}, "order_line_id")
    )


def _fits(line: OrderLine, named: Sequence[Sequence[str | None]]) -> bool:
    return any(
        line.item_id == item_id and supplier_id in (None, line.supplier_id) for item_id, supplier_id in named
    )


def expiry_near(expires_on: str | None, today: date) -> list[Reason]:
    """A lot that is still good but not for long, with the days that are left."""
    if expires_on is None:
        return []
    left = date.fromisoformat(expires_on) - today
    if not timedelta(0) <= left < EXPIRY_NEAR:
        return []
    return [Reason("expiry_near", {"expiry": expires_on, "days": left.days})]


def expiry_conflict(known: Lot | None, expires_on: str | None) -> list[Reason]:
    """A different expiry for the same lot stops the flow; none at all never blanks the stored one (LBL-5)."""
    if known is None or known.expires_on is None or expires_on in (None, known.expires_on):
        return []
    facts = {"lot": known.number, "stored": known.expires_on, "label": expires_on}
    return [Reason("expiry_differs", dict(facts), "expires_on")]
