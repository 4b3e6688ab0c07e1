"""A second person approves or declines what is proposed about results; approval takes effect at once (SMP-6, RES-8)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, Stale
from backend.domain.inspections import Inspection, Reading, contributors
from backend.domain.people import Who
from backend.domain.proposals import PROPOSAL_STEPS, Proposal, against_deciding
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.proposing import against_resample, invalidate, resample, tell_decided
from backend.store.verb import verb


class DecideProposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which proposal, whether it is approved, and what convinced this person."""

    id: str
    proposal_id: str
    approve: bool
    note: str
    device_at: str | None = None


@verb
async def decide_proposal(tx: Change, who: Who, command: DecideProposal) -> Proposal:
    """Decide it. Nobody decides what they proposed, nor about an inspection that they made."""
    proposal = await tx.get(Proposal, command.proposal_id)
    status = take(PROPOSAL_STEPS, "approve" if command.approve else "decline", proposal.status)
    readings = await tx.all(Reading, "inspection_id = $1 order by id", proposal.inspection_id)
    reasons = against_deciding(proposal, who.person_id, contributors(readings), command.note)
    if command.approve:
        reasons += await _against(tx, proposal)
    if reasons:
        raise Refused(*reasons)
    opened_id = None
    if command.approve and proposal.kind == "invalidate":
        await invalidate(tx, proposal)
    elif command.approve:
        opened_id = await resample(tx, proposal)
    decided = tx.update(
        proposal,
        status=status,
        decided_by=who.person_id,
        decided_at=tx.now,
        note=command.note.strip(),
        opened_id=opened_id,
    )
    await tell_decided(tx, decided)
    inspection = await tx.get(Inspection, proposal.inspection_id)
    tx.record(
        "proposal_approved" if command.approve else "proposal_declined",
        "inspection",
        inspection.id,
        reason=command.note.strip(),
        inspection=inspection.number,
        proposal=proposal.kind,
    )
    return decided


async def _against(tx: Change, proposal: Proposal) -> list[Reason]:
    """What has happened since it was proposed."""
    if proposal.reading_id is None:
        return await against_resample(tx, await tx.get(Inspection, proposal.inspection_id))
    reading = await tx.get(Reading, proposal.reading_id)
    if reading.status != "current":
        raise Stale(Reason("reading_superseded", {"item": reading.item_key}))
    return []
