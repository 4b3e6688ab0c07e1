"""Answering an item of an inspection: read, question what looks wrong, judge, and say what follows (RES-1..10)."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.errors import Reason, Refused, Stale
from backend.domain.inspections import Reading
from backend.domain.judging import (
    Answer,
    CountAnswer,
    InspectionVerdict,
    NumberAnswer,
    TextAnswer,
    Verdict,
    implausible,
    judge_answer,
    judge_inspection,
    read_answer,
)
from backend.domain.plans import Characteristic, Item, PlanDocument


class Judged(msgspec.Struct, frozen=True):
    """An answer as it will be stored."""

    item: Item
    characteristic: Characteristic
    entered: str
    value: Decimal | None
    qualifier: str | None
    verdict: Verdict


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
    """Read and judge one entry. What is implausible or out of limits must be confirmed first (RES-4)."""
    answer = read_answer(characteristic, item, entered)
    if isinstance(answer, TextAnswer) and not conforming:
        answer = msgspec.structs.replace(answer, conforming=False)
    verdict = judge_answer(characteristic, item, answer)
    if isinstance(answer, NumberAnswer) and not confirmed:
        _question(characteristic, answer, verdict)
    if characteristic.photo_required and verdict == "nonconforming" and photos == 0:
        raise Refused(Reason("photo_required", {"item": item.key}, "attachments"))
    value: Decimal | None = None
    qualifier: str | None = None
    if isinstance(answer, NumberAnswer):
        value, qualifier = answer.value, answer.qualifier or None
    elif isinstance(answer, CountAnswer):
        value = Decimal(answer.nonconforming)
    return Judged(item, characteristic, entered, value, qualifier, verdict)


def _question(characteristic: Characteristic, answer: NumberAnswer, verdict: Verdict) -> None:
    facts = {
        "value": format(answer.value, "f"),
        "unit": characteristic.unit,
        "lower": None if characteristic.lower is None else format(characteristic.lower, "f"),
        "upper": None if characteristic.upper is None else format(characteristic.upper, "f"),
    }
    if implausible(answer.value, characteristic.limits):
        raise Refused(Reason("value_implausible", dict(facts), "entered"))
    if verdict != "conforming":
        raise Refused(Reason("value_out_of_limits", dict(facts), "entered"))


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
    """Stored readings in force, as answers to be judged together."""
    kinds = {characteristic.code: characteristic.kind for characteristic in document.characteristics}
    answers: dict[str, Answer] = {}
    for reading in readings:
        kind = kinds[reading.characteristic]
        if kind == "numeric" and reading.value is not None:
            answers[reading.item_key] = NumberAnswer(reading.value, reading.qualifier or "")  # type: ignore[arg-type]
        elif kind == "attribute" and reading.value is not None:
            answers[reading.item_key] = CountAnswer(int(reading.value))
        else:
            answers[reading.item_key] = TextAnswer(reading.entered, reading.verdict == "conforming")
    return answers


def judge_readings(document: PlanDocument, asked: list[Item], readings: list[Reading]) -> InspectionVerdict:
    """The inspection as its readings in force make it."""
    return judge_inspection(document, asked, answers_of(document, readings))


def next_item(asked: list[Item], readings: list[Reading]) -> Item | None:
    """The first item without an answer."""
    answered = {reading.item_key for reading in readings}
    return next((item for item in asked if item.key not in answered), None)
