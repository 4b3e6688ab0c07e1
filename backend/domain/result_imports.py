"""A table of results on its way into an inspection: every cell that is wrong or doubtful is named, then all or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from backend.domain.answering import Judged, judge_entry
from backend.domain.errors import Fact, Reason, Refused
from backend.domain.gauges import Gauge, Use, faults
from backend.domain.instrument_csv import DecimalSign, Role, Row, Sheet, plain_number
from backend.domain.plans import Characteristic, Item, PlanDocument

DOUBTS = ("unit_converted", "value_implausible", "value_out_of_limits")
"""What a person may confirm; anything else has to be put right in the file."""
_SAMPLE = re.compile(r"#?\s*0*([0-9]{1,6})(?:\.0+)?")


class Cell(msgspec.Struct, frozen=True):
    """What is wrong with a cell, or to be confirmed: the line of the file, the column as its header names it."""

    line: int
    column: str
    text: str
    item_key: str | None
    reason: Reason


class Found(msgspec.Struct, frozen=True):
    """A result as it would go on record."""

    item_key: str
    entered: str
    verdict: str
    gauge_id: str | None


class ImportTrial(msgspec.Struct, frozen=True):
    """What a file would do: nothing while there are `errors`; `doubts` are to be confirmed by their item's key."""

    encoding: str
    separator: str
    columns: dict[str, str]
    results: list[Found]
    errors: list[Cell]
    doubts: list[Cell]


class Ground(NamedTuple):
    """What the file is held against: `answered` item keys, gauges by code, those of this person by type."""

    document: PlanDocument
    asked: Sequence[Item]
    answered: frozenset[str]
    gauges: Mapping[str, Gauge]
    remembered: Mapping[str, Gauge]
    today: str


class _Wrong(Exception):
    def __init__(self, role: Role, *reasons: Reason) -> None:
        super().__init__(role)
        self.role, self.reasons = role, reasons


class _Answer(NamedTuple):
    item: Item
    characteristic: Characteristic
    rows: list[Row]


def try_import(sheet: Sheet, ground: Ground, decimal: DecimalSign = "") -> ImportTrial:
    """Judge every row; the readings of one sample are those of its rows, in order."""
    errors: list[Cell] = []
    answers: dict[str, _Answer] = {}
    for row in sheet.rows:
        try:
            item, characteristic = _item(row, ground)
            answers.setdefault(item.key, _Answer(item, characteristic, [])).rows.append(row)
        except _Wrong as wrong:
            errors += [_cell(sheet, row, wrong.role, None, reason) for reason in wrong.reasons]
    results, doubts = [], []
    for answer in answers.values():
        try:
            found, doubtful = _judge(answer, ground, decimal)
        except _Wrong as wrong:
            row = answer.rows[-1]
            errors += [_cell(sheet, row, wrong.role, answer.item.key, reason) for reason in wrong.reasons]
        else:
            results.append(found)
            doubts += [_cell(sheet, answer.rows[0], "value", answer.item.key, each) for each in doubtful]
    names: dict[str, str] = dict(sheet.columns.items())
    return ImportTrial(sheet.encoding, sheet.separator, names, results, errors, doubts)


def _item(row: Row, ground: Ground) -> tuple[Item, Characteristic]:
    named = row.cells.get("item", "").casefold()
    characteristic = next(
        (
            each
            for each in ground.document.characteristics
            if named in (each.code.casefold(), each.name.en.casefold(), each.name.zh.casefold())
        ),
        None,
    )
    if characteristic is None:
        raise _Wrong("item", Reason("csv_item_unknown", {"item": row.cells.get("item", "")}))
    items = [item for item in ground.asked if item.characteristic == characteristic.code]
    if items and items[0].computed:
        raise _Wrong("item", Reason("item_computed", {"item": characteristic.code}))
    text = row.cells.get("sample", "")
    number = _SAMPLE.fullmatch(text)
    if text and number is None:
        raise _Wrong("sample", Reason("csv_sample_unknown", {"sample": text, "n": len(items)}))
    wanted = int(number[1]) if number is not None else None
    if len(items) == 1 and (wanted is None or items[0].sample_number in (0, wanted)):
        return items[0], characteristic
    item = next((item for item in items if item.sample_number == wanted), None)
    if item is None:
        raise _Wrong("sample", Reason("csv_sample_unknown", {"sample": text, "n": len(items)}))
    return item, characteristic


def _judge(answer: _Answer, ground: Ground, decimal: DecimalSign) -> tuple[Found, list[Reason]]:
    item, characteristic, rows = answer
    if item.key in ground.answered:
        raise _Wrong("item", Reason("csv_answered", {"item": item.key}))
    if len(rows) > 1 and characteristic.replicates is None:
        raise _Wrong("sample", Reason("item_twice", {"item": item.key}))
    entered = "; ".join(_typed(row, characteristic, decimal) for row in rows)
    doubtful: list[Reason] = []
    try:
        judged = judge_entry(item, characteristic, entered, confirmed=False)
    except Refused as refused:
        if not all(reason.code in DOUBTS for reason in refused.reasons):
            raise _Wrong("value", *refused.reasons) from None
        doubtful = list(refused.reasons)
        judged = _confirmed(item, characteristic, entered)
    gauge = _gauge(rows[0], characteristic, judged, ground)
    return Found(item.key, entered, judged.verdict, gauge.id if gauge is not None else None), doubtful


def _confirmed(item: Item, characteristic: Characteristic, entered: str) -> Judged:
    try:
        return judge_entry(item, characteristic, entered, confirmed=True)
    except Refused as refused:  # a photo that no file holds
        raise _Wrong("value", *refused.reasons) from None


def _typed(row: Row, characteristic: Characteristic, decimal: DecimalSign) -> str:
    value = row.cells.get("value", "")
    if characteristic.kind != "numeric":
        return value
    unit = row.cells.get("unit", "")
    number = plain_number(value, decimal)
    return f"{number} {unit}".strip() if re.search(r"[0-9]", number) else number


def _gauge(row: Row, characteristic: Characteristic, judged: Judged, ground: Ground) -> Gauge | None:
    code = row.cells.get("gauge", "")
    wanted = characteristic.instrument_type
    gauge = ground.gauges.get(code.casefold()) if code else ground.remembered.get(wanted or "")
    if code and gauge is None:
        raise _Wrong("gauge", Reason("csv_gauge_unknown", {"gauge": code}))
    if gauge is None and wanted is not None:
        facts: dict[str, Fact] = {"type": wanted, "rule": "RES-6"}
        raise _Wrong("gauge", Reason("gauge_needed", facts, "gauge_id"))
    if gauge is not None and wanted is not None:
        for value in judged.measured:
            if found := faults(gauge, Use(characteristic, value), ground.today):
                raise _Wrong("gauge", *found)
        return gauge
    return None


def _cell(sheet: Sheet, row: Row, role: Role, key: str | None, reason: Reason) -> Cell:
    column = sheet.columns.get(role, role)
    named = msgspec.structs.replace(reason, field=f"{row.line}.{column}")
    return Cell(row.line, column, row.cells.get(role, ""), key, named)


def to_record(trial: ImportTrial, confirmed: Sequence[str]) -> list[Found]:
    """All results, or a refusal with every cell that is in the way: all or nothing."""
    open_doubts = [cell for cell in trial.doubts if cell.item_key not in confirmed]
    if against := [cell.reason for cell in (*trial.errors, *open_doubts)]:
        raise Refused(*against)
    if not trial.results:
        raise Refused(Reason("csv_empty", {}, "file"))
    return trial.results
