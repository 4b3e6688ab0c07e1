"""What recording and correcting share in the database: the case of an inspection, and what its verdict brings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from backend.domain.answering import Judged, asked_after, judge_readings
from backend.domain.inspections import INSPECTION_STEPS, Inspection, Reading, Sample
from backend.domain.items import Item as Material
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.ncrs import CONTAIN_WITHIN, NCR_DAYS, Ncr
from backend.domain.people import Who
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Item, PlanDocument, items
from backend.domain.sampling_rules import pull_nested
from backend.domain.second_samples import units_needed
from backend.domain.series import sampling_at_verdict, severities_of
from backend.domain.signing import later
from backend.domain.steps import take
from backend.domain.tallies import InspectionVerdict
from backend.store.change import Change
from backend.store.computing import compute_anew
from backend.store.descent import carried_into, hold_carried
from backend.store.escalating import ask_to_decide
from backend.store.numbering import number
from backend.store.people import holders
from backend.store.reader import Reader
from backend.store.series import verdict_changed
from backend.store.stock import portions_of, step_portions
from backend.store.tables import Dialect
from backend.store.together import Ask, ask
from backend.store.training import gate_asks

PASSED_TELLS = ("supervisor",)
_documents: dict[str, PlanDocument] = {}


class Case(msgspec.Struct):
    """An inspection with what it is judged by."""

    inspection: Inspection
    document: PlanDocument
    asked: list[Item]
    readings: list[Reading]
    """In force."""
    samples: list[Sample]

    def ask_on(self) -> None:
        """Ask what the readings in force call for: a second sample, where the first does not decide (SMP-2)."""
        first = [item for item in self.asked if item.found is None]
        self.asked = asked_after(self.document, first, self.readings)


async def document_of(read: Reader, plan_version_id: str) -> PlanDocument:
    """What a plan version says; it never changes once effective, so it is kept."""
    document = _documents.get(plan_version_id)
    if document is None:
        document = (await read.get(PlanVersion, plan_version_id)).document
        _documents[plan_version_id] = document
    return document


def case_asks(inspection_id: str) -> list[Ask]:
    """The inspection, its readings in force, its samples."""
    return [
        ask(Inspection, "id = $1", inspection_id),
        ask(Reading, "inspection_id = $1 and status = 'current' order by id", inspection_id),
        ask(Sample, "inspection_id = $1 order by number", inspection_id),
    ]


async def case_of(read: Reader, inspection_id: str, *ahead: Ask) -> Case:
    """Gather it, and in the same trip what will be asked next."""
    asks = dict.fromkeys([*case_asks(inspection_id), *ahead])
    found, readings, samples, *_ = await read.together(*asks)
    inspection = read.mine(Inspection, inspection_id, found)
    document = await document_of(read, inspection.plan_version_id)
    case = Case(inspection, document, first_asked(document, inspection), readings, samples)
    case.ask_on()
    return case


def first_asked(document: PlanDocument, inspection: Inspection) -> list[Item]:
    """What a version asks of an inspection, second samples not among it."""
    return items(document, inspection.lot_size, severities_of(inspection.sampling), bool(inspection.skipped))


_LOT = "select lot_id from inspection where id = $1"
_ITEM = f"select item_id from lot where id = ({_LOT})"


def record_asks(dialect: Dialect, inspection_id: str, who: Who, now: str) -> list[Ask]:
    """All that recording a result by this person may touch, tell or wait for."""
    return [
        *case_asks(inspection_id),
        *(gate_asks(dialect, inspection_id, who.person_id) if dialect == "postgres" else ()),
        ask(Portion, f"lot_id = ({_LOT}) order by id", inspection_id),
        ask(Lot, f"id = ({_LOT})", inspection_id),
        ask(Material, f"id = ({_ITEM})", inspection_id),
        holders(who.site_id, now, PASSED_TELLS),
    ]


async def case_to_record(tx: Change, inspection_id: str) -> Case:
    """The case with all of that, in one trip."""
    asks = record_asks(tx.dialect, inspection_id, tx.who, tx.now)
    case = await case_of(tx, inspection_id, *asks)
    portions = next(each for each in asks if each.noun is Portion)
    tx.know(portions_of(case.inspection.lot_id), await tx.all(Portion, portions.where, *portions.args))
    return case


def reading_of(
    tx: Change,
    inspection: Inspection,
    judged: Judged,
    samples: dict[int, str],
    attachments: list[str],
    device_at: str | None,
) -> Reading:
    """A judged entry as a row (RES-9)."""
    return Reading(
        id=tx.new_id(),
        site_id=inspection.site_id,
        inspection_id=inspection.id,
        sample_id=samples.get(judged.item.sample_number),
        item_key=judged.item.key,
        characteristic=judged.item.characteristic,
        entered=judged.entered,
        value=judged.value,
        qualifier=judged.qualifier,
        verdict=judged.verdict,
        status="current",
        person_id=tx.who.person_id,
        source=tx.who.source,
        at=tx.now,
        device_at=device_at,
        attachments=attachments,
        basis=judged.basis,
    )


async def follow_verdict(tx: Change, case: Case) -> tuple[Inspection, list[Ncr]]:
    """Judge all readings in force; step the inspection, hold the lot and open NCRs as they demand (RES-10)."""
    case.ask_on()
    pull_more(tx, case)
    compute_anew(tx, case.inspection, case.document, case.asked, case.readings)
    verdict = judge_readings(case.document, case.asked, case.readings)
    lot = await tx.get(Lot, case.inspection.lot_id)
    complete = all(item.verdict is not None for item in verdict.items)
    status = take(INSPECTION_STEPS, "record", "in_progress")
    if complete and verdict.overall == "passed":
        status = take(INSPECTION_STEPS, "pass", status)
    elif complete and verdict.overall == "failed":
        status = take(INSPECTION_STEPS, "fail", status)
    finished = tx.now if status in ("passed", "failed") else None
    sampling = case.inspection.sampling
    if sampling is not None and (finished or case.inspection.finished_at):
        size = case.inspection.lot_size
        sampling = sampling_at_verdict(case.document, size, sampling, verdict, tx.now)
    inspection = tx.update(case.inspection, status=status, finished_at=finished, sampling=sampling)
    await verdict_changed(tx, lot, case.inspection, inspection)
    ncrs = await _nonconformities(tx, case, verdict, lot)
    if not ncrs and case.inspection.status == "open":
        await step_portions(tx, lot, "start_inspection", inspection.receipt_id, ("quarantine",))
    if finished is not None:
        await _tell_supervisors(tx, inspection, lot)
    return inspection, ncrs


def pull_more(tx: Change, case: Case) -> None:
    """Samples keep their numbers; what is needed beyond them is pulled by the same seed (SMP-6)."""
    inspection = case.inspection
    sizes = [min(size, inspection.lot_size) for size in units_needed(case.asked)]
    if max(sizes, default=0) <= len(case.samples):
        return
    taken = [sample.unit for sample in case.samples]
    new = pull_nested(bytes.fromhex(inspection.seed), inspection.lot_size, sizes, taken)
    for place, unit in enumerate(new, start=len(taken) + 1):
        case.samples.append(tx.insert(Sample(tx.new_id(), inspection.site_id, inspection.id, place, unit)))


async def _nonconformities(tx: Change, case: Case, verdict: InspectionVerdict, lot: Lot) -> list[Ncr]:
    failed = [tally.characteristic for tally in verdict.tallies if tally.outcome == "failed"]
    if not failed:
        return []
    reversed_readings = list(reversed(case.readings))
    first = {code: _about(code, reversed_readings) for code in failed}
    return await open_ncrs(tx, case, first, lot)


def _about(code: str, readings: list[Reading]) -> Reading:
    """The reading that a report is about: the last that fails; where only all of them together do, the last."""
    of_code = [reading for reading in readings if reading.characteristic == code]
    return next((reading for reading in of_code if reading.verdict == "nonconforming"), of_code[0])


async def open_ncrs(tx: Change, case: Case, readings: dict[str, Reading], lot: Lot) -> list[Ncr]:
    """One for each characteristic that has none yet, about that reading; the receipt is held (RES-10)."""
    known = {ncr.characteristic for ncr in await tx.all(Ncr, "inspection_id = $1", case.inspection.id)}
    opened = [
        await _open_ncr(tx, case, code, reading, lot)
        for code, reading in readings.items()
        if code not in known
    ]
    if opened:
        await step_portions(tx, lot, "hold", case.inspection.receipt_id)
        await _hold_carried(tx, case.inspection.receipt_id, opened, lot)
    return opened


async def _hold_carried(tx: Change, receipt_id: str, ncrs: list[Ncr], lot: Lot) -> None:
    """What was split off or merged inherits the failure of what it came from (LOT-3, LOT-4)."""
    await hold_carried(tx, await carried_into(tx, receipt_id), lot, "ncr", [ncr.id for ncr in ncrs])


async def _open_ncr(tx: Change, case: Case, code: str, reading: Reading, lot: Lot) -> Ncr:
    characteristic = next(c for c in case.document.characteristics if c.code == code)
    portions = await tx.all(Portion, "receipt_id = $1", case.inspection.receipt_id)
    ncr_number = await number(tx, "ncr")
    ncr = tx.insert(
        Ncr(
            id=tx.new_id(),
            site_id=lot.site_id,
            number=ncr_number,
            lot_id=lot.id,
            receipt_id=case.inspection.receipt_id,
            inspection_id=case.inspection.id,
            characteristic=code,
            reading_id=reading.id,
            severity="critical" if _critical(reading) else characteristic.severity,
            status="open",
            quantity=sum((portion.quantity for portion in portions), Decimal(0))
            if portions
            else Decimal(case.inspection.lot_size),
            owner_id=None,
            due_on=(tx.today + timedelta(days=NCR_DAYS)).isoformat(),
            opened_at=tx.now,
        )
    )
    tx.insert(Hold(tx.new_id(), lot.site_id, lot.id, case.inspection.receipt_id, "ncr", ncr.id, tx.now))
    item = await tx.get(Material, lot.item_id)
    await tx.tell_role(
        ("quality_engineer",),
        "ncr_opened",
        "ncr",
        ncr.id,
        ncr=ncr.number,
        lot=lot.number,
        item=msgspec.to_builtins(item.name),
        characteristic=msgspec.to_builtins(characteristic.name),
        severity=ncr.severity,
    )
    tx.due("ncr_reminder", ncr.id, f"{ncr.due_on}T00:00:00.000000Z")
    tx.due("containment_reminder", ncr.id, later(tx.now, CONTAIN_WITHIN))
    return ncr


def _critical(reading: Reading) -> bool:
    """A critical defect among those that were counted (SMP-5)."""
    return reading.basis is not None and any(each.severity == "critical" for each in reading.basis.defects)


async def _tell_supervisors(tx: Change, inspection: Inspection, lot: Lot) -> None:
    if inspection.status != "passed":
        return
    item = await tx.get(Material, lot.item_id)
    await ask_to_decide(
        tx,
        PASSED_TELLS,
        inspection.receipt_id,
        lot=lot.number,
        item=msgspec.to_builtins(item.name),
        inspection=inspection.number,
    )
