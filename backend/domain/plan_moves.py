"""Moving an open inspection to another version of its plan (SMP-8): which readings go with it, and how they read there.

reading of                                          goes along
a question that the new version asks no more        no: it stays on record, superseded
another kind, unit, method or method version        no: the question is asked again
other readings of a sample, another rule for them   no: the question is asked again
other kinds of defects                              no: the question is asked again
what a formula computed                             computed anew, from what goes along
a count among n units, where n is another now       no: the question is asked again
anything else                                       yes, judged anew by the new version

No reading is lost: the record that is signed holds each, as judged under the old version and under the new one.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from backend.domain.answering import answers_of
from backend.domain.certificates import Signing, Site
from backend.domain.errors import Reason
from backend.domain.inspections import Inspection, Reading
from backend.domain.judging import Verdict, judge_answer
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Item, PlanDocument
from backend.domain.units import same_unit
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-plan-move/1"
STATEMENT = Words(
    "I have reviewed the readings above. Inspection {inspection} of lot {lot} "
    "moves from version {old} to version {new} of its plan.",
    "本人已审核上述读数。批次 {lot} 的检验 {inspection} 由其计划的第 {old} 版转到第 {new} 版。",
)


class MovedReading(msgspec.Struct, frozen=True):
    """A reading under both versions; `new` None: not carried over."""

    item_key: str
    characteristic: str
    entered: str
    by: str
    old: Verdict
    new: Verdict | None


class MoveRecord(msgspec.Struct, frozen=True):
    """What the signer was shown and signed; `to_answer`: keys of the questions that are open afterwards."""

    site: Site
    inspection: str
    lot: str
    plan: str
    old_version: int
    new_version: int
    readings: list[MovedReading]
    to_answer: list[str]
    signature: Signing
    format: str = RECORD_FORMAT


class Carried(NamedTuple):
    """A reading in force, and its verdict under the new version; None: it is not carried over."""

    reading: Reading
    verdict: Verdict | None


def statement(inspection: str, lot: str, old: int, new: int, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENT.in_language(language).format(inspection=inspection, lot=lot, old=old, new=new)


def against_move(inspection: Inspection, now: PlanVersion, target: PlanVersion) -> list[Reason]:
    """Why an inspection can't be moved from the version `now` to `target`."""
    if inspection.status not in ("open", "in_progress"):
        facts: dict[str, str | int] = {"inspection": inspection.number, "status": inspection.status}
        return [Reason("inspection_finished", dict(facts))]
    if target.plan_id != now.plan_id or target.status != "effective":
        return [Reason("plan_version_not_effective", {"version": target.number, "rule": "SMP-8"})]
    if target.id == now.id:
        return [Reason("plan_version_same", {"version": target.number, "rule": "SMP-8"})]
    return []


def carry(
    old: PlanDocument, asked_before: list[Item], new: PlanDocument, asked: list[Item], readings: list[Reading]
) -> list[Carried]:
    """Each reading in force under the new version; what was computed is computed anew by whoever moves."""
    readings = [reading for reading in readings if not reading.computed]
    answers = answers_of(old, readings)
    before = {item.key: item for item in asked_before}
    after = {item.key: item for item in asked}
    was = {each.code: each for each in old.characteristics}
    now = {each.code: each for each in new.characteristics}
    carried = []
    for reading in readings:
        item, characteristic = after.get(reading.item_key), now.get(reading.characteristic)
        goes = (
            item is not None
            and characteristic is not None
            and _same_question(was[reading.characteristic], characteristic)
            and (characteristic.kind != "attribute" or before[reading.item_key].n == item.n)
        )
        verdict = (
            judge_answer(characteristic, item, answers[reading.item_key])  # type: ignore[arg-type]
            if goes
            else None
        )
        carried.append(Carried(reading, verdict))
    return carried


def _same_question(was: Characteristic, now: Characteristic) -> bool:
    asks = (was.kind, was.method, was.replicates, was.formula, was.defects)
    return asks == (now.kind, now.method, now.replicates, now.formula, now.defects) and same_unit(
        was.unit, now.unit
    )
