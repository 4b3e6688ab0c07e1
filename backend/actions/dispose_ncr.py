"""Decide what becomes of nonconforming stock, who follows up on what, by when (ISO 8.3, QUA-1)."""

from __future__ import annotations

import msgspec

from backend.domain.days import is_day_from
from backend.domain.errors import Reason, Refused, Stale
from backend.domain.inspections import Inspection
from backend.domain.lots import Hold, Lot, Receipt
from backend.domain.ncrs import DISPOSITION_STEP, NCR_STEPS, Disposition, FollowUp, Ncr
from backend.domain.people import Person, Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.escalating import ask_to_decide
from backend.store.lifting import lift
from backend.store.openings import open_for
from backend.store.verb import verb


class PlannedFollowUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What, who and until which ISO day."""

    what: str
    owner_id: str
    due_on: str


class DisposeNcr(msgspec.Struct, frozen=True, kw_only=True):
    """The disposition of the whole quantity, why, and what is promised."""

    id: str
    ncr_id: str
    disposition: Disposition
    justification: str
    follow_ups: list[PlannedFollowUp] = []
    version: int | None = None
    device_at: str | None = None


@verb
async def dispose_ncr(tx: Change, who: Who, command: DisposeNcr) -> Ncr:
    """Dispose. A rework opens the inspection that has to be repeated (LOT-6); the failure stays on record."""
    ncr = await tx.get(Ncr, command.ncr_id)
    if command.version is not None and command.version != ncr.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "ncr", "id": ncr.number}))
    status = take(NCR_STEPS, "dispose", ncr.status)
    reasons = await _reasons(tx, command)
    if reasons:
        raise Refused(*reasons)
    changed = tx.update(
        ncr,
        status=status,
        disposition=command.disposition,
        justification=command.justification.strip(),
        owner_id=ncr.owner_id or who.person_id,
    )
    await _lift(tx, ncr, command.disposition)
    for planned in command.follow_ups:
        await _promise(tx, ncr, planned)
    tx.record("ncr_disposed", "ncr", ncr.id, ncr=ncr.number, disposition=command.disposition)
    return changed


async def _reasons(tx: Change, command: DisposeNcr) -> list[Reason]:
    found = []
    if not command.justification.strip():
        found.append(Reason("justification_missing", field="justification"))
    for place, planned in enumerate(command.follow_ups):
        field = f"follow_ups.{place}"
        if not planned.what.strip():
            found.append(Reason("follow_up_empty", field=f"{field}.what"))
        owner = await tx.first(Person, "id = $1 and site_id = $2", planned.owner_id, tx.who.site_id)
        if owner is None or not owner.active:
            found.append(Reason("owner_unknown", field=f"{field}.owner_id"))
        if not is_day_from(planned.due_on, tx.today):
            found.append(Reason("due_day_wrong", {"due_on": planned.due_on}, f"{field}.due_on"))
    return found


async def _lift(tx: Change, ncr: Ncr, disposition: Disposition) -> None:
    """Lift the hold of this NCR; the stock resumes or is rejected once no other hold is left."""
    lot = await tx.get(Lot, ncr.lot_id)
    # The stock that the report is about, and what was split off it or merged with it meanwhile.
    own = await tx.all(Hold, "ncr_id = $1 and lifted_at is null order by id", ncr.id)
    free = await lift(
        tx, own, "dispose_ncr", "rejected" if DISPOSITION_STEP[disposition] == "reject" else None
    )
    if disposition == "rework":
        inspection = await tx.get(Inspection, ncr.inspection_id)
        await open_for(tx, lot, await tx.get(Receipt, ncr.receipt_id), inspection.stage, inspection)
    if DISPOSITION_STEP[disposition] == "resume" and lot.number in free:
        await ask_to_decide(tx, ("supervisor",), ncr.receipt_id, lot=lot.number, ncr=ncr.number)


async def _promise(tx: Change, ncr: Ncr, planned: PlannedFollowUp) -> None:
    follow_up = tx.insert(
        FollowUp(tx.new_id(), ncr.site_id, ncr.id, planned.what.strip(), planned.owner_id, planned.due_on)
    )
    tx.tell(
        planned.owner_id,
        "follow_up_assigned",
        "ncr",
        ncr.id,
        ncr=ncr.number,
        what=follow_up.what,
        due_on=follow_up.due_on,
        follow_up=follow_up.id,
    )
    tx.due("follow_up_reminder", follow_up.id, f"{planned.due_on}T00:00:00.000000Z")
