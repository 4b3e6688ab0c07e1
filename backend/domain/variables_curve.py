"""What a variables plan lets pass (s-method): the chance that a lot of a normal process is accepted.

With one limit a lot is accepted while (limit - mean) / deviation of the sample is at least k, where k is the quality
index at which the estimate is exactly M. The chance is that of a noncentral t variable, integrated over the sample's
deviation. Two limits with all that is outside beyond one of them give the same curve; spread over both it lies a
little off (Z1.9 gives one curve for both). Source: Z1.9, section A12; Resnikoff and Lieberman (1957).
"""

from __future__ import annotations

from functools import lru_cache
from math import erf, exp, inf, lgamma, log, sqrt
from statistics import NormalDist

from backend.domain.variables import percent_outside

_STEPS = 400
_WIDEST = 10.0  # deviations of a chi variable from its mean


def passes_by_variables(n: int, most_outside: float, share: float) -> float:
    """The chance that a sample of `n` estimates at most `most_outside` percent, at a true share beyond one limit."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    index, room = _index(n, most_outside), NormalDist().inv_cdf(1 - share)
    freedom = n - 1
    mean = sqrt(2) * exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2))
    low, high = max(0.0, mean - _WIDEST), mean + _WIDEST
    step = (high - low) / _STEPS
    total = 0.0
    for place in range(_STEPS + 1):  # Simpson
        chi = low + place * step
        weight = 1 if place in (0, _STEPS) else 4 if place % 2 else 2
        total += weight * _chi(chi, freedom) * _below(sqrt(n) * room - index * sqrt(n / freedom) * chi)
    return min(1.0, max(0.0, total * step / 3))


@lru_cache(maxsize=256)
def _index(n: int, most_outside: float) -> float:
    """The quality index at which the estimate is `most_outside` percent; it falls as the index grows."""
    low, high = -(n - 1) / sqrt(n), (n - 1) / sqrt(n)
    for _ in range(80):
        middle = (low + high) / 2
        if percent_outside(middle, n) > most_outside:
            low = middle
        else:
            high = middle
    return high


def _chi(value: float, freedom: int) -> float:
    """Density of the chi distribution."""
    if value <= 0:
        return 0.0
    return exp(
        (freedom - 1) * log(value) - value * value / 2 - (freedom / 2 - 1) * log(2) - lgamma(freedom / 2)
    )


def _below(value: float) -> float:
    """The standard normal distribution."""
    return 0.5 * (1 + erf(value / sqrt(2))) if value != inf else 1.0
