"""Record answers to items of an inspection: read, judged at once, with whatever a failure brings (RES-1..10)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from backend.domain.answering import Recorded, find_item, judge_entry, refuse_answered
from backend.domain.documents import Document
from backend.domain.errors import Refused, refuse
from backend.domain.inspections import Reading
from backend.domain.items import Item
from backend.domain.people import Person, RoleGrant, Who
from backend.domain.result_imports import Found
from backend.domain.training import Training, TrainingNeed
from backend.store.ahead import Ahead
from backend.store.attached import check_attached
from backend.store.change import Change
from backend.store.gauging import check_use, gauge_of, with_gauge
from backend.store.inspecting import Case, case_to_record, follow_verdict, reading_of, record_asks
from backend.store.training import Gate, gate_of
from backend.store.verb import verb

MASTER_DATA: frozenset[type[msgspec.Struct]] = frozenset(
    (Item, Person, RoleGrant, Document, TrainingNeed, Training)
)


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer as entered. Attribute: the count of nonconforming units. `confirmed`: asked and meant."""

    item_key: str
    entered: str
    confirmed: bool = False
    conforming: bool = True
    attachments: list[str] = []
    note: str | None = None
    gauge_id: str | None = None
    """What it was measured with; None: the one this person used last here, where the plan asks for one (RES-6)."""


class RecordResults(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of one person to one inspection."""

    id: str
    inspection_id: str
    entries: list[Entry]
    device_at: str | None = None
    file: str | msgspec.UnsetType = msgspec.UNSET
    """Name and digest of the file that they came in."""


def _foresee(who: Who, command: RecordResults, now: str) -> Ahead:
    """Only PostgreSQL reads ahead."""
    return Ahead(record_asks("postgres", command.inspection_id, who, now), MASTER_DATA)


def from_file(
    id: str, inspection_id: str, found: Sequence[Found], name: str, data: bytes, device_at: str | None = None
) -> RecordResults:
    """The command that records what a file was read as; its name and digest stay with the results (RES-9)."""
    entries = [
        Entry(item_key=each.item_key, entered=each.entered, confirmed=True, gauge_id=each.gauge_id)
        for each in found
    ]
    file = f"{name[:200]} sha256:{hashlib.sha256(data).hexdigest()}"
    return RecordResults(id=id, inspection_id=inspection_id, entries=entries, device_at=device_at, file=file)


@verb(foresee=_foresee)
async def record_results(tx: Change, who: Who, command: RecordResults) -> Recorded:
    """Record answers; an item that somebody has answered meanwhile is stale, and nothing is written."""
    if not command.entries:
        raise refuse("reading_missing", field="entries")
    keys = [entry.item_key for entry in command.entries]
    if len(set(keys)) < len(keys):
        raise refuse("item_twice", field="entries")
    case = await case_to_record(tx, command.inspection_id)
    if case.inspection.site_id != who.site_id:
        raise refuse("other_site")
    if case.inspection.status not in ("open", "in_progress"):
        await _refuse_finished(tx, case, command)
    await check_attached(tx, [sha256 for entry in command.entries for sha256 in entry.attachments])
    samples = {sample.number: sample.id for sample in case.samples}
    gate = await gate_of(tx, case.inspection.id, who.person_id, who.roles, tx.today.isoformat())
    readings = []
    for entry in command.entries:
        readings.append(await _read(tx, case, gate, entry, samples, command))
        case.readings.append(readings[-1])
        case.ask_on()
    inspection, ncrs = await follow_verdict(tx, case)
    tx.record(
        "results_recorded",
        "inspection",
        inspection.id,
        inspection=inspection.number,
        items=[reading.item_key for reading in readings],
        verdicts=[reading.verdict for reading in readings],
        **({"file": command.file} if command.file is not msgspec.UNSET else {}),
    )
    return Recorded(
        inspection.id,
        inspection.status,
        [reading.id for reading in readings],
        [reading.verdict for reading in readings],
        [ncr.id for ncr in ncrs],
        inspection.lot_id,
    )


async def _refuse_finished(tx: Change, case: Case, command: RecordResults) -> None:
    for entry in command.entries:
        await _refuse_answered(tx, case, entry)
    raise refuse("inspection_finished", inspection=case.inspection.number, status=case.inspection.status)


async def _refuse_answered(tx: Change, case: Case, entry: Entry) -> None:
    reading = next((r for r in case.readings if r.item_key == entry.item_key), None)
    if reading is not None:
        refuse_answered(reading, (await tx.get(Person, reading.person_id)).printed_name, entry.entered)


async def _read(
    tx: Change, case: Case, gate: Gate, entry: Entry, samples: dict[int, str], command: RecordResults
) -> Reading:
    item, characteristic = find_item(case.document, case.asked, entry.item_key)
    await _refuse_answered(tx, case, entry)
    begun = any(each.characteristic == characteristic.code for each in case.readings)
    against = gate.against_entry(characteristic, begun)
    if against:
        raise Refused(*against)
    gauge = await gauge_of(tx, case.document, case.readings, characteristic, entry.gauge_id)
    judged = judge_entry(
        item,
        characteristic,
        entry.entered,
        confirmed=entry.confirmed,
        conforming=entry.conforming,
        photos=len(entry.attachments),
    )
    check_use(tx, gauge, characteristic, judged.measured)
    reading = reading_of(tx, case.inspection, judged, samples, entry.attachments, command.device_at)
    return tx.insert(with_gauge(msgspec.structs.replace(reading, reason=entry.note), gauge))
