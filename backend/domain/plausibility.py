"""Plausibility: a value that looks like a slipped decimal point is asked about (RES-4)."""

from __future__ import annotations

from decimal import Decimal

from backend.domain.judging import judge_numeric
from backend.domain.plans import Limits

_SLIP = 10  # a decimal point in the wrong place is a factor of ten


def implausible(value: Decimal, limits: Limits) -> bool:
    """Whether the value looks like a slipped decimal point: the person is asked to confirm it (RES-4).

    Outside the limits: ten times more or less would be inside, or the value is five times the largest limit
    or more, or a fifth of the smallest or less. Inside: a factor of ten from the target, or ten times a lone
    lower limit.
    """
    lower, upper, target = limits.lower, limits.upper, limits.target
    anchors = [abs(target)] if target else [abs(limit) for limit in (lower, upper) if limit]
    inside = _inside(value, limits)
    if not anchors:
        return False
    size, factor = abs(value), _SLIP if inside else _SLIP // 2
    if inside and not target and upper is not None:
        return False
    if not inside and _slipped(value, limits):
        return True
    small_matters = bool(target) or lower is not None
    return size >= max(anchors) * factor or (small_matters and size * factor <= min(anchors))


def _inside(value: Decimal, limits: Limits) -> bool:
    return judge_numeric(value, "", limits, "none") == "conforming"


def _slipped(value: Decimal, limits: Limits) -> bool:
    """Only between two limits: one alone would make every failing value look slipped."""
    if limits.lower is None or limits.upper is None:
        return False
    return _inside(value / _SLIP, limits) or _inside(value * _SLIP, limits)
