"""The nonconformity report: opened once per item and lot, contained, disposed, followed up, closed (QUA-1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.steps import Step

Disposition = Literal["use_as_is", "rework", "return_to_supplier", "scrap"]


class Ncr(msgspec.Struct, frozen=True):
    """One nonconformity of one lot. Quantities in the item's stock unit."""

    id: str
    site_id: str
    number: str
    lot_id: str
    receipt_id: str
    inspection_id: str
    characteristic: str
    reading_id: str
    severity: Literal["critical", "major", "minor"]
    status: Literal["open", "contained", "disposed", "closed"]
    quantity: Decimal
    owner_id: str | None
    due_on: str
    opened_at: str
    containment: str | None = None
    disposition: Disposition | None = None
    justification: str | None = None
    closed_at: str | None = None
    version: int = 1


class FollowUp(msgspec.Struct, frozen=True):
    """Something that an owner promised by a day; asked for until it is done."""

    id: str
    site_id: str
    ncr_id: str
    what: str
    owner_id: str
    due_on: str
    done_at: str | None = None
    outcome: str | None = None
    version: int = 1


NCR_STEPS = (
    Step("contain", ("open",), "contained"),
    Step("dispose", ("open", "contained"), "disposed"),
    Step("close", ("disposed",), "closed"),
)

# What a disposition does to the portions of the receipt.
DISPOSITION_STEP: dict[Disposition, str] = {
    "use_as_is": "resume",
    "rework": "resume",
    "return_to_supplier": "reject",
    "scrap": "reject",
}
