"""An inspection as its inspector sees it: one question after the other, with what is known of each."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.answering import next_item, reduced
from backend.domain.gauges import Gauge
from backend.domain.inspections import Inspection, Reading
from backend.domain.people import Source
from backend.domain.plans import Characteristic, Item
from backend.domain.result_kinds import Basis, DefectKind, Detection, Formula, Replicates
from backend.domain.words import Words
from backend.store.gauging import remembered
from backend.store.inspecting import Case, case_of, document_of
from backend.store.reader import Reader
from backend.views.lots import LotLine, lot_line


class CharacteristicView(msgspec.Struct, frozen=True):
    """What is asked, with its limits."""

    code: str
    name: Words
    kind: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    target: Decimal | None
    resolution: Decimal | None
    severity: str
    method: str
    photo_required: bool
    detection: Detection | None = None
    replicates: Replicates | None = None
    formula: Formula | None = None
    defects: tuple[DefectKind, ...] = ()


class JudgedView(msgspec.Struct, frozen=True):
    """What a version of the plan made of a reading, where the inspection moved between two (SMP-8)."""

    version: int
    verdict: str | None


class GaugeUsed(msgspec.Struct, frozen=True):
    """A gauge as it was when it was read."""

    id: str
    code: str
    due_on: str
    resolution: Decimal


class GaugeChoice(msgspec.Struct, frozen=True):
    """A gauge of a type that the plan asks for; whether it may be used is decided when it is."""

    id: str
    code: str
    name: Words
    type: str
    unit: str
    resolution: Decimal
    status: str
    due_on: str


class ReadingView(msgspec.Struct, frozen=True):
    """What was answered, by whom."""

    id: str
    entered: str
    value: Decimal | None
    qualifier: str | None
    verdict: str
    by: str
    at: str
    source: Source
    corrected: bool
    attachments: list[str]
    reason: str | None
    gauge: GaugeUsed | None
    basis: Basis | None = None
    result: str | None = None
    """Of several readings, what they are reduced to, rounded as it was judged."""
    judged: list[JudgedView] = []
    """Empty, where it was judged under the inspection's own version alone."""


class Instrument(msgspec.Struct, frozen=True):
    """What it must be measured with; `gauge_id`: the one that this person uses here, None until it is chosen."""

    type: str
    gauge_id: str | None


class ItemView(msgspec.Struct, frozen=True):
    """One question. `sample_number` 0: one answer for the whole sample of `n`; else unit `unit_position` of the lot."""

    key: str
    characteristic: CharacteristicView
    sample_number: int
    unit_position: int | None
    n: int
    accept: int
    reject: int
    reading: ReadingView | None
    instrument: Instrument | None
    sample: int
    """2: of the second sample of double sampling (SMP-2)."""
    more: bool
    """Between `accept` and `reject` a second sample follows."""
    most_outside: Decimal | None
    """By variables: the estimated percent outside that is accepted; a single value decides nothing."""


class SamplingView(msgspec.Struct, frozen=True):
    """How hard a class is inspected, and since which lot (None: from the beginning)."""

    severity: str
    sampling: str
    since: str | None


class PlanRef(msgspec.Struct, frozen=True):
    """The frozen plan version."""

    code: str
    name: Words
    version: int


class InspectionSheet(msgspec.Struct, frozen=True):
    """The whole inspection; `next` is the first question without an answer."""

    id: str
    number: str
    stage: str
    status: str
    version: int
    lot: LotLine
    plan: PlanRef
    sample_size: int
    sampling: list[SamplingView]
    items: list[ItemView]
    gauges: list[GaugeChoice]
    """Of the types that are asked for: those in use first, by code."""
    answered: int
    total: int
    next: str | None
    computed: list[ItemView] = []
    """What follows from the answers by formula; nobody is asked."""


async def inspection_sheet(read: Reader, inspection_id: str, person_id: str = "") -> InspectionSheet:
    """By id, as this person answers it."""
    case = await case_of(read, inspection_id)
    inspection = case.inspection
    units = {sample.number: sample.unit for sample in case.samples}
    readings = {reading.item_key: reading for reading in case.readings}
    names: dict[str, str] = dict(
        await read.rows(
            "select id, printed_name from person where id in "
            "(select person_id from reading where inspection_id = $1)",
            inspection_id,
        )
    )
    plan = (
        await read.rows(
            "select plan.code, plan.name, plan_version.number from plan_version "
            "join plan on plan.id = plan_version.plan_id where plan_version.id = $1",
            inspection.plan_version_id,
        )
    )[0]
    judged = await _judged(read, inspection_id)
    following = next_item(case.asked, case.readings)
    gauges = await _gauges(read, case)
    views = [
        _item(case, item, units, readings.get(item.key), names, judged, gauges, person_id)
        for item in case.asked
    ]
    computed = {item.key for item in case.asked if item.computed}
    return InspectionSheet(
        id=inspection.id,
        number=inspection.number,
        stage=inspection.stage,
        status=inspection.status,
        version=inspection.version,
        lot=await lot_line(read, inspection.lot_id),
        plan=PlanRef(plan[0], msgspec.json.decode(plan[1], type=Words), plan[2]),
        sample_size=len(case.samples),
        sampling=[
            SamplingView(each.of, "discontinued" if each.stopped else each.severity, each.since)
            for each in inspection.sampling or ()
        ],
        items=[view for view in views if view.key not in computed],
        gauges=_choices(case, gauges),
        answered=len(readings.keys() - computed),
        total=len(views) - len(computed),
        next=following.key if following else None,
        computed=[view for view in views if view.key in computed],
    )


