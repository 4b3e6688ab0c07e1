"""Record what was done at once to keep a nonconformity from spreading (QUA-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Stale, refuse
from backend.domain.ncrs import NCR_STEPS, Ncr
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.verb import verb


class ContainNcr(msgspec.Struct, frozen=True, kw_only=True):
    """The containment, to the version of the NCR that was read; None: whatever it is now (chat)."""

    id: str
    ncr_id: str
    containment: str
    version: int | None = None
    device_at: str | None = None


@verb
async def contain_ncr(tx: Change, who: Who, command: ContainNcr) -> Ncr:
    """Contain it, and become its owner where it has none."""
    ncr = await tx.get(Ncr, command.ncr_id)
    if command.version is not None and command.version != ncr.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "ncr", "id": ncr.number}))
    if not command.containment.strip():
        raise refuse("containment_missing", field="containment")
    status = take(NCR_STEPS, "contain", ncr.status)
    changed = tx.update(
        ncr,
        status=status,
        containment=command.containment.strip(),
        owner_id=ncr.owner_id or who.person_id,
    )
    tx.record("ncr_contained", "ncr", ncr.id, ncr=ncr.number)
    return changed
