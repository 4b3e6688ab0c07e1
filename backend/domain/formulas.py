"""Characteristics that are computed: each value from the answers to others, exactly, never from one that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from backend.domain.answers import Answer, NumberAnswer, SeveralAnswer
from backend.domain.calculating import CENSORED, Computed, calculate, reduce_parts
from backend.domain.plans import Characteristic, Item, PlanDocument
from backend.domain.result_kinds import Formula
from backend.domain.units import unit

Places = Mapping[str, Mapping[int, Item]]
"""Items by characteristic and sample number."""


def places_of(items: Sequence[Item]) -> Places:
    """The items, to be found by characteristic and sample."""
    places: dict[str, dict[int, Item]] = {}
    for item in items:
        places.setdefault(item.characteristic, {})[item.sample_number] = item
    return places


def operands_of(formula: Formula, item: Item, places: Places) -> list[Item] | None:
    """The items that a computed one is computed from, in the formula's order; None: one is not asked at all."""
    if formula.over == "all":
        return [each for code in formula.of for each in places.get(code, {}).values()]
    found = [places.get(code, {}).get(item.sample_number) for code in formula.of]
    return None if None in found else [each for each in found if each is not None]


def in_order(doc: PlanDocument) -> list[Characteristic]:
    """The computed ones, each after those that it needs; those in a circle are left out."""
    waiting = {each.code: each for each in doc.characteristics if each.formula is not None}
    order: list[Characteristic] = []
    while ready := [
        each
        for each in waiting.values()
        if each.formula is not None and not any(code in waiting for code in each.formula.of)
    ]:
        order += ready
        for each in ready:
            del waiting[each.code]
    return order


def compute_all(
    doc: PlanDocument, items: Sequence[Item], answers: Mapping[str, Answer]
) -> dict[str, Computed]:
    """By item key, what could be computed; what lacks an answer is not there (RES-1)."""
    known: dict[str, Computed] = {}
    order = in_order(doc)
    if not order:
        return known
    places = places_of(items)
    by_code = {each.code: each for each in doc.characteristics}
    for characteristic in order:
        for item in places.get(characteristic.code, {}).values():
            value = _compute(by_code, characteristic, item, places, answers, known)
            if value is not None:
                known[item.key] = value
    return known


def _compute(
    by_code: Mapping[str, Characteristic],
    characteristic: Characteristic,
    item: Item,
    places: Places,
    answers: Mapping[str, Answer],
    known: Mapping[str, Computed],
) -> Computed | None:
    formula = characteristic.formula
    operands = []
    for each in (operands_of(formula, item, places) if formula is not None else None) or ():
        of = by_code[each.characteristic]
        value = known.get(each.key) if each.computed else _value(of, answers.get(each.key))
        if value is None:
            return None
        operands.append((value, unit(of.unit)))
    if formula is None or not operands:
        return None
    return calculate(formula.rule, operands, unit(characteristic.unit))


def _value(characteristic: Characteristic, answer: Answer | None) -> Computed | None:
    match answer:
        case NumberAnswer(value=value, qualifier=qualifier):
            return CENSORED if qualifier else Computed(Fraction(value))
        case SeveralAnswer(parts=parts) if characteristic.replicates is not None:
            return reduce_parts(characteristic.replicates.rule, parts)
    return None