async def _judged(read: Reader, inspection_id: str) -> dict[str, list[JudgedView]]:
    rows = await read.rows(
        "select reading_id, plan_version.number, verdict from judgement "
        "join plan_version on plan_version.id = judgement.plan_version_id "
        "where inspection_id = $1 order by judgement.id",
        inspection_id,
    )
    found: dict[str, list[JudgedView]] = {}
    for reading_id, number, verdict in rows:
        found.setdefault(reading_id, []).append(JudgedView(number, verdict))
    return found


def _item(
    case: Case,
    item: Item,
    units: dict[int, int],
    reading: Reading | None,
    names: dict[str, str],
    judged: dict[str, list[JudgedView]],
    gauges: dict[str, Gauge],
    person_id: str,
) -> ItemView:
    characteristic = next(c for c in case.document.characteristics if c.code == item.characteristic)
    return ItemView(
        key=item.key,
        characteristic=characteristic_view(characteristic),
        sample_number=item.sample_number,
        unit_position=units.get(item.sample_number),
        n=item.n,
        accept=item.accept,
        reject=item.reject,
        reading=reading_view(
            reading,
            characteristic,
            names[reading.person_id],
            judged.get(reading.id, []),
            gauges.get(reading.gauge_id or ""),
        )
        if reading
        else None,
        instrument=Instrument(
            characteristic.instrument_type,
            remembered(case.document, case.readings, person_id, characteristic.instrument_type),
        )
        if characteristic.instrument_type is not None
        else None,
        sample=1 if item.found is None else 2,
        more=item.second is not None,
        most_outside=item.most_outside,
    )


async def _gauges(read: Reader, case: Case) -> dict[str, Gauge]:
    """By id: those that were used here, and those that the plan asks for."""
    types = sorted({each.instrument_type for each in case.document.characteristics} - {None})  # type: ignore[type-var]
    used = sorted({each.gauge_id for each in case.readings if each.gauge_id is not None})
    if not types and not used:
        return {}
    marks = [f"${place + 2}" for place in range(len(types) + len(used))]
    of_types, of_ids = marks[: len(types)], marks[len(types) :]
    conditions = [
        *([f"type in ({', '.join(of_types)})"] if types else []),
        *([f"id in ({', '.join(of_ids)})"] if used else []),
    ]
    found = await read.all(
        Gauge,
        f"site_id = $1 and ({' or '.join(conditions)}) order by code",
        case.inspection.site_id,
        *types,
        *used,
    )
    return {each.id: each for each in found}


def _choices(case: Case, gauges: dict[str, Gauge]) -> list[GaugeChoice]:
    types = {each.instrument_type for each in case.document.characteristics}
    offered = [each for each in gauges.values() if each.type in types and each.status != "retired"]
    return [
        GaugeChoice(
            each.id, each.code, each.name, each.type, each.unit, each.resolution, each.status, each.due_on
        )
        for each in sorted(offered, key=lambda each: (each.status != "in_use", each.code))
    ]


def characteristic_view(of: Characteristic) -> CharacteristicView:
    """For a screen."""
    return CharacteristicView(
        of.code,
        of.name,
        of.kind,
        of.unit,
        of.lower,
        of.upper,
        of.target,
        of.resolution,
        of.severity,
        f"{of.method.document} {of.method.version}",
        of.photo_required,
        of.detection,
        of.replicates,
        of.formula,
        of.defects,
    )


def reading_view(
    reading: Reading, of: Characteristic, by: str, judged: list[JudgedView], gauge: Gauge | None
) -> ReadingView:
    """For a screen."""
    return ReadingView(
        reading.id,
        reading.entered,
        reading.value,
        reading.qualifier,
        reading.verdict,
        by,
        reading.at,
        reading.source,
        reading.corrects is not None,
        reading.attachments,
        reading.reason,
        GaugeUsed(
            gauge.id,
            gauge.code,
            reading.gauge_due_on or gauge.due_on,
            reading.gauge_resolution or gauge.resolution,
        )
        if gauge is not None
        else None,
        reading.basis,
        reduced(of, reading),
        judged,
    )


async def reading_of_id(read: Reader, reading_id: str) -> ReadingView:
    """One reading by id."""
    reading = await read.get(Reading, reading_id)
    rows = await read.rows("select printed_name from person where id = $1", reading.person_id)
    judged = (await _judged(read, reading.inspection_id)).get(reading.id, [])
    gauge = await read.get(Gauge, reading.gauge_id) if reading.gauge_id is not None else None
    inspection = await read.get(Inspection, reading.inspection_id)
    document = await document_of(read, inspection.plan_version_id)
    of = next(each for each in document.characteristics if each.code == reading.characteristic)
    return reading_view(reading, of, rows[0][0], judged, gauge)
