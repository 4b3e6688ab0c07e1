"""Rounding: once, in decimals, by the rule that the specification names (RES-3)."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from backend.domain.errors import refuse
from backend.domain.plans import Rounding

_ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


def round_once(value: Decimal | Fraction, resolution: Decimal | None, rule: Rounding) -> Decimal | Fraction:
    """Round the unrounded value to a multiple of `resolution`, once (RES-3).

    none: as it is. half_up: USP General Notices 7.20, a five goes away from zero. half_even: GB/T 8170, a
    five goes to the even multiple. Computed on whole numbers, exact for every resolution.
    """
    if rule == "none":
        return value
    if resolution is None or resolution <= 0:
        raise refuse("resolution_missing", field="resolution", rounding=rule)
    if isinstance(value, Decimal) and _is_unit(resolution):
        try:
            rounded = value.quantize(resolution, rounding=_ROUNDINGS[rule])
        except InvalidOperation:  # more digits than its context holds
            pass
        else:
            return rounded or abs(rounded)  # no negative zero
    steps = abs(Fraction(value) / Fraction(resolution))
    whole, part = divmod(steps, 1)
    up = part > Fraction(1, 2) or (part == Fraction(1, 2) and (rule == "half_up" or whole % 2 == 1))
    _, digits, exponent = resolution.as_tuple()
    multiple = (whole + up) * int("".join(map(str, digits)))
    return Decimal(f"{'-' if value < 0 and multiple else ''}{multiple}E{exponent}")


def _is_unit(resolution: Decimal) -> bool:
    """0.01, 0.1, 1: a single step of its last digit."""
    return resolution.as_tuple().digits == (1,)
