"""How many units a characteristic asks for, and which ones: the sampling rule of a plan (SMP-1, SMP-6)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from typing import Literal

import msgspec

from backend.domain.double_sampling import double_plan
from backend.domain.errors import refuse
from backend.domain.limiting_quality import CONSUMERS_RISK, zero_acceptance_size
from backend.domain.operating_characteristic import Stage
from backend.domain.sampling import SamplingSeverity, Standard, single_plan
from backend.domain.variables import variables_plan

SEED_BYTES = 16


class ByAql(msgspec.Struct, frozen=True, tag_field="rule", tag="iso2859_1", omit_defaults=True):
    """Single sampling at an inspection level and an AQL ("II", "0.65"), by the tables of one edition."""

    level: str
    aql: str
    standard: Standard = "iso2859-1"


class Double(msgspec.Struct, frozen=True, tag_field="rule", tag="double"):
    """Double sampling of ANSI/ASQ Z1.4: a second sample where the first does not decide (SMP-2)."""

    level: str
    aql: str


class Variables(msgspec.Struct, frozen=True, tag_field="rule", tag="z1_9"):
    """By variables, ANSI/ASQ Z1.9, s-method: measured values judged together, by one limit or two."""

    level: str
    aql: str


class Fixed(msgspec.Struct, frozen=True, tag_field="rule", tag="fixed"):
    """Always `n` units, whatever the lot; none may be nonconforming."""

    n: int


class Every(msgspec.Struct, frozen=True, tag_field="rule", tag="all"):
    """Every unit of the lot; none may be nonconforming."""


class ZeroAcceptance(msgspec.Struct, frozen=True, tag_field="rule", tag="c0"):
    """A c = 0 plan of `n` units, chosen by the quality engineer from a limiting quality; Ac is 0."""

    n: int


class ByLimitingQuality(msgspec.Struct, frozen=True, tag_field="rule", tag="c0_lq"):
    """A c = 0 plan computed for each lot: a lot of this percent nonconforming ("5.0") passes once in ten."""

    limiting_quality: str
    risk: str = CONSUMERS_RISK


Rule = ByAql | Double | Variables | Fixed | Every | ZeroAcceptance | ByLimitingQuality
Switched = ByAql | Double | Variables
"""The rules that a severity of inspection belongs to: their lots make a series (SMP-4)."""
Edition = Standard | Literal["z1.9"]


def edition_of_rule(rule: Switched) -> Edition:
    """Whose tables and whose switching rules."""
    match rule:
        case ByAql(standard=standard):
            return standard
        case Double():
            return "z1.4"
        case Variables():
            return "z1.9"


class SampleSize(msgspec.Struct, frozen=True):
    """`n` units to inspect (never more than the lot has), accepted at `accept`, rejected from `reject` on.

    `second`: the sample that is asked for where the first finds more than `accept` and fewer than `reject`; its
    numbers count both samples. `most_outside`: by variables, the estimated percent outside the limits at which the
    lot is still accepted; `accept` and `reject` say nothing then. Between Ac and Re of the last sample (reduced
    plans of Z1.4) the lot is accepted and reduced inspection ends.
    """

    n: int
    accept: int
    reject: int
    inspect_all: bool
    second: Stage | None = None
    most_outside: Decimal | None = None


def sample_size(rule: Rule, lot_size: int, severity: SamplingSeverity = "normal") -> SampleSize:
    """Apply a rule to a lot of `lot_size` units.

    Refuses `lot_size_invalid` (fewer than 1), `sample_size_invalid` (a plan of fewer than 1 unit), and what
    `single_plan` refuses.
    """
    if lot_size < 1:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    match rule:
        case ByAql(level=level, aql=aql, standard=standard):
            plan = single_plan(lot_size, level, aql, severity, standard)
            return SampleSize(min(plan.sample_size, lot_size), plan.accept, plan.reject, plan.inspect_all)
        case Double(level=level, aql=aql):
            return _double(lot_size, level, aql, severity)
        case Variables(level=level, aql=aql):
            return _by_variables(lot_size, level, aql, severity)
        case Every():
            n, accept = lot_size, 0
        case Fixed(n=n) | ZeroAcceptance(n=n):
            accept = 0
        case ByLimitingQuality(limiting_quality=quality, risk=risk):
            n, accept = zero_acceptance_size(lot_size, quality, risk), 0
    if n < 1:
        raise refuse("sample_size_invalid", field="n", n=n)
    return SampleSize(min(n, lot_size), accept, accept + 1, inspect_all=n >= lot_size)


def _double(lot_size: int, level: str, aql: str, severity: SamplingSeverity) -> SampleSize:
    """Both samples together as large as the lot: every unit is inspected, and the last numbers judge them."""
    plan = double_plan(lot_size, level, aql, severity)
    first, last = plan.stages[0], plan.stages[-1]
    if plan.inspect_all:
        return SampleSize(lot_size, last.accept, last.reject, inspect_all=True)
    second = last if len(plan.stages) > 1 else None
    return SampleSize(first.n, first.accept, first.reject, inspect_all=False, second=second)


def _by_variables(lot_size: int, level: str, aql: str, severity: SamplingSeverity) -> SampleSize:
    """Where the sample is the lot, nothing is estimated: no unit may be outside the limits."""
    if lot_size == 1:
        return SampleSize(1, 0, 1, inspect_all=True)
    plan = variables_plan(lot_size, level, aql, severity)
    if plan.inspect_all:
        return SampleSize(lot_size, 0, 1, inspect_all=True)
    return SampleSize(plan.n, 0, 1, inspect_all=False, most_outside=plan.m)


def pull_nested(seed: bytes, lot_size: int, sizes: Iterable[int], taken: Iterable[int] = ()) -> list[int]:
    """Units in the order of their sample numbers: the first n of them are a random sample for each size n.

    Within a step from one size to the next they ascend, so that a person walks along the lot. `taken`: units that
    have their number already, by the same seed.
    """
    known = set(taken)
    pulled: list[int] = []
    for size in sorted(set(sizes)):
        step = [unit for unit in pull(seed, lot_size, size) if unit not in known]
        known.update(step)
        pulled += step
    return pulled


def pull(seed: bytes, lot_size: int, n: int) -> list[int]:
    """Which units to pull: `n` different numbers of 1..lot_size in ascending order, each set equally likely.

    The seed comes from a random source when the inspection opens and is stored: before that moment nobody can
    know the units, afterwards everybody can repeat the choice. The stream is SHA-256 over seed and counter,
    so that the choice does not change with a Python version. Refuses `seed_too_short` (under 16 bytes) and
    `sample_size_invalid`.
    """
    if len(seed) < SEED_BYTES:
        raise refuse("seed_too_short", length=len(seed), least=SEED_BYTES)
    if not 0 <= n <= lot_size:
        raise refuse("sample_size_invalid", field="n", n=n, lot_size=lot_size)
    stream = _Stream(seed)
    moved: dict[int, int] = {}  # a shuffle of 1..lot_size that keeps only the places it has touched
    picked = []
    for place in range(n):
        other = place + stream.below(lot_size - place)
        picked.append(moved.get(other, other) + 1)
        moved[other] = moved.get(place, place)
    return sorted(picked)


def draw_below(seed: bytes, purpose: str, bound: int) -> int:
    """A number of 0..bound-1 by the seed, uniform and independent of the units that it pulls."""
    return _Stream(sha256(seed + purpose.encode()).digest()).below(bound)


class _Stream:
    """Uniform whole numbers from a seed."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._counter = 0

    def below(self, bound: int) -> int:
        """A number of 0..bound-1. What would favour the small ones is drawn again."""
        limit = (1 << 64) - (1 << 64) % bound
        while True:
            block = sha256(self._seed + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
            if (drawn := int.from_bytes(block[:8], "big")) < limit:
                return drawn % bound
