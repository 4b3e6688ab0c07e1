"""Inspection by variables, ANSI/ASQ Z1.9: measured values judged by mean and standard deviation.

    clause  what                                       where
    A7      code letter, sample size                   variables_plan
    B3      estimate of percent nonconforming          percent_outside
    B3.6    one limit: estimate <= M                   judge_values
    B9      two limits, one AQL: sum of both <= M      judge_values
    -       ISO 3951-1, known variability              not offered: their tables are not held

Only the s-method with the M form, which serves one limit and two alike. The values have to be normal; whether
they are is the engineer's to know.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from functools import cache
from math import exp, lgamma, log, sqrt
from statistics import fmean, stdev

import msgspec

from backend.domain.errors import refuse
from backend.domain.sampling import SEVERITIES
from backend.domain.variables_tables import (
    M_VALUES,
    NORMAL_SIZES,
    REDUCED_SIZES,
    VARIABLES_AQLS,
    VARIABLES_LETTERS,
)

_COLUMN_OF_FIRST = {"tightened": 0, "normal": 1, "reduced": 2}
_TINY = 1e-300


class VariablesPlan(msgspec.Struct, frozen=True):
    """`n` units to measure; `m` is the largest estimated percent nonconforming that is accepted."""

    code_letter: str
    n: int
    m: Decimal
    inspect_all: bool


class VariablesVerdict(msgspec.Struct, frozen=True):
    """The estimate in percent beyond each limit, and whether their sum is at most M."""

    mean: float
    deviation: float
    below: float
    above: float
    accepted: bool


def variables_plan(
    lot_size: int, level: str, aql: str, severity: str = "normal", standard: str = "z1.9"
) -> VariablesPlan:
    """The s-method plan. Refuses `not_offered` for another standard, and what Z1.9 does not print."""
    if standard != "z1.9":
        raise refuse("not_offered", field="standard", standard=standard, supported=["z1.9"])
    if severity not in SEVERITIES:
        raise refuse("severity_unsupported", field="severity", severity=severity, supported=list(SEVERITIES))
    if aql not in VARIABLES_AQLS:
        raise refuse("aql_unsupported", field="aql", aql=aql, supported=list(VARIABLES_AQLS))
    letter = _code_letter(lot_size, level)
    sizes = _sizes(REDUCED_SIZES if severity == "reduced" else NORMAL_SIZES)
    column = VARIABLES_AQLS.index(aql) + _COLUMN_OF_FIRST[severity]
    letters = list(sizes)
    while (m := _m_values()[sizes[letter]][column]) == "v":
        letter = letters[letters.index(letter) + 1]
    return VariablesPlan(letter, sizes[letter], Decimal(m), inspect_all=sizes[letter] >= lot_size)


def judge_variables(
    values: list[float], plan: VariablesPlan, lower: float | None = None, upper: float | None = None
) -> VariablesVerdict:
    """Judge the measured values of a sample of `plan.n` units.

    Refuses `limits_missing`, and `readings_do_not_make_a_sample` for another number of values.
    """
    if len(values) != plan.n:
        raise refuse("readings_do_not_make_a_sample", field="values", n=plan.n, given=len(values))
    return judge_values(values, plan.m, lower, upper)


def judge_values(
    values: list[float], most_outside: Decimal, lower: float | None = None, upper: float | None = None
) -> VariablesVerdict:
    """Judge a whole sample by the percent outside that it lets estimate; refuses `limits_missing`."""
    if lower is None and upper is None:
        raise refuse("limits_missing", field="lower")
    n, mean, deviation = len(values), fmean(values), stdev(values)
    below = 0.0 if lower is None else _beyond(mean - lower, deviation, n)
    above = 0.0 if upper is None else _beyond(upper - mean, deviation, n)
    return VariablesVerdict(mean, deviation, below, above, below + above <= float(most_outside))


def percent_outside(quality_index: float, n: int) -> float:
    """The estimated percent beyond a limit that is `quality_index` sample deviations from the mean.

    The minimum-variance unbiased estimate: the symmetric beta distribution with both parameters n/2 - 1.
    """
    return 100 * _beta_share(0.5 - quality_index * sqrt(n) / (2 * (n - 1)), n / 2 - 1)


def _beyond(room: float, deviation: float, n: int) -> float:
    if deviation == 0:
        return 0.0 if room >= 0 else 100.0
    return percent_outside(room / deviation, n)


def _beta_share(x: float, parameter: float) -> float:
    """The regularised incomplete beta function I_x(a, a), by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return float(x > 0)
    if x > 0.5:
        return 1 - _beta_share(1 - x, parameter)
    a = parameter
    front = exp(lgamma(2 * a) - 2 * lgamma(a) + a * (log(x) + log(1 - x))) / a
    c, d = 1.0, 1 / (1 - 2 * a * x / (a + 1) or _TINY)
    fraction = d
    for step in range(1, 500):
        even = step * (a - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (2 * a + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        before = fraction
        for term in (even, odd):
            d = 1 / (1 + term * d or _TINY)
            c = 1 + term / c or _TINY
            fraction *= c * d
        if abs(fraction - before) < 1e-15 * abs(fraction):
            break
    return front * fraction


@cache
def _m_values() -> dict[int, list[str]]:
    return {int(row[0]): row[1:] for row in (line.split() for line in M_VALUES.strip().splitlines()[1:])}


@cache
def _sizes(printed: str) -> dict[str, int]:
    words = printed.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def _code_letter(lot_size: int, level: str) -> str:
    head, *rows = (line.split() for line in VARIABLES_LETTERS.strip().splitlines())
    levels = head[3:]
    if level not in levels:
        raise refuse("level_unsupported", field="level", level=level, supported=levels)
    starts = [int(row[0]) for row in rows]
    if lot_size < starts[0]:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    return rows[bisect_right(starts, lot_size) - 1][1 + levels.index(level)]
