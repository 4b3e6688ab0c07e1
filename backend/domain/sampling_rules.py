"""How many units a characteristic asks for, and which ones: the sampling rule of a plan (SMP-1, SMP-6)."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from backend.domain.errors import refuse
from backend.domain.limiting_quality import CONSUMERS_RISK, zero_acceptance_size
from backend.domain.sampling import SamplingSeverity, single_plan

SEED_BYTES = 16


class ByAql(msgspec.Struct, frozen=True, tag_field="rule", tag="iso2859_1"):
    """ISO 2859-1 single sampling at an inspection level and an AQL ("II", "0.65")."""

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


Rule = ByAql | Fixed | Every | ZeroAcceptance | ByLimitingQuality


class SampleSize(msgspec.Struct, frozen=True):
    """`n` units to inspect (never more than the lot has), accepted at `accept`, rejected from `reject` on."""

    n: int
    accept: int
    reject: int
    inspect_all: bool


def sample_size(rule: Rule, lot_size: int, severity: SamplingSeverity = "normal") -> SampleSize:
    """Apply a rule to a lot of `lot_size` units.

    Refuses `lot_size_invalid` (fewer than 1), `sample_size_invalid` (a plan of fewer than 1 unit), and what
    `single_plan` refuses.
    """
    if lot_size < 1:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    match rule:
        case ByAql(level=level, aql=aql):
            plan = single_plan(lot_size, level, aql, severity)
            n, accept = plan.sample_size, plan.accept
        case Every():
            n, accept = lot_size, 0
        case Fixed(n=n) | ZeroAcceptance(n=n):
            accept = 0
        case ByLimitingQuality(limiting_quality=quality, risk=risk):
            n, accept = zero_acceptance_size(lot_size, quality, risk), 0
    if n < 1:
        raise refuse("sample_size_invalid", field="n", n=n)
    return SampleSize(min(n, lot_size), accept, accept + 1, inspect_all=n >= lot_size)


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
