"""Propose to sample again what was inspected already, for a reason that a second person has to approve (SMP-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.inspections import Inspection
from backend.domain.people import Who
from backend.domain.proposals import Proposal
from backend.store.change import Change
from backend.store.proposing import against_resample, put
from backend.store.verb import verb


class ProposeResample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which inspection, and why its sample does not speak for the lot."""

    id: str
    inspection_id: str
    reason: str
    device_at: str | None = None


@verb
async def propose_resample(tx: Change, who: Who, command: ProposeResample) -> Proposal:
    """Propose it; nothing opens until a second person has approved."""
    inspection = await tx.get(Inspection, command.inspection_id)
    reasons = await against_resample(tx, inspection)
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    waiting = "inspection_id = $1 and kind = 'resample' and status = 'open'"
    if await tx.first(Proposal, waiting, inspection.id) is not None:
        reasons.append(Reason("proposal_open_already", field="inspection_id"))
    if reasons:
        raise Refused(*reasons)
    proposal = Proposal(
        tx.new_id(), inspection.site_id, "resample", inspection.id, None, None, command.reason.strip(),
        who.person_id, tx.now,
    )  # fmt: skip
    return await put(tx, proposal)
