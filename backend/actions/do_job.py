"""Do one piece of due work: remind, escalate, or note that a certificate went out (QUA-1)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from backend.domain.capas import Capa
from backend.domain.change_requests import ChangeRequest
from backend.domain.complaints import Complaint
from backend.domain.equipment import Equipment
from backend.domain.events import Value
from backend.domain.gauges import Assessment
from backend.domain.inspections import Inspection
from backend.domain.items import Item, Supplier
from backend.domain.lots import Lot, Receipt
from backend.domain.ncrs import FollowUp, Ncr
from backend.domain.notices import Job
from backend.domain.people import Person, Who
from backend.domain.qualifications import Qualification, SupplierCertificate
from backend.domain.recalls import Recall, RecallConsignee
from backend.domain.report_keeping import FILES_DUE, LOOK_AGAIN
from backend.domain.report_schedules import ReportSchedule, has_period, next_due
from backend.domain.revocations import Revocation
from backend.domain.rights import QUALITY
from backend.domain.signing import later
from backend.domain.sites import Site
from backend.domain.telling import Telling, next_at, shows
from backend.store.aliases import alias_of
from backend.store.change import Change
from backend.store.digesting import waiting_for
from backend.store.documents import ask_again
from backend.store.escalating import tell_deputies, tell_managers
from backend.store.openings import open_for, stage_of
from backend.store.promising import matter_of
from backend.store.qualifying import renewal_asked
from backend.store.retesting import hold_when_due
from backend.store.verb import verb

AGAIN = timedelta(days=1)
"""An unkept promise is asked for every day."""


class DoJob(msgspec.Struct, frozen=True, kw_only=True):
    """Which; `error` where what had to be done outside of the database did not succeed."""

    id: str
    job_id: str
    error: str | None = None
    device_at: str | None = None


@verb
async def do_job(tx: Change, who: Who, command: DoJob) -> Job:
    """Do it once; what is still open comes up again tomorrow."""
    job = await tx.get(Job, command.job_id)
    if job.done_at is not None:
        return job
    if command.error is not None:
        wait = timedelta(minutes=min(2**job.attempts, 60))
        failed = tx.update(
            job, attempts=job.attempts + 1, last_error=command.error[:300], due_at=later(tx.now, wait)
        )
        tx.record("job_failed", "job", job.id, kind=job.kind, error=command.error[:300])
        return failed
    reminders = {
        "ncr_reminder": _ncr,
        "follow_up_reminder": _follow_up,
        "assessment_reminder": _assessment,
        "retest_due": _retest,
        "revocation_reminder": _revocation,
        "containment_reminder": _containment,
        "release_deputy": _deputies,
        "release_manager": _managers,
        "recall_reminder": _recall,
        "qualification_expiry": _qualification,
        "certificate_expiry": _certificate,
        "training_reminder": _training,
        "capa_reminder": _capa,
        "capa_effect_due": _capa_effect,
        "change_reminder": _change,
        "complaint_reminder": _complaint,
        "service_reminder": _service,
        "inspect_opening": _opening,
    }
    if job.kind == "report_due":
        await _report(tx, job)
    if job.kind == FILES_DUE:
        tx.due(FILES_DUE, job.subject_id, later(tx.now, LOOK_AGAIN))
    if job.kind == "morning_digest":
        await _digest(tx, job)
    if job.kind in reminders and await reminders[job.kind](tx, job.subject_id) and not await _other(tx, job):
        tx.due(job.kind, job.subject_id, later(tx.now, AGAIN))
    done = tx.update(job, done_at=tx.now, attempts=job.attempts + 1)
    tx.record("job_done", "job", job.id, kind=job.kind)
    return done


async def _other(tx: Change, job: Job) -> bool:
    """Whether the same is due anyway: a day that was moved forward has wound a second clock."""
    where = "kind = $1 and subject_id = $2 and done_at is null and id <> $3"
    return await tx.first(Job, where, job.kind, job.subject_id, job.id) is not None


async def _ncr(tx: Change, ncr_id: str) -> bool:
    """Its owner, or every quality engineer; the manager as well, since it is overdue."""
    ncr = await tx.get(Ncr, ncr_id)
    if ncr.status == "closed":
        return False
    facts = {"ncr": ncr.number, "due_on": ncr.due_on}
    if ncr.owner_id is not None:
        tx.tell(ncr.owner_id, "ncr_due", "ncr", ncr.id, **facts)
    else:
        await tx.tell_role(("quality_engineer",), "ncr_due", "ncr", ncr.id, **facts)
    await tx.tell_role(("quality_manager",), "ncr_overdue", "ncr", ncr.id, **facts)
    return True


async def _follow_up(tx: Change, follow_up_id: str) -> bool:
    """Its owner on the day; the manager too from the day after."""
    follow_up = await tx.get(FollowUp, follow_up_id)
    if follow_up.done_at is not None:
        return False
    (kind, id), matter = follow_up.matter, await matter_of(tx, follow_up)
    facts = {"ncr": matter.number, "what": follow_up.what, "due_on": follow_up.due_on}
    tx.tell(follow_up.owner_id, "follow_up_due", kind, id, follow_up=follow_up.id, **facts)
    if tx.today.isoformat() > follow_up.due_on:
        await tx.tell_role(("quality_manager",), "follow_up_overdue", kind, id, **facts)
    return True


async def _assessment(tx: Change, assessment_id: str) -> bool:
    """Its owner on the day, the manager too: release of the lot waits for it (RES-7)."""
    assessment = await tx.get(Assessment, assessment_id)
    if assessment.status == "closed":
        return False
    facts = {"assessment": assessment.number, "due_on": assessment.due_on}
    tx.tell(assessment.owner_id, "assessment_due", "assessment", assessment.id, **facts)
    await tx.tell_role(("quality_manager",), "assessment_overdue", "assessment", assessment.id, **facts)
    return True


async def _service(tx: Change, equipment_id: str) -> bool:
    """Who works on it and who plans, from the day on which its service is due."""
    equipment = await tx.get(Equipment, equipment_id)
    if equipment.status == "retired" or equipment.due_on is None or equipment.due_on > tx.today.isoformat():
        return False
    facts = {"equipment": equipment.code, "due_on": equipment.due_on}
    await tx.tell_role(("operator", "supervisor"), "service_due", "equipment", equipment.id, **facts)
    return True


async def _retest(tx: Change, lot_id: str) -> bool:
    """Hold the lot once; a date that has moved on meanwhile has a clock of its own (REL-8)."""
    await hold_when_due(tx, await tx.get(Lot, lot_id))
    return False


async def _revocation(tx: Change, revocation_id: str) -> bool:
    """Until somebody has said what it means for what was used and shipped (REL-7)."""
    revocation = await tx.get(Revocation, revocation_id)
    if revocation.status != "in_force":
        return False
    facts = {"revocation": revocation.number, "due_on": revocation.due_on}
    await tx.tell_who_may("close_revocation", "revocation_due", "revocation", revocation.release_id, **facts)
    return True


async def _containment(tx: Change, ncr_id: str) -> bool:
    """Nothing was done at once: quality engineers, and the manager from the second day on (QUA-1)."""
    ncr = await tx.get(Ncr, ncr_id)
    if ncr.status != "open":
        return False
    await tx.tell_role(("quality_engineer",), "containment_due", "ncr", ncr.id, ncr=ncr.number)
    if later(ncr.opened_at, 2 * AGAIN) <= tx.now:
        await tx.tell_role(("quality_manager",), "containment_due", "ncr", ncr.id, ncr=ncr.number)
    return True


async def _opening(tx: Change, receipt_id: str) -> bool:
    """What lay here in quarantine before Lotgate is inspected as what it is; a plan that is missing is asked for."""
    receipt = await tx.get(Receipt, receipt_id)
    if await tx.first(Inspection, "receipt_id = $1", receipt_id) is None:
        lot = await tx.get(Lot, receipt.lot_id)
        await open_for(tx, lot, receipt, await stage_of(tx, lot))
    return False


async def _deputies(tx: Change, receipt_id: str) -> bool:
    await tell_deputies(tx, receipt_id)
    return False


async def _managers(tx: Change, receipt_id: str) -> bool:
    await tell_managers(tx, receipt_id)
    return False


async def _digest(tx: Change, job: Job) -> None:
    """What waits for a person, at the hour that they chose; nothing where nothing does. The next one is tomorrow's."""
    telling = await tx.first(Telling, "id = $1", job.subject_id)
    person = await tx.get(Person, job.subject_id)
    zone = (await tx.get(Site, person.site_id)).zone
    if telling is None or telling.digest_at is None or not shows(telling.digest_at, job.due_at, zone):
        return
    if person.active:
        counts = await waiting_for(tx, person, tx.now, tx.today.isoformat())
        if any(counts.values()):
            day = tx.today.isoformat()
            tx.tell(person.id, "morning_digest", "person", person.id, day=day, **counts)
        tx.due("morning_digest", person.id, next_at(telling.digest_at, tx.now, zone))


