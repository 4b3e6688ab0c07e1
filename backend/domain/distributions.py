"""Tails of Student's t and of F, by the regularised incomplete beta function.

Its continued fraction is DLMF 8.17.22, summed by Lentz's method as Thompson and Barnett modified it (J. Comput.
Phys. 64, 1986): twelve digits where it is used here.
"""

from __future__ import annotations

from math import exp, lgamma, log

LEAST = 1e-300
CLOSE = 1e-15
STEPS = 10_000


def t_tails(t: float, freedom: float) -> float:
    """P(|T| >= |t|) of Student's t."""
    return incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def f_tail(f: float, between: float, within: float) -> float:
    """P(F >= f) with `between` and `within` degrees of freedom."""
    return incomplete_beta(within / (within + between * f), within / 2, between / 2) if f > 0 else 1.0


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b), x in 0..1, a and b above 0."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    numerator, denominator = 1.0, 1 / _safe(1 - (a + b) * x / (a + 1))
    value = denominator
    for m in range(1, STEPS):
        for factor in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            denominator = 1 / _safe(1 + factor * denominator)
            numerator = _safe(1 + factor / numerator)
            value *= denominator * numerator
        if abs(denominator * numerator - 1) < CLOSE:
            break
    return value


def _safe(value: float) -> float:
    return value if abs(value) > LEAST else LEAST
