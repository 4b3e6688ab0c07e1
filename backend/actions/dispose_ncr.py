"""Decide what becomes of nonconforming stock, who follows up on what, by when (ISO 8.3, QUA-1)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused, Stale, refuse
from backend.domain.inspections import Inspection
from backend.domain.lots import Hold, Lot, Receipt
from backend.domain.ncrs import DISPOSITION_STEP, NCR_STEPS, Disposition, Ncr, PlannedFollowUp
from backend.domain.people import Who
from backend.domain.reworks import Rework
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.escalating import ask_to_decide
from backend.store.lifting import lift
from backend.store.numbering import number
from backend.store.openings import open_for, stage_of
from backend.store.promising import against_promises, promise
from backend.store.verb import verb


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
    await _lift(tx, changed, command.disposition)
    for planned in command.follow_ups:
        promise(tx, "ncr", ncr.id, ncr.number, planned)
    tx.record("ncr_disposed", "ncr", ncr.id, ncr=ncr.number, disposition=command.disposition)
    return changed


async def _reasons(tx: Change, command: DisposeNcr) -> list[Reason]:
    found = []
    if not command.justification.strip():
        found.append(Reason("justification_missing", field="justification"))
    return [*found, *await against_promises(tx, command.follow_ups)]


async def _lift(tx: Change, ncr: Ncr, disposition: Disposition) -> None:
    """Lift the hold of this NCR; the stock resumes or is rejected once no other hold is left."""
    lot = await tx.get(Lot, ncr.lot_id)
    # The stock that the report is about, and what was split off it or merged with it meanwhile.
    own = await tx.all(Hold, "ncr_id = $1 and lifted_at is null order by id", ncr.id)
    free = await lift(
        tx, own, "dispose_ncr", "rejected" if DISPOSITION_STEP[disposition] == "reject" else None
    )
    if disposition == "rework":
        await _open_rework(tx, ncr, lot)
    if DISPOSITION_STEP[disposition] == "resume" and lot.number in free:
        await ask_to_decide(tx, ("supervisor",), ncr.receipt_id, lot=lot.number, ncr=ncr.number)


async def _open_rework(tx: Change, ncr: Ncr, lot: Lot) -> None:
    """The operation, and the inspection that has to be repeated after it (LOT-6)."""
    inspection = await _to_repeat(tx, ncr, lot)
    await open_for(tx, lot, await tx.get(Receipt, ncr.receipt_id), inspection.stage, inspection)
    rework = tx.insert(
        Rework(
            id=tx.new_id(),
            site_id=ncr.site_id,
            number=await number(tx, "rework"),
            ncr_id=ncr.id,
            lot_id=lot.id,
            receipt_id=ncr.receipt_id,
            inspection_id=inspection.id,
            instruction=ncr.justification or "",
            quantity=ncr.quantity,
            opened_by=tx.who.person_id,
            opened_at=tx.now,
        )
    )
    facts = {"rework": rework.number, "ncr": ncr.number, "lot": lot.number, "what": rework.instruction}
    await tx.tell_role(("operator", "supervisor"), "rework_opened", "ncr", ncr.id, **facts)


async def _to_repeat(tx: Change, ncr: Ncr, lot: Lot) -> Inspection:
    """The one that failed; where a person saw the fault, the last of the stock. That one's own result stands."""
    if ncr.inspection_id is not None:
        return await tx.get(Inspection, ncr.inspection_id)
    last = await tx.first(
        Inspection,
        "receipt_id = (select coalesce(origin_id, id) from receipt where id = $1) or receipt_id = $1 "
        "order by opened_at desc, id desc",
        ncr.receipt_id,
    )
    if last is None:
        raise refuse("rework_nothing_to_repeat", lot=lot.number, stage=await stage_of(tx, lot))
    return last
