"""Conclude what a gauge found out of tolerance means for a receipt: a person, a conclusion, a reason (RES-7)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Stale, refuse
from backend.domain.gauges import ASSESSMENT_STEPS, Assessment, Conclusion, Gauge
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.doubting import end_doubt
from backend.store.inspecting import case_of, open_ncrs
from backend.store.openings import open_for
from backend.store.superseding import suspend_decisions
from backend.store.verb import verb


class CloseAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """No effect; inspect again; or hold, which opens a nonconformity report for each characteristic in doubt."""

    id: str
    assessment_id: str
    conclusion: Conclusion
    reason: str
    version: int | None = None
    device_at: str | None = None


@verb
async def close_assessment(tx: Change, who: Who, command: CloseAssessment) -> Assessment:
    """Close it. What was decided on results in doubt is suspended when they are not kept (REL-5)."""
    assessment = await tx.get(Assessment, command.assessment_id)
    if command.version is not None and command.version != assessment.version:
        raise Stale(Reason("changed_meanwhile", {"kind": "assessment", "id": assessment.number}))
    status = take(ASSESSMENT_STEPS, "close", assessment.status)
    if not command.reason.strip():
        raise refuse("reason_missing", field="reason")
    changed = tx.update(
        assessment,
        status=status,
        conclusion=command.conclusion,
        reason=command.reason.strip(),
        closed_by=who.person_id,
        closed_at=tx.now,
    )
    readings = [await tx.get(Reading, each) for each in assessment.readings]
    await end_doubt(tx, changed)
    if command.conclusion != "no_effect":
        await suspend_decisions(tx, assessment.receipt_id)
    if command.conclusion == "hold":
        await _hold(tx, readings)
    elif command.conclusion == "re_inspect":
        await _inspect_again(tx, assessment, readings)
    gauge = await tx.get(Gauge, assessment.gauge_id)
    tx.record(
        "assessment_closed",
        "assessment",
        assessment.id,
        reason=command.reason.strip(),
        assessment=assessment.number,
        gauge=gauge.code,
        conclusion=command.conclusion,
    )
    return changed


async def _hold(tx: Change, readings: list[Reading]) -> None:
    for inspection_id in dict.fromkeys(each.inspection_id for each in readings):
        case = await case_of(tx, inspection_id)
        lot = await tx.get(Lot, case.inspection.lot_id)
        first = {
            each.characteristic: each for each in reversed(readings) if each.inspection_id == inspection_id
        }
        await open_ncrs(tx, case, first, lot)


async def _inspect_again(tx: Change, assessment: Assessment, readings: list[Reading]) -> None:
    lot = await tx.get(Lot, assessment.lot_id)
    receipt = await tx.get(Receipt, assessment.receipt_id)
    for inspection_id in dict.fromkeys(each.inspection_id for each in readings):
        inspection = await tx.get(Inspection, inspection_id)
        again = await tx.first(Inspection, "repeats = $1", inspection.id)
        if again is None and inspection.status in ("passed", "failed"):
            await open_for(tx, lot, receipt, inspection.stage, inspection)
