"""Values of several readings, and formulas over characteristics: in exact fractions, rounded by whoever judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from backend.domain.result_kinds import Calculation, Part, Reduction, Why
from backend.domain.units import Unit


class Computed(NamedTuple):
    """An exact value, or why there is none."""

    value: Fraction | None
    why: Why | None = None


CENSORED = Computed(None, "censored")
Operand = Computed
_Values = Sequence[Fraction]

_RULES: dict[str, Callable[[_Values], Fraction]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "range": lambda values: max(values) - min(values),
    "max": max,
    "min": min,
    "difference": lambda values: values[0] - values[1],
    "ratio": lambda values: values[0] / values[1],
}
OF_TWO = ("difference", "ratio")
WITHOUT_ORIGIN = ("difference", "range")
"""Where a scale begins cancels out: 25 °C less 20 °C is 5 K."""


def reduce_parts(rule: Reduction, parts: Sequence[Part]) -> Computed:
    """One value of several readings; `each` has none."""
    if rule == "each":
        return Computed(None)
    if any(part.qualifier for part in parts):
        return CENSORED
    return Computed(_RULES[rule]([Fraction(part.value) for part in parts]))


def calculate(rule: Calculation, operands: Sequence[tuple[Operand, Unit]], unit: Unit) -> Computed:
    """The formula's value in `unit`. The dimensions fit: `plan_checks` refuses a plan where they do not."""
    why = next((operand.why for operand, _ in operands if operand.value is None), None)
    if any(operand.value is None for operand, _ in operands):
        return Computed(None, why or "censored")
    values = [operand.value * of.factor + of.offset for operand, of in operands if operand.value is not None]
    if rule == "ratio" and values[1] == 0:
        return Computed(None, "division_by_zero")
    offset = Fraction(0) if rule in WITHOUT_ORIGIN else unit.offset
    return Computed((_RULES[rule](values) - offset) / unit.factor)
