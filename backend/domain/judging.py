"""Judging one answer: a value against its limits, a count against its plan (RES-1..4)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from backend.domain.answers import Answer, CountAnswer, NumberAnswer, SeveralAnswer, TextAnswer
from backend.domain.calculating import reduce_parts
from backend.domain.errors import refuse
from backend.domain.plans import Characteristic, Item, Limits, Rounding
from backend.domain.result_kinds import Part, Qualifier
from backend.domain.rounding import round_once
from backend.domain.units import decimal_of

Verdict = Literal["conforming", "nonconforming", "undecidable"]

_WORST_FIRST: tuple[Verdict, ...] = ("nonconforming", "undecidable")


def judge_numeric(
    value: Decimal | Fraction,
    qualifier: Qualifier,
    limits: Limits,
    rounding: Rounding,
    resolution: Decimal | None = None,
) -> Verdict:
    """Compare with limits, both inclusive, after rounding once.

    A qualified value stands for everything below or above it (RES-2): conforming if all of that conforms,
    nonconforming if none of it does, otherwise undecidable: a better measurement is needed.
    """
    bound = round_once(value, resolution, rounding)
    lower, upper = limits.lower, limits.upper
    if not qualifier:
        inside = (lower is None or bound >= lower) and (upper is None or bound <= upper)
        return "conforming" if inside else "nonconforming"
    # Mirrored, "more than" is "less than": one side is enough.
    if qualifier in (">", ">="):
        bound = -bound if isinstance(bound, Fraction) else bound.copy_negate()
        lower, upper = _negated(upper), _negated(lower)
    # The bound itself belongs to the range if the qualifier says so, or if rounding may lead back to it.
    reached = qualifier in ("<=", ">=") or rounding != "none"
    if lower is not None and (bound < lower or (bound == lower and not reached)):
        return "nonconforming"
    if lower is None and (upper is None or bound <= upper):
        return "conforming"
    return "undecidable"


def judge_tally(nonconforming: int, accept: int, reject: int) -> Verdict:
    """Conforming up to Ac, nonconforming from Re on. Between them a second sample decides: undecidable."""
    if nonconforming <= accept:
        return "conforming"
    return "nonconforming" if nonconforming >= reject else "undecidable"


def judge_answer(characteristic: Characteristic, item: Item, answer: Answer) -> Verdict:
    """One answer's verdict, a count's by Ac and Re; refuses `answer_kind_mismatch`, `count_out_of_range`."""
    match characteristic.kind, answer:
        case "numeric", NumberAnswer(value=value, qualifier=qualifier):
            if qualifier and item.most_outside is not None:
                raise refuse("value_qualified", field=item.key)
            return judge_numeric(
                value,
                qualifier,
                characteristic.limits,
                characteristic.rounding,
                characteristic.resolution,
            )
        case "numeric", SeveralAnswer(parts=parts):
            return judge_several(characteristic, parts)
        case "attribute", CountAnswer(nonconforming=count, critical=critical):
            if not 0 <= count <= item.n:
                raise refuse("count_out_of_range", count=count, n=item.n)
            # Between Ac and Re of the last sample the lot is accepted (Z1.4 10.1.4).
            accept = item.accept if item.second else item.reject - 1
            return "nonconforming" if critical else judge_tally(count, accept, item.reject)
        case "text", TextAnswer(conforming=conforming):
            return "conforming" if conforming else "nonconforming"
    raise refuse("answer_kind_mismatch", field=item.key, kind=characteristic.kind)


def judge_several(characteristic: Characteristic, parts: tuple[Part, ...]) -> Verdict:
    """Several readings of a sample: each by itself, or what they are reduced to (RES-2, RES-3)."""
    replicates = characteristic.replicates
    if replicates is None or replicates.rule == "each":
        of_each = {
            judge_numeric(
                part.value,
                part.qualifier,
                characteristic.limits,
                characteristic.rounding,
                characteristic.resolution,
            )
            for part in parts
        }
        return next((each for each in _WORST_FIRST if each in of_each), "conforming")
    return judge_exact(characteristic, reduce_parts(replicates.rule, parts).value)


def judge_exact(characteristic: Characteristic, value: Fraction | None) -> Verdict:
    """An exact value, rounded once here; None: nothing can be said of it."""
    if value is None:
        return "undecidable"
    return judge_numeric(value, "", characteristic.limits, characteristic.rounding, characteristic.resolution)


def rounded(characteristic: Characteristic, value: Fraction) -> Decimal:
    """As the characteristic is reported: rounded once by its rule, or as long as it is where there is none."""
    found = round_once(value, characteristic.resolution, characteristic.rounding)
    return found if isinstance(found, Decimal) else decimal_of(found)


def _negated(limit: Decimal | None) -> Decimal | None:
    return None if limit is None else limit.copy_negate()
