"""What one person wants done to results and a second one decides: invalidate a reading, sample again (SMP-6, RES-8).

A reading that is invalid stays on record, is left out of the judgement, and its item asks again. A re-sample opens an
inspection beside the first one, with units drawn anew; which of them stands is said by the signed decision.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.errors import Reason
from backend.domain.steps import Step

Kind = Literal["invalidate", "resample"]
Cause = Literal["preparation", "measurement", "gauge_fault", "wrong_unit", "transcription", "contamination"]
"""What an investigation has found; "it does not fit the others" is none of them."""
CAUSES: tuple[Cause, ...] = (
    "preparation",
    "measurement",
    "gauge_fault",
    "wrong_unit",
    "transcription",
    "contamination",
)


class Proposal(msgspec.Struct, frozen=True):
    """What is proposed of an inspection, by whom and why; and what somebody else said to it."""

    id: str
    site_id: str
    kind: Kind
    inspection_id: str
    reading_id: str | None
    cause: Cause | None
    reason: str
    proposed_by: str
    proposed_at: str
    status: Literal["open", "approved", "declined"] = "open"
    decided_by: str | None = None
    decided_at: str | None = None
    note: str | None = None
    opened_id: str | None = None
    """Of a re-sample that was approved: the inspection that it opened."""
    version: int = 1


PROPOSAL_STEPS = (
    Step("approve", ("open",), "approved"),
    Step("decline", ("open",), "declined"),
)


def against_deciding(proposal: Proposal, person_id: str, contributors: list[str], note: str) -> list[Reason]:
    """Why this person may not decide it: only somebody who neither proposed it nor made the results does."""
    found = []
    if person_id == proposal.proposed_by:
        found.append(Reason("proposal_own", {"rule": "RES-8"}))
    elif person_id in contributors:
        found.append(Reason("proposal_own_result", {"rule": "RES-8"}))
    if not note.strip():
        found.append(Reason("reason_missing", field="note"))
    return found
