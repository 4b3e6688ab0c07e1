"""Answering an item of an inspection: read, question what looks wrong, judge, and say what follows (RES-1..10)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.answers import (
    Answer,
    CountAnswer,
    NumberAnswer,
    SeveralAnswer,
    TextAnswer,
    read_answer,
)
from backend.domain.calculating import reduce_parts
from backend.domain.errors import Fact, Reason, Refused, Stale
from backend.domain.inspections import Reading
from backend.domain.judging import Verdict, judge_answer, rounded
from backend.domain.plans import Characteristic, Item, PlanDocument
from backend.domain.plausibility import implausible
from backend.domain.result_kinds import Basis, Part
from backend.domain.second_samples import asked_now
from backend.domain.tallies import InspectionVerdict, judge_inspection
from backend.domain.units import decimal_of


class Judged(msgspec.Struct, frozen=True):
    """An answer as it will be stored."""

    item: Item
    characteristic: Characteristic
    entered: str
    value: Decimal | None
    qualifier: str | None
    verdict: Verdict
    basis: Basis | None = None

    @property
    def measured(self) -> list[Decimal]:
        """Every value that an instrument showed."""
        if self.basis is not None and self.basis.parts:
            return [part.value for part in self.basis.parts]
        return [] if self.value is None else [self.value]


class Recorded(msgspec.Struct, frozen=True):
    """What has come of it: the new readings, where the inspection stands, NCRs that it opened."""

    inspection_id: str
    inspection_status: str
    readings: list[str]
    verdicts: list[str]
    ncrs: list[str]
    lot_id: str


def find_item(document: PlanDocument, asked: list[Item], key: str) -> tuple[Item, Characteristic]:
    """The item with this key, and its characteristic."""
    for item in asked:
        if item.key == key:
            code = item.characteristic
            return item, next(c for c in document.characteristics if c.code == code)
    raise Refused(Reason("item_unknown", {"item": key}, "item_key"))


def judge_entry(
    item: Item,
    characteristic: Characteristic,
    entered: str,
    *,
    confirmed: bool,
    conforming: bool = True,
    photos: int = 0,
) -> Judged:
    """Read and judge one entry. What was converted, looks implausible or is out of limits must be confirmed first
    (RES-4)."""
    answer = read_answer(characteristic, item, entered)
    if isinstance(answer, TextAnswer) and not conforming:
        answer = msgspec.structs.replace(answer, conforming=False)
    verdict = judge_answer(characteristic, item, answer)
    if not confirmed and (doubts := _doubts(characteristic, entered, answer, verdict)):
        raise Refused(*doubts)
    if characteristic.photo_required and verdict == "nonconforming" and photos == 0:
        raise Refused(Reason("photo_required", {"item": item.key}, "attachments"))
    value, qualifier, basis = _stored(characteristic, answer)
    return Judged(item, characteristic, entered, value, qualifier, verdict, basis)


def _stored(
    characteristic: Characteristic, answer: Answer
) -> tuple[Decimal | None, str | None, Basis | None]:
    """Value, qualifier and basis of an answer, as they go on record."""
    match answer:
        case NumberAnswer(value=value, qualifier=qualifier, part=part):
            return (
                value,
                qualifier or None,
                None if part is None else Basis(_rule_of(characteristic, part), [part]),
            )
        case SeveralAnswer(parts=parts) if characteristic.replicates is not None:
            rule = characteristic.replicates.rule
            reduced = reduce_parts(rule, parts)
            reduced_to = None if reduced.value is None else decimal_of(reduced.value)
            return reduced_to, None, Basis(rule, list(parts), why=reduced.why)
        case CountAnswer(nonconforming=count, defects=defects):
            return Decimal(count), None, Basis("kinds", defects=list(defects)) if defects else None
    return None, None, None


def _rule_of(characteristic: Characteristic, part: Part) -> str:
    detection = characteristic.detection
    return detection.rule if part.limit is not None and detection is not None else "converted"


def _doubts(characteristic: Characteristic, entered: str, answer: Answer, verdict: Verdict) -> list[Reason]:
    """What a person has to look at again before it is recorded."""
    match answer:
        case NumberAnswer(value=value, part=part, qualifier=qualifier):
            parts = (part or Part(entered.strip(), value, qualifier),)
        case SeveralAnswer(parts=parts):
            pass
        case _:
            return []
    facts: dict[str, Fact] = {
        "value": "; ".join(f"{part.qualifier}{part.value:f}" for part in parts),
        "unit": characteristic.unit,
        "lower": None if characteristic.lower is None else format(characteristic.lower, "f"),
        "upper": None if characteristic.upper is None else format(characteristic.upper, "f"),
        "verdict": verdict,
    }
    found = []
    if any(part.unit is not None for part in parts):
        found.append(Reason("unit_converted", {**facts, "entered": entered.strip()}, "entered"))
    if any(part.limit is None and implausible(part.value, characteristic.limits) for part in parts):
        found.append(Reason("value_implausible", facts, "entered"))
    elif verdict != "conforming":
        found.append(Reason("value_out_of_limits", facts, "entered"))
    return found


def refuse_answered(reading: Reading | None, name: str, offered: str) -> None:
    """Somebody was faster at this item: what was `offered` second is kept in the refusal, and a person decides."""
    if reading is not None:
        facts = {
            "item": reading.item_key,
            "by": name,
            "entered": reading.entered,
            "at": reading.at,
            "offered": offered,
        }
        raise Stale(Reason("item_answered", dict(facts), "item_key"))


def answers_of(document: PlanDocument, readings: list[Reading]) -> dict[str, Answer]:
    """Stored readings in force, as answers to be judged together; what was computed is computed anew."""
    by_code = {characteristic.code: characteristic for characteristic in document.characteristics}
    answers: dict[str, Answer] = {}
    for reading in readings:
        if not reading.computed:
            answers[reading.item_key] = _answer_of(by_code[reading.characteristic], reading)
    return answers


def asked_after(document: PlanDocument, first: list[Item], readings: list[Reading]) -> list[Item]:
    """The questions as they are by now: with those of second samples that the readings in force call for."""
    if not any(item.second for item in first):
        return first
    return asked_now(document, first, answers_of(document, readings))


def _answer_of(characteristic: Characteristic, reading: Reading) -> Answer:
    kind, basis = characteristic.kind, reading.basis
    if kind == "numeric" and characteristic.replicates is not None and basis is not None:
        return SeveralAnswer(tuple(basis.parts))
    if kind == "numeric" and reading.value is not None:
        return NumberAnswer(reading.value, reading.qualifier or "")  # type: ignore[arg-type]
    if kind == "attribute" and reading.value is not None:
        defects = basis.defects if basis is not None else []
        critical = max((each.count for each in defects if each.severity == "critical"), default=0)
        return CountAnswer(int(reading.value), critical)
    return TextAnswer(reading.entered, reading.verdict == "conforming")


def reduced(characteristic: Characteristic, reading: Reading) -> str | None:
    """What several readings of a sample are reduced to, as it is reported; None: there is no such value."""
    answer = _answer_of(characteristic, reading)
    if not isinstance(answer, SeveralAnswer) or characteristic.replicates is None:
        return None
    exact = reduce_parts(characteristic.replicates.rule, answer.parts).value
    return None if exact is None else format(rounded(characteristic, exact), "f")


def judge_readings(document: PlanDocument, asked: list[Item], readings: list[Reading]) -> InspectionVerdict:
    """The inspection as its readings in force make it."""
    return judge_inspection(document, asked, answers_of(document, readings))


def next_item(asked: list[Item], readings: list[Reading]) -> Item | None:
    """The first item without an answer; what is computed needs none."""
    answered = {reading.item_key for reading in readings}
    return next((item for item in asked if not item.computed and item.key not in answered), None)
