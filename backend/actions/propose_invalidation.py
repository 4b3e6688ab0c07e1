"""Propose that a reading is left out of the judgement, with the cause that was found; nothing deletes it (RES-8)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, Stale
from backend.domain.inspections import Reading
from backend.domain.people import Who
from backend.domain.proposals import CAUSES, Proposal
from backend.store.change import Change
from backend.store.proposing import put
from backend.store.verb import verb


class ProposeInvalidation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which reading; `cause`: one of `proposals.CAUSES`; `reason`: what the investigation has shown."""

    id: str
    reading_id: str
    cause: str
    reason: str
    device_at: str | None = None


@verb
async def propose_invalidation(tx: Change, who: Who, command: ProposeInvalidation) -> Proposal:
    """Propose it; the reading counts until a second person has approved."""
    reading = await tx.get(Reading, command.reading_id)
    if reading.status != "current":
        raise Stale(Reason("reading_superseded", {"item": reading.item_key}))
    cause = next((each for each in CAUSES if each == command.cause), None)
    reasons = []
    if cause is None:
        reasons.append(Reason("cause_missing", {"known": list(CAUSES), "rule": "RES-8"}, "cause"))
    if not command.reason.strip():
        reasons.append(Reason("reason_missing", field="reason"))
    if reading.computed:
        reasons.append(Reason("reading_computed", {"item": reading.item_key}, "reading_id"))
    if await tx.first(Proposal, "reading_id = $1 and status = 'open'", reading.id) is not None:
        reasons.append(Reason("proposal_open_already", field="reading_id"))
    if reasons:
        raise Refused(*reasons)
    proposal = Proposal(
        tx.new_id(), reading.site_id, "invalidate", reading.inspection_id, reading.id, cause,
        command.reason.strip(), who.person_id, tx.now,
    )  # fmt: skip
    return await put(tx, proposal)
