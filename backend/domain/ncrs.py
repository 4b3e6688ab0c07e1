"""The nonconformity report: opened once per item and lot by a result, or by a person who saw something; contained,
disposed, followed up, closed (QUA-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.steps import Step

Disposition = Literal["use_as_is", "rework", "return_to_supplier", "scrap"]
NCR_DAYS = 14
"""Days until a nonconformity report is due (QUA-1)."""
CONTAIN_WITHIN = timedelta(days=1)
Severity = Literal["critical", "major", "minor"]
Source = Literal["floor", "complaint", "audit"]
"""Where a report comes from that no result opened."""
Exceptional = Literal["inspection", "event"]
"""What an audit exception is found on: an inspection whose result was corrected, an event of the log."""
Matter = Literal["ncr", "capa", "change_request", "receipt"]
"""What a promise belongs to; of a receipt: what somebody misses before they decide on it."""


class Ncr(msgspec.Struct, frozen=True):
    """One nonconformity of one lot. Quantities in the item's stock unit.

    One that a result opened names inspection, characteristic and reading; one that a person reported says where it
    comes from (`source`) and `what` was seen.
    """

    id: str
    site_id: str
    number: str
    lot_id: str
    receipt_id: str
    inspection_id: str | None
    characteristic: str | None
    reading_id: str | None
    severity: Severity
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
    source: Source | None = None
    what: str | None = None
    attachments: list[str] | None = None
    opened_by: str | None = None
    about_kind: Exceptional | None = None
    about_id: str | None = None
    """The audit exception that it was opened from."""


class PlannedFollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What, who and until which ISO day."""

    what: str
    owner_id: str
    due_on: str


class FollowUp(msgspec.Struct, frozen=True):
    """Something that an owner promised by a day; asked for until it is done.

    It belongs to a report (`ncr_id`), or to what `subject_kind` and `subject_id` name.
    """

    id: str
    site_id: str
    ncr_id: str | None
    what: str
    owner_id: str
    due_on: str
    done_at: str | None = None
    outcome: str | None = None
    version: int = 1
    subject_kind: Matter | None = None
    subject_id: str | None = None
    asked_by: str | None = None
    """Who sent a release back for it."""

    @property
    def matter(self) -> tuple[Matter, str]:
        """The kind and id of what it belongs to."""
        if self.subject_kind is not None and self.subject_id is not None:
            return self.subject_kind, self.subject_id
        return "ncr", self.ncr_id or ""


def unkept(promises: Sequence[FollowUp]) -> list[Reason]:
    """Whatever waits for promises waits for each of these."""
    return [
        Reason("follow_up_open", {"what": each.what, "due_on": each.due_on})
        for each in promises
        if each.done_at is None
    ]


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
