"""What keeps a plan from becoming effective: every reason at once, each with the requirement that it stands for.

The table is the contract with the fronts: each code has a sentence in both languages that says what is wrong and
the way out; the facts hold the requirement's id as `rule`. Fields are paths: `characteristics.2.lower`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from math import ceil, log, log1p
from typing import NamedTuple

import msgspec

from backend.domain.errors import Fact, Reason, Refused
from backend.domain.plans import Characteristic, Limits, Method, PlanDocument
from backend.domain.result_checks import (
    check_defects,
    check_detection,
    check_formula,
    check_replicates,
    circular,
    detection_numbers,
)
from backend.domain.sampling_rules import (
    ByAql,
    ByLimitingQuality,
    Double,
    Fixed,
    Rule,
    Switched,
    Variables,
    ZeroAcceptance,
    edition_of_rule,
    sample_size,
)
from backend.domain.skip_lot import NEVER_SKIPPED, check_rule
from backend.domain.units import Dimension, is_unit, unit
from backend.domain.words import Words


class PlanRule(NamedTuple):
    """A refusal: its code, the requirement that it stands for, the field (of a characteristic) it is about."""

    code: str
    requirement: str
    field: str


# fmt: off
PLAN_RULES = (
    PlanRule("characteristics_missing",     "SMP-1", "characteristics"),
    PlanRule("characteristics_too_many",    "SMP-1", "characteristics"),
    PlanRule("code_duplicate",              "SMP-1", "code"),
    PlanRule("code_malformed",              "SMP-1", "code"),
    PlanRule("text_missing",                "SMP-1", "name.en"),
    PlanRule("text_too_long",               "SMP-1", "name.en"),
    PlanRule("unit_unexpected",             "SMP-1", "unit"),
    PlanRule("unit_unknown",                "RES-4", "unit"),
    PlanRule("unit_other_dimension",        "RES-4", "unit"),
    PlanRule("limits_missing",              "SMP-1", "lower"),
    PlanRule("limits_unexpected",           "SMP-1", "lower"),
    PlanRule("limits_contradict",           "SMP-1", "lower"),
    PlanRule("target_outside_limits",       "SMP-1", "target"),
    PlanRule("limit_not_finite",            "SMP-1", "lower"),
    PlanRule("resolution_invalid",          "RES-3", "resolution"),
    PlanRule("resolution_missing",          "RES-3", "resolution"),
    PlanRule("limit_finer_than_resolution", "RES-3", "lower"),
    PlanRule("aql_unsupported",             "SMP-3", "sampling.aql"),
    PlanRule("aql_counts_defects",          "SMP-2", "sampling.aql"),
    PlanRule("level_unsupported",           "SMP-3", "sampling.level"),
    PlanRule("sample_size_invalid",         "SMP-1", "sampling.n"),
    PlanRule("sample_size_too_large",       "SMP-1", "sampling.n"),
    PlanRule("limiting_quality_invalid",    "SMP-3", "sampling.limiting_quality"),
    PlanRule("risk_invalid",                "SMP-3", "sampling.risk"),
    PlanRule("critical_accepts",            "SMP-5", "sampling"),
    PlanRule("detection_contradicts",       "RES-2", "detection.lod"),
    PlanRule("replicates_invalid",          "RES-3", "replicates.count"),
    PlanRule("defects_unexpected",          "SMP-5", "defects"),
    PlanRule("defect_code_malformed",       "SMP-5", "defects"),
    PlanRule("defect_twice",                "SMP-5", "defects"),
    PlanRule("formula_excludes",            "RES-3", "formula"),
    PlanRule("formula_operands",            "RES-3", "formula.of"),
    PlanRule("formula_of_unknown",          "RES-3", "formula.of"),
    PlanRule("formula_of_unmeasured",       "RES-3", "formula.of"),
    PlanRule("formula_of_each",             "RES-3", "formula.of"),
    PlanRule("formula_circular",            "RES-3", "formula.of"),
    PlanRule("formula_once",                "RES-3", "sampling"),
    PlanRule("formula_sampling",            "RES-3", "sampling"),
    PlanRule("formula_unit",                "RES-4", "unit"),
    PlanRule("standard_unsupported",        "SMP-2", "sampling.standard"),
    PlanRule("variables_need_numbers",      "SMP-2", "sampling.rule"),
    PlanRule("formula_sampled",             "RES-3", "sampling.rule"),
    PlanRule("editions_mixed",              "SMP-4", "sampling"),
    PlanRule("skip_lot_rule_invalid",       "SMP-7", "skip_lot"),
    PlanRule("skip_lot_spares_all",         "SMP-7", "skip_lot"),
)
# fmt: on
REQUIREMENTS = {rule.code: rule.requirement for rule in PLAN_RULES}

MOST_CHARACTERISTICS = 200
LONGEST_CODE = 20
LONGEST_TEXT = 300
MOST_UNITS = 10_000
MOST_DIGITS, MOST_EXPONENT = 30, 15
HIGHEST_AQL_OF_UNITS = Decimal(10)
"""Above it the tables count nonconformities per hundred units (ISO 2859-1:1999, 5.2), which may exceed the sample."""
_SMALL_LOT = 100  # every supported rule has a plan for it
_LOTS = (8, 50, 280, 500, 1_200, 3_200, 10_000, 35_000, 150_000, 500_000, 10**9)  # ends of Table 1's bands


def check_plan(doc: PlanDocument) -> list[Reason]:
    """All that keeps a plan from becoming effective; empty: nothing does."""
    if not doc.characteristics:
        return [_worded(Reason("characteristics_missing", field="characteristics"))]
    if len(doc.characteristics) > MOST_CHARACTERISTICS:
        facts: dict[str, Fact] = {"count": len(doc.characteristics), "most": MOST_CHARACTERISTICS}
        return [_worded(Reason("characteristics_too_many", facts, "characteristics"))]
    reasons = []
    in_circle = circular(doc)
    seen: set[str] = set()
    for place, characteristic in enumerate(doc.characteristics):
        found = [reason for check in CHECKS for reason in check(characteristic)]
        found += check_formula(doc, characteristic, in_circle)
        if characteristic.code in seen:
            found.append(Reason("code_duplicate", field="code"))
        seen.add(characteristic.code)
        reasons += [_at(place, characteristic.code, reason) for reason in found]
    return [*reasons, *_editions(doc), *_skip_lot(doc)]


def _editions(doc: PlanDocument) -> Iterator[Reason]:
    """A class is one series, and a series switches by the rules of one edition."""
    first: dict[str, str] = {}
    for place, each in enumerate(doc.characteristics):
        if isinstance(each.sampling, Switched):
            edition = edition_of_rule(each.sampling)
            before = first.setdefault(each.severity, edition)
            if edition != before:
                facts: dict[str, Fact] = {"severity": each.severity, "standard": edition, "other": before}
                yield _at(place, each.code, Reason("editions_mixed", facts, "sampling"))


def _skip_lot(doc: PlanDocument) -> Iterator[Reason]:
    """What no lot is spared has to be in the plan: a skipped lot is not a lot that nobody looks at."""
    if doc.skip_lot is None:
        return
    try:
        check_rule(doc.skip_lot)
    except Refused as refused:
        yield from (_worded(Reason(r.code, r.facts, "skip_lot")) for r in refused.reasons)
    if not any(each.check in NEVER_SKIPPED for each in doc.characteristics):
        yield _worded(Reason("skip_lot_spares_all", field="skip_lot"))


def check_units(old: PlanDocument | None, new: PlanDocument) -> list[Reason]:
    """A characteristic that goes on under its code measures the same dimension as in the version in force."""
    was = {each.code: each for each in old.characteristics} if old is not None else {}
    found = []
    for place, characteristic in enumerate(new.characteristics):
        before = was.get(characteristic.code)
        if before is None or not before.kind == characteristic.kind == "numeric":
            continue
        units = before.unit, characteristic.unit
        if all(map(_is_unit, units)) and _dimension(units[0]) != _dimension(units[1]):
            facts: dict[str, Fact] = {"unit": units[1], "before": units[0]}
            found.append(_at(place, characteristic.code, Reason("unit_other_dimension", facts, "unit")))
    return found


def _is_unit(text: str) -> bool:
    return text == "" or is_unit(text)


def _dimension(text: str) -> Dimension:
    return unit(text).dimension if text else ()


def check_sampling(characteristic: Characteristic) -> list[Reason]:
    """What is wrong with its rule alone, whatever its class."""
    found = [_worded(reason) for reason in _sampling(characteristic)]
    return [reason for reason in found if reason.code != "critical_accepts"]


def unreadable(doc: PlanDocument) -> list[Reason]:
    """What not even a draft may hold: numbers that no plan has, and that cost without end to compute with."""
    return [
        _at(place, characteristic.code, Reason("number_out_of_range", field=field))
        for place, characteristic in enumerate(doc.characteristics)
        for field, value in (_numbers(characteristic) | detection_numbers(characteristic)).items()
        if value.is_finite()
        and (
            len(value.as_tuple().digits) > MOST_DIGITS
            or not -MOST_EXPONENT <= _exponent(value) <= MOST_EXPONENT
        )
    ]


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _numbers(characteristic: Characteristic) -> dict[str, Decimal]:
    numbers = {
        "lower": characteristic.lower,
        "upper": characteristic.upper,
        "target": characteristic.target,
        "resolution": characteristic.resolution,
    }
    return {field: value for field, value in numbers.items() if value is not None}


def _at(place: int, code: str, reason: Reason) -> Reason:
    facts: dict[str, Fact] = {"code": code}
    return _worded(Reason(reason.code, facts | reason.facts, f"characteristics.{place}.{reason.field}"))


def _worded(reason: Reason) -> Reason:
    rule = REQUIREMENTS.get(reason.code)
    return reason if rule is None else msgspec.structs.replace(reason, facts=reason.facts | {"rule": rule})


def _identity(characteristic: Characteristic) -> Iterator[Reason]:
    code = characteristic.code
    if len(code) > LONGEST_CODE or any(unicodedata.category(letter)[0] in "CZ" for letter in code):
        yield Reason("code_malformed", {"longest": LONGEST_CODE}, "code")
    for field, text in _texts(characteristic).items():
        if not text.strip():
            yield Reason("text_missing", field=field)
        elif len(text) > LONGEST_TEXT:
            yield Reason("text_too_long", {"length": len(text), "longest": LONGEST_TEXT}, field)


def _texts(characteristic: Characteristic) -> dict[str, str]:
    method: Method = characteristic.method
    names: dict[str, Words | None] = {
        "name": characteristic.name,
        "sampling_point": characteristic.sampling_point,
    }
    texts = {
        "code": characteristic.code,
        "method.document": method.document,
        "method.version": method.version,
    }
    for field, words in names.items():
        if words is not None:
            texts |= {f"{field}.en": words.en, f"{field}.zh": words.zh}
    return texts


def _limits(characteristic: Characteristic) -> Iterator[Reason]:
    limits, resolution = characteristic.limits, characteristic.resolution
    given = {field: value for field, value in _numbers(characteristic).items() if field != "resolution"}
    if characteristic.kind != "numeric":
        facts: dict[str, Fact] = {"kind": characteristic.kind}
        yield from (Reason("limits_unexpected", facts, field) for field in given)
        if characteristic.unit:
            yield Reason("unit_unexpected", facts | {"unit": characteristic.unit}, "unit")
        return
    if not _is_unit(characteristic.unit):
        yield Reason("unit_unknown", {"unit": characteristic.unit}, "unit")
    infinite = [field for field, value in given.items() if not value.is_finite()]
    if infinite:
        yield from (Reason("limit_not_finite", field=field) for field in infinite)
        return
    if resolution is not None and not (resolution.is_finite() and resolution > 0):
        yield Reason("resolution_invalid", {"resolution": str(resolution)}, "resolution")
        return
    yield from _contradictions(limits)
    yield from _rounding(characteristic, given)


def _contradictions(limits: Limits) -> Iterator[Reason]:
    lower, upper, target = limits.lower, limits.upper, limits.target
    if lower is None and upper is None:
        yield Reason("limits_missing", field="lower")
    if lower is not None and upper is not None and lower > upper:
        yield Reason("limits_contradict", {"lower": str(lower), "upper": str(upper)}, "lower")
    elif target is not None and (
        (lower is not None and target < lower) or (upper is not None and target > upper)
    ):
        yield Reason("target_outside_limits", {"target": str(target)}, "target")


def _rounding(characteristic: Characteristic, given: dict[str, Decimal]) -> Iterator[Reason]:
    """A limit between two multiples of the resolution is never met exactly: rounded values jump over it."""
    if characteristic.rounding == "none":
        return
    resolution = characteristic.resolution
    if resolution is None:
        yield Reason("resolution_missing", {"rounding": characteristic.rounding}, "resolution")
        return
    for field, value in given.items():
        if field != "target" and not _is_multiple(value, resolution):
            facts: dict[str, Fact] = {"limit": str(value), "resolution": str(resolution)}
            yield Reason("limit_finer_than_resolution", facts, field)


def _is_multiple(value: Decimal, step: Decimal) -> bool:
    top, bottom = value.as_integer_ratio()
    step_top, step_bottom = step.as_integer_ratio()
    return (top * step_bottom) % (bottom * step_top) == 0


def _sampling(characteristic: Characteristic) -> Iterator[Reason]:
    rule = characteristic.sampling
    try:
        sample_size(rule, _SMALL_LOT)
    except Refused as refused:
        yield from (Reason(r.code, r.facts, f"sampling.{r.field}") for r in refused.reasons)
        return
    if (most := _most_units(rule)) > MOST_UNITS:
        yield Reason("sample_size_too_large", {"n": most, "most": MOST_UNITS}, "sampling.n")
        return
    each = characteristic.replicates is not None and characteristic.replicates.rule == "each"
    if isinstance(rule, Variables) and (characteristic.kind != "numeric" or each):
        yield Reason("variables_need_numbers", {"kind": characteristic.kind}, "sampling.rule")
    elif isinstance(rule, Variables | Double) and characteristic.formula is not None:
        yield Reason("formula_sampled", field="sampling.rule")
    elif isinstance(rule, ByAql | Double) and Decimal(rule.aql) > HIGHEST_AQL_OF_UNITS:
        facts: dict[str, Fact] = {"aql": rule.aql, "most": str(HIGHEST_AQL_OF_UNITS)}
        yield Reason("aql_counts_defects", facts, "sampling.aql")
    elif characteristic.severity == "critical":
        yield from _critical(rule)


def _most_units(rule: Rule) -> int:
    """Units that a rule asks for at most, whatever the lot; 0 where the tables or the lot set the bound."""
    match rule:
        case Fixed(n=n) | ZeroAcceptance(n=n):
            return n
        case ByLimitingQuality(limiting_quality=quality, risk=risk):
            if float(quality) >= 100:
                return 1
            return ceil(log(float(risk)) / log1p(-float(quality) / 100))
    return 0


def _critical(rule: Rule) -> Iterator[Reason]:
    """A critical characteristic accepts none; a rule that would, for lots of some size, was not meant (SMP-5)."""
    if not isinstance(rule, Switched):
        return
    for lot_size in _LOTS:
        size = sample_size(rule, lot_size)
        accept = size.second.accept if size.second else size.accept
        if accept > 0 or size.most_outside is not None:
            facts: dict[str, Fact] = {"lot_size": lot_size, "n": size.n, "accept": accept}
            yield Reason("critical_accepts", facts, "sampling")
            return


CHECKS: tuple[Callable[[Characteristic], Iterator[Reason]], ...] = (
    _identity,
    _limits,
    check_detection,
    check_replicates,
    check_defects,
    _sampling,
)
