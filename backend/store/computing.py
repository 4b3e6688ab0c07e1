"""Readings that a formula makes: written when all that they need is there, written anew when that changes (RES-5)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.answering import answers_of
from backend.domain.calculating import Computed
from backend.domain.formulas import compute_all, operands_of, places_of
from backend.domain.inspections import Inspection, Reading
from backend.domain.judging import judge_exact, rounded
from backend.domain.plans import Characteristic, Item, PlanDocument
from backend.domain.result_kinds import Basis, Input
from backend.domain.units import decimal_of
from backend.store.change import Change

NONE = "–"
"""What is entered where nothing can be computed."""


def compute_anew(
    tx: Change, inspection: Inspection, document: PlanDocument, asked: Sequence[Item], readings: list[Reading]
) -> None:
    """Bring `readings`, and the database, in line with the formulas of the plan.

    A value that changed supersedes the one before it and has the reason of the correction that changed it; one
    that can't be computed any more is superseded alone.
    """
    if not any(item.computed for item in asked) and not any(reading.computed for reading in readings):
        return
    by_code = {each.code: each for each in document.characteristics}
    places = places_of(asked)
    current = {reading.item_key: reading for reading in readings}
    samples = {reading.item_key.rpartition("-")[2]: reading.sample_id for reading in readings}
    computed = compute_all(document, asked, answers_of(document, readings))
    for item in [item for item in asked if item.computed]:
        formula = by_code[item.characteristic].formula
        value = computed.get(item.key)
        wanted = None
        if value is not None and formula is not None:
            inputs = [current[each.key] for each in operands_of(formula, item, places) or ()]
            wanted = _reading(tx, inspection, by_code[item.characteristic], item, value, inputs)
            wanted = msgspec.structs.replace(wanted, sample_id=samples.get(str(item.sample_number)))
        _replace(tx, current, item.key, wanted)
    for key in [key for key, each in current.items() if each.computed and key not in computed]:
        _replace(tx, current, key, None)
    readings[:] = current.values()


def _replace(tx: Change, current: dict[str, Reading], key: str, wanted: Reading | None) -> None:
    old = current.get(key)
    if old is not None and wanted is not None and _says(old) == _says(wanted):
        return
    if old is not None:
        tx.update(old, status="superseded")
        del current[key]
    if wanted is not None:
        reason = _reason(current, wanted) if old is not None else None
        corrects = old.id if old is not None else None
        current[key] = tx.insert(msgspec.structs.replace(wanted, corrects=corrects, reason=reason))


def _says(reading: Reading) -> tuple[object, ...]:
    return reading.entered, reading.value, reading.verdict, reading.basis


def _reason(current: dict[str, Reading], wanted: Reading) -> str | None:
    """Of the newest of its inputs: that one changed it."""
    inputs = [current[each.item_key] for each in (wanted.basis.inputs if wanted.basis else ())]
    return max(inputs, key=lambda each: (each.at, each.id)).reason


def _reading(
    tx: Change,
    inspection: Inspection,
    characteristic: Characteristic,
    item: Item,
    computed: Computed,
    inputs: Sequence[Reading],
) -> Reading:
    rule = characteristic.formula.rule if characteristic.formula is not None else ""
    basis = Basis(rule, inputs=[Input(each.item_key, each.id) for each in inputs], why=computed.why)
    exact = computed.value
    return Reading(
        id=tx.new_id(),
        site_id=inspection.site_id,
        inspection_id=inspection.id,
        sample_id=None,
        item_key=item.key,
        characteristic=item.characteristic,
        entered=NONE if exact is None else format(rounded(characteristic, exact), "f"),
        value=None if exact is None else decimal_of(exact),
        qualifier=None,
        verdict=judge_exact(characteristic, exact),
        status="current",
        person_id=tx.who.person_id,
        source="system",
        at=tx.now,
        device_at=None,
        attachments=[],
        basis=basis,
    )
