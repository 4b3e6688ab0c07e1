"""Correct a reading: a reason, the old value stays visible, everything is judged again (RES-5)."""

from __future__ import annotations

import msgspec

from backend.domain.answering import Recorded, find_item, judge_entry
from backend.domain.errors import Reason, Refused, Stale, refuse
from backend.domain.inspections import Reading, Sample
from backend.domain.people import Who
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.gauging import check_use, gauge_of, with_gauge
from backend.store.inspecting import case_of, follow_verdict, reading_of
from backend.store.series import tell_wrong_plans
from backend.store.superseding import suspend_decisions
from backend.store.training import gate_of
from backend.store.verb import verb


class CorrectResult(msgspec.Struct, frozen=True, kw_only=True):
    """The reading that was wrong, what it should be, and why."""

    id: str
    reading_id: str
    entered: str
    reason: str
    confirmed: bool = False
    attachments: list[str] = []
    gauge_id: str | None = None
    """Another gauge, where it was measured anew; None: the same reading, written down rightly."""
    device_at: str | None = None


@verb
async def correct_result(tx: Change, who: Who, command: CorrectResult) -> Recorded:
    """Supersede a reading. What was signed over it is superseded too: it has to be decided anew (REL-5)."""
    if not command.reason.strip():
        raise refuse("reason_missing", field="reason")
    old = await tx.get(Reading, command.reading_id)
    if old.status != "current":
        raise Stale(Reason("reading_superseded", {"item": old.item_key}))
    case = await case_of(tx, old.inspection_id)
    item, characteristic = find_item(case.document, case.asked, old.item_key)
    gate = await gate_of(tx, case.inspection.id, who.person_id, who.roles, tx.today.isoformat())
    against = gate.against_entry(characteristic, begun=True)
    if against:
        raise Refused(*against)
    await check_attached(tx, command.attachments)
    photos = len(command.attachments) + len(old.attachments)
    judged = judge_entry(item, characteristic, command.entered, confirmed=command.confirmed, photos=photos)
    samples = {s.number: s.id for s in await tx.all(Sample, "inspection_id = $1", case.inspection.id)}
    reading = reading_of(tx, case.inspection, judged, samples, command.attachments, command.device_at)
    gauge = (
        await gauge_of(tx, case.document, case.readings, characteristic, command.gauge_id)
        if command.gauge_id is not None
        else None
    )
    check_use(tx, gauge, characteristic, judged.measured)
    reading = with_gauge(_measured_as(reading, old), gauge)
    tx.update(old, status="superseded")
    reading = msgspec.structs.replace(reading, corrects=old.id, reason=command.reason.strip())
    tx.insert(reading)
    case.readings = [r for r in case.readings if r.id != old.id] + [reading]
    suspended = await suspend_decisions(tx, case.inspection.receipt_id)
    inspection, ncrs = await follow_verdict(tx, case)
    wrong = await tell_wrong_plans(tx, case.inspection, inspection)
    tx.record(
        "result_corrected",
        "inspection",
        inspection.id,
        reason=command.reason.strip(),
        item=old.item_key,
        old=old.entered,
        new=reading.entered,
        **({"decisions_superseded": len(suspended)} if suspended else {}),
        **({"lots_under_wrong_plan": sorted({each.lot for each in wrong})} if wrong else {}),
    )
    return Recorded(
        inspection.id,
        inspection.status,
        [reading.id],
        [reading.verdict],
        [ncr.id for ncr in ncrs],
        inspection.lot_id,
    )


def _measured_as(reading: Reading, old: Reading) -> Reading:
    """The same measurement was taken with the same gauge, as it was then."""
    return msgspec.structs.replace(
        reading,
        gauge_id=old.gauge_id,
        gauge_due_on=old.gauge_due_on,
        gauge_resolution=old.gauge_resolution,
    )
