"""Taking complaints in, one by a person's word or many by a file: the same record, each with its event (QUA-8)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.complaints import Complaint, Intake, due
from backend.domain.errors import NotAllowed, Reason
from backend.domain.events import Value
from backend.domain.people import Person
from backend.store.change import Change
from backend.store.numbering import numbers
from backend.store.people import who_may

TOLD = ("quality_engineer", "quality_manager")


def take_in(tx: Change, intake: Intake, number: str) -> Complaint:
    """Write one that was checked, with its reminder."""
    complaint = tx.insert(
        Complaint(
            id=tx.new_id(),
            site_id=tx.who.site_id,
            number=number,
            received_on=intake.received_on,
            described=intake.described.strip(),
            reporter=intake.reporter.strip(),
            consignee_id=intake.consignee_id,
            lot_id=intake.lot.id if intake.lot is not None else None,
            serial=intake.serial,
            quantity=intake.quantity,
            attachments=intake.attachments,
            opened_by=tx.who.person_id,
            opened_at=tx.now,
            due_on=due(intake.received_on, None, None),
            reference=intake.reference,
            first_lot_id=intake.lot.id if intake.lot is not None else None,
        )
    )
    tx.due("complaint_reminder", complaint.id, f"{complaint.due_on}T00:00:00.000000Z")
    return complaint


def facts_of(complaint: Complaint, intake: Intake) -> dict[str, Value]:
    """What log, notices and webhooks say of one."""
    facts: dict[str, Value] = {
        "complaint": complaint.number,
        "lot": intake.lot.number if intake.lot is not None else "–",
    }
    return facts if complaint.reference is None else {**facts, "reference": complaint.reference}


async def take_many(tx: Change, intakes: Sequence[Intake], file: str) -> None:
    """Those of a file. Each has its event; of several quality is told once, by their number.

    Raises NotAllowed where whoever imports may not take complaints in.
    """
    if not intakes:
        return
    await _may_take(tx)
    for intake, number in zip(intakes, await numbers(tx, "complaint", len(intakes)), strict=True):
        complaint = take_in(tx, intake, number)
        facts = facts_of(complaint, intake)
        if len(intakes) == 1:
            await tx.tell_role(TOLD, "complaint_taken", "complaint", complaint.id, **facts)
        tx.record_part("complaint_taken", "complaint", complaint.id, reason=complaint.described, **facts)
    if len(intakes) > 1:
        told: dict[str, Value] = {"count": len(intakes), "file": file}
        await tx.tell_role(TOLD, "complaints_imported", "complaints", tx.who.site_id, **told)


async def _may_take(tx: Change) -> None:
    """A file is no way past the right to take complaints in (ROL-1)."""
    action = "take_complaint"
    asked = who_may(tx.who.site_id, tx.now, action)
    people = await tx.all(Person, asked.where, *asked.args)
    if all(each.id != tx.who.person_id for each in people):
        raise NotAllowed(Reason("not_allowed", {"action": action, "roles": list(tx.who.roles)}))