async def _report(tx: Change, job: Job) -> None:
    """It was made and sent before this: the next one. A report without a period is not made up for."""
    schedule = await tx.get(ReportSchedule, job.subject_id)
    if schedule.status != "active" or schedule.job_id != job.id:
        return
    zone = (await tx.get(Site, schedule.site_id)).zone
    after = schedule.next_at if has_period(schedule.report) else max(schedule.next_at, tx.now)
    next_at = next_due(schedule.rhythm, schedule.day, schedule.at, after, zone)
    tx.due("report_due", schedule.id, next_at)
    tx.update(schedule, next_at=next_at, job_id=tx.pending(Job)[-1].id)


async def _recall(tx: Change, recall_id: str) -> bool:
    """Until every consignee has answered (QUA-6)."""
    recall = await tx.get(Recall, recall_id)
    if recall.status != "in_force":
        return False
    waiting = await tx.all(RecallConsignee, "recall_id = $1 and answered_at is null order by id", recall.id)
    facts: dict[str, Value] = {"recall": recall.number, "count": len(waiting)}
    await tx.tell_role(("quality_engineer", "quality_manager"), "recall_due", "recall", recall.id, **facts)
    return True


async def _qualification(tx: Change, qualification_id: str) -> bool:
    """A month ahead and once it has ended; one that was renewed meanwhile has a clock of its own (QUA-5). Nobody is
    asked to renew what is of an alias."""
    known = await tx.get(Qualification, qualification_id)
    asked = known.status == "approved" and await renewal_asked(
        tx, "qualification_expiry", known.id, known.expires_on
    )
    of_alias = [await alias_of(tx, id) for id in (known.item_id, known.supplier_id)]
    if asked and of_alias == [None, None]:
        supplier, item = await tx.get(Supplier, known.supplier_id), await tx.get(Item, known.item_id)
        facts = {"supplier": supplier.name, "item": item.code, "expires_on": known.expires_on}
        await tx.tell_role(QUALITY, "supplier_qualification_ends", "supplier", supplier.id, **facts)
    return False


