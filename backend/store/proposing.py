"""Proposals about results in the database: who is told, what an inspection has, what approval brings."""

from __future__ import annotations

from backend.domain.errors import Reason
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Person
from backend.domain.proposals import Proposal
from backend.store.change import Change
from backend.store.inspecting import case_of, follow_verdict
from backend.store.openings import Marks, open_for
from backend.store.series import tell_wrong_plans
from backend.store.superseding import suspend_decisions

SECOND = ("supervisor", "quality_engineer", "quality_manager")


async def put(tx: Change, proposal: Proposal) -> Proposal:
    """Write it and ask those who may decide it."""
    tx.insert(proposal)
    inspection = await tx.get(Inspection, proposal.inspection_id)
    lot = await tx.get(Lot, inspection.lot_id)
    facts = {"inspection": inspection.number, "lot": lot.number, "why": proposal.reason}
    await tx.tell_role(SECOND, "proposal_waiting", "proposal", inspection.id, **facts)
    tx.record(
        "proposal_made",
        "inspection",
        inspection.id,
        reason=proposal.reason,
        inspection=inspection.number,
        proposal=proposal.kind,
    )
    return proposal


async def tell_decided(tx: Change, proposal: Proposal) -> None:
    """Who proposed it learns what became of it."""
    inspection = await tx.get(Inspection, proposal.inspection_id)
    person = await tx.get(Person, tx.who.person_id)
    facts = {"inspection": inspection.number, "by": person.printed_name, "why": proposal.note or ""}
    if proposal.status == "approved":
        tx.tell(proposal.proposed_by, "proposal_approved", "proposal", inspection.id, **facts)
    else:
        tx.tell(proposal.proposed_by, "proposal_declined", "proposal", inspection.id, **facts)


async def invalidate(tx: Change, proposal: Proposal) -> None:
    """Leave the reading out: judged without it, its item asks again, what was signed over it is decided anew."""
    case = await case_of(tx, proposal.inspection_id)
    reading = next(each for each in case.readings if each.id == proposal.reading_id)
    tx.update(reading, status="invalid")
    case.readings = [each for each in case.readings if each.id != reading.id]
    await suspend_decisions(tx, case.inspection.receipt_id)
    inspection, _ = await follow_verdict(tx, case)
    await tell_wrong_plans(tx, case.inspection, inspection)
    lot = await tx.get(Lot, inspection.lot_id)
    facts = {"inspection": inspection.number, "lot": lot.number, "item": reading.item_key}
    await tx.tell_role(("inspector",), "item_asks_again", "inspection", inspection.id, **facts)


async def resample(tx: Change, proposal: Proposal) -> str | None:
    """Open the other inspection, its units drawn anew; what rests on the first results is decided anew. Its id."""
    inspection = await tx.get(Inspection, proposal.inspection_id)
    await suspend_decisions(tx, inspection.receipt_id)
    lot = await tx.get(Lot, inspection.lot_id)
    marks = Marks("resample", again_of=inspection.again_of or inspection.id)
    receipt = await tx.get(Receipt, inspection.receipt_id)
    opened = await open_for(tx, lot, receipt, inspection.stage, marks=marks)
    return opened.id if opened is not None else None


async def against_resample(tx: Change, inspection: Inspection) -> list[Reason]:
    """Why this inspection can't be asked again now."""
    if inspection.status not in ("passed", "failed"):
        return [Reason("inspection_unfinished", {"inspection": inspection.number})]
    root = inspection.again_of or inspection.id
    for each in await tx.all(Inspection, "again_of = $1 order by number", root):
        if each.status not in ("passed", "failed"):
            return [Reason("resample_open_already", {"inspection": each.number})]
    return []
