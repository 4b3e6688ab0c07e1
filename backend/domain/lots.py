"""The lot, what arrived of it, the portions it lies in, and how their status adds up to the lot's."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.material_units import Converted
from backend.domain.steps import Step

PortionStatus = Literal[
    "quarantine", "inspecting", "production_released", "conditional", "conceded", "released", "held", "rejected",
    "recalled",
]  # fmt: skip
MovementKind = Literal[
    "received", "moved", "consumed", "produced", "rejected", "split_in", "split_off", "merged_in", "merged_away",
    "returned_in", "returned_out", "shipped", "scrapped", "sampled",
]  # fmt: skip
ReceiptSource = Literal["delivery", "production", "split", "merge", "return", "opening"]
LotStatus = Literal["in_production", "consumed", PortionStatus]


class Lot(msgspec.Struct, frozen=True):
    """One lot, ours by number; a supplier's lot is (item, supplier, supplier lot), never the number alone (LOT-1).

    `status` is derived from its portions by `derived_status` and kept for lists; dates are ISO days.
    """

    id: str
    site_id: str
    number: str
    item_id: str
    supplier_id: str | None
    supplier_lot: str | None
    production_order: str | None
    made_on: str | None
    expires_on: str | None
    status: LotStatus
    created_at: str
    version: int = 1
    split_from: str | None = None
    """The lot that it was split off; a supplier's lot number names the whole, never a part."""
    retest_on: str | None = None
    """The last day on which it may be used without another inspection (REL-8)."""


class ScannedCode(msgspec.Struct, frozen=True):
    """What a reader saw: the text with \\x1d for FNC1, the symbology id (`]d2`), the picture's hash if kept."""

    text: str
    symbology_id: str = ""
    picture: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """One entry of a lot into stock: a delivery, what a production order finished, a split, a merger, a return, or
    what lay here already when Lotgate began.

    A second delivery of the same supplier lot is a second receipt with its own inspection (LOT-2).
    `codes` are the scanned originals, kept as they came (LBL-7).
    """

    id: str
    site_id: str
    lot_id: str
    source: ReceiptSource
    order_line_id: str | None
    quantity: Decimal
    codes: list[ScannedCode]
    attachments: list[str]
    received_by: str
    received_at: str
    device_at: str | None
    version: int = 1
    origin_id: str | None = None
    """Of a split: the receipt whose inspections speak for it (LOT-3)."""
    entered: Converted | None = None
    """As it was said, where that was in another unit (LOT-8)."""


class Portion(msgspec.Struct, frozen=True):
    """A quantity or container of one receipt at one location with one status (LOT-11, LOT-14)."""

    id: str
    site_id: str
    lot_id: str
    receipt_id: str
    quantity: Decimal
    status: PortionStatus
    location_id: str
    container: str | None = None
    version: int = 1
    release_id: str | None = None
    """The decision that it stands under; None: undecided, or decided before decisions named their parts."""


class SerialUnit(msgspec.Struct, frozen=True):
    """One serialised piece of a lot."""

    id: str
    site_id: str
    lot_id: str
    receipt_id: str
    serial: str


class Movement(msgspec.Struct, frozen=True):
    """One line of the movement ledger, in the item's stock unit. Never changed, never deleted."""

    id: str
    site_id: str
    lot_id: str
    portion_id: str
    kind: MovementKind
    quantity: Decimal
    from_location_id: str | None
    to_location_id: str | None
    person_id: str
    at: str
    entered: Converted | None = None
    """As it was said, where that was in another unit (LOT-8)."""


class Hold(msgspec.Struct, frozen=True):
    """Why a lot must not be used; lifted by a decision, never deleted."""

    id: str
    site_id: str
    lot_id: str
    receipt_id: str | None
    code: str
    ncr_id: str | None
    opened_at: str
    lifted_at: str | None = None
    version: int = 1


# step, from, to
# fmt: off
PORTION_STEPS = (
    Step("start_inspection", ("quarantine", "inspecting"), "inspecting"),
    Step("hold", ("quarantine", "inspecting", "production_released", "conditional", "conceded", "released", "held"),
         "held"),
    Step("resume", ("held",), "inspecting"),
    # What was held, where that leaves the decision in force: `holds.LIFTS`.
    Step("restore", ("held",), "released"),
    Step("restore_production", ("held",), "production_released"),
    Step("restore_conditional", ("held",), "conditional"),
    Step("restore_concession", ("held",), "conceded"),
    # The contract maker's own release; market release is the second gate (REL-9).
    Step("production", ("quarantine", "inspecting", "conditional"), "production_released"),
    Step("release", ("quarantine", "inspecting", "production_released", "conditional"), "released"),
    # Released on paper before Lotgate, and taken over by a signature of its own (ADR 38).
    Step("take_over", ("quarantine", "inspecting", "production_released", "conditional"), "released"),
    # After a retest that was accepted (REL-8).
    Step("renew", ("held", "released"), "released"),
    Step("conditional", ("quarantine", "inspecting"), "conditional"),
    Step("concession", ("quarantine", "inspecting", "production_released", "conditional"), "conceded"),
    # A disposition may have rejected it before the decision is signed.
    Step("reject", ("quarantine", "inspecting", "production_released", "conditional", "held", "rejected"), "rejected"),
    # What its decision rests on has changed: it has to be decided anew (REL-5).
    Step("suspend", ("production_released", "conditional", "conceded", "released"), "inspecting"),
    # Whatever of it is not rejected already (QUA-6).
    Step("recall", ("quarantine", "inspecting", "production_released", "conditional", "conceded", "released", "held",
         "recalled"), "recalled"),
)
# fmt: on
RESTORED_BY = {
    "release": "restore",
    "production": "restore_production",
    "conditional": "restore_conditional",
    "concession": "restore_concession",
    "take_over": "restore",
}
"""The step that puts held stock back as a decision in force has it."""
DECIDED: tuple[PortionStatus, ...] = ("production_released", "conditional", "conceded", "released")
"""What stands under a decision and waits for nothing but use or the next gate."""
SHIPPABLE: tuple[PortionStatus, ...] = ("released", "conceded")
"""What may leave: never what is used at risk (REL-6), nor what only its contract maker has released (REL-9)."""
USABLE: tuple[PortionStatus, ...] = ("released", "conceded", "conditional")
"""What production may draw on; what was drawn at risk blocks the release of what was made of it (REL-6)."""
MAY_STAND: dict[str, tuple[PortionStatus, ...]] = {
    "released": ("released", "conceded"),
    "shipping": ("released", "conceded"),
    "production": USABLE,
}
"""Places for stock with these statuses only; what is used at risk may go to production and never be shipped."""

# The loudest of what lies there speaks for the lot.
_LOUDEST: tuple[LotStatus, ...] = (
    "recalled", "held", "inspecting", "quarantine", "production_released", "conditional", "conceded", "released",
    "rejected",
)  # fmt: skip


def derived_status(portions: Iterable[Portion]) -> LotStatus:
    """What a scan of the lot shows: the loudest status among portions that still hold something (LOT-11)."""
    present = {portion.status for portion in portions if portion.quantity > 0}
    return next((status for status in _LOUDEST if status in present), "consumed")