async def _certificate(tx: Change, certificate_id: str) -> bool:
    """Likewise, unless a newer one of its kind is here."""
    known = await tx.get(SupplierCertificate, certificate_id)
    where = "supplier_id = $1 and kind = $2 and valid_until > $3"
    newer = await tx.first(SupplierCertificate, where, known.supplier_id, known.kind, known.valid_until)
    if newer is None and await renewal_asked(tx, "certificate_expiry", known.id, known.valid_until):
        supplier = await tx.get(Supplier, known.supplier_id)
        facts = {"supplier": supplier.name, "kind": known.kind, "number": known.number}
        await tx.tell_role(
            QUALITY,
            "supplier_certificate_ends",
            "supplier",
            supplier.id,
            **facts,
            valid_until=known.valid_until,
        )
    return False


async def _training(tx: Change, site_id: str) -> bool:
    """Whoever is not trained, or soon will not be, is asked every day; owners hear of what stays open (REL-11)."""
    return await ask_again(tx, site_id)


async def _capa(tx: Change, capa_id: str) -> bool:
    """Its owner and the manager, until it is closed (QUA-2)."""
    capa = await tx.get(Capa, capa_id)
    if capa.status in ("closed", "withdrawn"):
        return False
    facts = {"capa": capa.number, "title": capa.title, "due_on": capa.due_on}
    tx.tell(capa.owner_id, "capa_due", "capa", capa.id, **facts)
    await tx.tell_role(("quality_manager",), "capa_overdue", "capa", capa.id, **facts)
    return True


async def _capa_effect(tx: Change, capa_id: str) -> bool:
    """The waiting time is over: its owner says by evidence whether it has worked (QUA-2)."""
    capa = await tx.get(Capa, capa_id)
    if capa.status != "waiting" or capa.waits_until is None or capa.waits_until > tx.today.isoformat():
        return False
    tx.tell(capa.owner_id, "capa_effect_due", "capa", capa.id, capa=capa.number, title=capa.title)
    return True


async def _change(tx: Change, request_id: str) -> bool:
    """Its owner, until it is closed (QUA-3)."""
    request = await tx.get(ChangeRequest, request_id)
    if request.status in ("closed", "withdrawn"):
        return False
    if request.due_on > tx.today.isoformat():  # its day was moved on meanwhile
        tx.due("change_reminder", request.id, f"{request.due_on}T00:00:00.000000Z")
        return False
    facts = {"change": request.number, "title": request.title, "due_on": request.due_on}
    tx.tell(request.owner_id, "change_due", "change_request", request.id, **facts)
    return True


async def _complaint(tx: Change, complaint_id: str) -> bool:
    """Its owner or every quality engineer, and the manager, until it has an answer (QUA-8)."""
    complaint = await tx.get(Complaint, complaint_id)
    if complaint.status in ("answered", "closed") or complaint.due_on > tx.today.isoformat():
        return False
    facts = {"complaint": complaint.number, "due_on": complaint.due_on}
    if complaint.owner_id is not None:
        tx.tell(complaint.owner_id, "complaint_due", "complaint", complaint.id, **facts)
    else:
        await tx.tell_role(("quality_engineer",), "complaint_due", "complaint", complaint.id, **facts)
    await tx.tell_role(("quality_manager",), "complaint_overdue", "complaint", complaint.id, **facts)
    return True
