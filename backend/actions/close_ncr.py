"""Close a nonconformity report; never before its disposition and its follow-ups are done (QUA-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, Stale
from backend.domain.ncrs import NCR_STEPS, FollowUp, Ncr, unkept
from backend.domain.people import Who
from backend.domain.reworks import Rework
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class CloseNcr(msgspec.Struct, frozen=True, kw_only=True):
    """Which, as it was read."""

    id: str
    ncr_id: str
    version: int | None = None
    device_at: str | None = None


@verb
async def close_ncr(tx: Change, who: Who, command: CloseNcr) -> Ncr:
    """Close it."""
    ncr = await tx.get(Ncr, command.ncr_id)
    if command.version is not None and command.version != ncr.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "ncr", "id": ncr.number}))
    status = take(NCR_STEPS, "close", ncr.status)
    promised = await tx.all(FollowUp, "ncr_id = $1 order by due_on", ncr.id)
    undone = await tx.all(Rework, "ncr_id = $1 and status = 'open'", ncr.id)
    reasons = [
        *(Reason("rework_open", {"rework": each.number, "ncr": ncr.number}) for each in undone),
        *unkept(promised),
    ]
    if reasons:
        raise Refused(*reasons)
    closed = tx.update(ncr, status=status, closed_at=tx.now)
    tx.record("ncr_closed", "ncr", ncr.id, ncr=ncr.number)
    return closed
