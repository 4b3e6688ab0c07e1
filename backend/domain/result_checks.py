"""What contradicts itself in a plan: limits of detection, several readings, kinds of defects, formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from backend.domain.calculating import OF_TWO, WITHOUT_ORIGIN
from backend.domain.errors import Fact, Reason
from backend.domain.plans import Characteristic, PlanDocument
from backend.domain.result_kinds import Formula
from backend.domain.sampling_rules import Fixed
from backend.domain.units import Dimension, Unit, is_unit, unit

MOST_READINGS = 50
MOST_KINDS = 50
_CODE = re.compile(r"[\w.+-]{1,20}")
_ONCE = Fixed(1)


def check_detection(characteristic: Characteristic) -> Iterator[Reason]:
    """LOD <= LOQ < ULOQ, all of them numbers (RES-2)."""
    numbers = detection_numbers(characteristic)
    if not numbers:
        return
    if characteristic.kind != "numeric":
        yield Reason("limits_unexpected", {"kind": characteristic.kind}, "detection.lod")
        return
    infinite = [field for field, value in numbers.items() if not value.is_finite()]
    yield from (Reason("limit_not_finite", field=field) for field in infinite)
    if infinite:
        return
    lod, loq, uloq = (numbers.get(f"detection.{name}") for name in ("lod", "loq", "uloq"))
    order = [each for each in (lod, loq) if each is not None]
    bottom = max(order, default=None)
    if order != sorted(order) or (bottom is not None and uloq is not None and bottom >= uloq):
        facts: dict[str, Fact] = {name.rpartition(".")[2]: str(value) for name, value in numbers.items()}
        listed = ", ".join(f"{name.upper()} {value}" for name, value in facts.items())
        yield Reason("detection_contradicts", {"limits": listed}, next(iter(numbers)))


def detection_numbers(characteristic: Characteristic) -> dict[str, Decimal]:
    """By field, those that are given."""
    detection = characteristic.detection
    if detection is None:
        return {}
    numbers = {"lod": detection.lod, "loq": detection.loq, "uloq": detection.uloq}
    return {f"detection.{name}": value for name, value in numbers.items() if value is not None}


def check_replicates(characteristic: Characteristic) -> Iterator[Reason]:
    """Two readings or more, of something that is measured."""
    replicates = characteristic.replicates
    if replicates is None:
        return
    if characteristic.kind != "numeric" or not 2 <= replicates.count <= MOST_READINGS:
        yield Reason(
            "replicates_invalid", {"count": replicates.count, "most": MOST_READINGS}, "replicates.count"
        )


def check_defects(characteristic: Characteristic) -> Iterator[Reason]:
    """Kinds that can be told apart, of something that is counted (SMP-5)."""
    kinds = characteristic.defects
    if not kinds:
        return
    if characteristic.kind != "attribute" or len(kinds) > MOST_KINDS:
        yield Reason("defects_unexpected", {"count": len(kinds), "most": MOST_KINDS}, "defects")
        return
    seen: set[str] = set()
    for place, kind in enumerate(kinds):
        field = f"defects.{place}"
        if not _CODE.fullmatch(kind.code) or kind.code.isdecimal():
            yield Reason("defect_code_malformed", {"defect": kind.code}, f"{field}.code")
        elif kind.code.casefold() in seen:
            yield Reason("defect_twice", {"defect": kind.code}, f"{field}.code")
        seen.add(kind.code.casefold())
        for language, text in (("en", kind.name.en), ("zh", kind.name.zh)):
            if not text.strip():
                yield Reason("text_missing", field=f"{field}.name.{language}")


def check_formula(doc: PlanDocument, characteristic: Characteristic, circular: set[str]) -> Iterator[Reason]:
    """What a formula can't be computed from."""
    formula = characteristic.formula
    if formula is None:
        return
    if (
        characteristic.kind != "numeric"
        or characteristic.replicates is not None
        or detection_numbers(characteristic)
        or characteristic.instrument_type is not None
        or characteristic.photo_required
    ):
        yield Reason("formula_excludes", field="formula")
        return
    by_code = {each.code: each for each in doc.characteristics}
    found = list(_operands(formula, by_code))
    if not found and characteristic.code in circular:
        found = [Reason("formula_circular", {"of": ", ".join(formula.of)}, "formula.of")]
    yield from found
    if not found:
        operands = [by_code[code] for code in formula.of]
        yield from _samples(formula, characteristic, operands)
        yield from _units(formula, characteristic, operands)


def circular(doc: PlanDocument) -> set[str]:
    """Codes of formulas that need themselves, directly or through others."""
    needs = {each.code: set(each.formula.of) for each in doc.characteristics if each.formula is not None}
    while ready := [code for code, of in needs.items() if not of & needs.keys()]:
        for code in ready:
            del needs[code]
    return set(needs)


def _operands(formula: Formula, by_code: Mapping[str, Characteristic]) -> Iterator[Reason]:
    count, two = len(formula.of), formula.rule in OF_TWO
    least = 1 if formula.over == "all" else 2
    if (two and (count != 2 or formula.over == "all")) or count < least or len(set(formula.of)) < count:
        yield Reason("formula_operands", {"rule_of": formula.rule, "count": count}, "formula.of")
    for code in formula.of:
        of = by_code.get(code)
        if of is None:
            yield Reason("formula_of_unknown", {"of": code}, "formula.of")
        elif of.kind != "numeric":
            yield Reason("formula_of_unmeasured", {"of": code}, "formula.of")
        elif of.replicates is not None and of.replicates.rule == "each":
            yield Reason("formula_of_each", {"of": code}, "formula.of")


def _samples(
    formula: Formula, characteristic: Characteristic, operands: list[Characteristic]
) -> Iterator[Reason]:
    """Each sample of the result has a value of every operand; what is computed once is judged once."""
    if formula.over == "all":
        if characteristic.sampling != _ONCE:
            yield Reason("formula_once", field="sampling")
        return
    for of in operands:
        once = of.formula is not None and of.formula.over == "all"
        if once or (of.sampling, of.severity) != (characteristic.sampling, characteristic.severity):
            yield Reason("formula_sampling", {"of": of.code}, "sampling")


def _units(
    formula: Formula, characteristic: Characteristic, operands: list[Characteristic]
) -> Iterator[Reason]:
    if not all(is_unit(each.unit) for each in (characteristic, *operands)):
        return  # said of them already
    units = [unit(each.unit) for each in operands]
    made, wanted = _made_of(formula, units), unit(characteristic.unit)
    movable = formula.rule in ("sum", "ratio") and any(each.offset for each in (*units, wanted))
    if made is None or made != wanted.dimension or movable or _half_moved(formula, units, wanted):
        facts: dict[str, Fact] = {
            "unit": characteristic.unit,
            "of": ", ".join(f"{each.code} ({each.unit})" for each in operands),
        }
        yield Reason("formula_unit", facts, "unit")


def _made_of(formula: Formula, units: list[Unit]) -> Dimension | None:
    """The result's dimension; None: the operands don't fit each other."""
    if formula.rule == "ratio":
        powers: dict[str, int] = dict(units[0].dimension)
        for base, power in units[1].dimension:
            powers[base] = powers.get(base, 0) - power
        return tuple(sorted((base, power) for base, power in powers.items() if power))
    same = {each.dimension for each in units}
    return units[0].dimension if len(same) == 1 else None


def _half_moved(formula: Formula, units: list[Unit], wanted: Unit) -> bool:
    """A mean of °C is no kelvin without saying so; a difference of °C is one."""
    return formula.rule not in WITHOUT_ORIGIN and len({each.offset for each in (*units, wanted)}) > 1
