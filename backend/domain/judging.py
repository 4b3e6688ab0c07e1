"""Judging: a reading against its limits, a tally against its plan, an inspection (RES-1..4, SMP-5)."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec

from backend.domain.answers import Answer, CountAnswer, NumberAnswer, SeveralAnswer, TextAnswer
from backend.domain.calculating import Computed, reduce_parts
from backend.domain.errors import refuse
from backend.domain.formulas import compute_all
from backend.domain.plans import Characteristic, Item, Limits, PlanDocument, Rounding
from backend.domain.result_kinds import Part, Qualifier
from backend.domain.units import decimal_of
from backend.domain.variables import judge_values

Verdict = Literal["conforming", "nonconforming", "undecidable"]
Outcome = Literal["open", "passed", "failed"]

_ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
_EXACT = Context(prec=100)
_WORST_FIRST: tuple[Verdict, ...] = ("nonconforming", "undecidable")
_SLIP = 10  # a decimal point in the wrong place is a factor of ten


class ItemVerdict(msgspec.Struct, frozen=True):
    """One item's verdict; None: not answered, which is incomplete and never passed."""

    key: str
    verdict: Verdict | None


class Tally(msgspec.Struct, frozen=True):
    """One characteristic over all its samples, the second of double sampling included.

    `in_gap`: accepted with a count between Ac and Re (reduced plans of Z1.4). `outside`: by variables, the estimated
    percent outside the limits, which up to `most_outside` is accepted; counted units decide nothing then.
    """

    characteristic: str
    n: int
    answered: int
    nonconforming: int
    accept: int
    reject: int
    outcome: Outcome
    in_gap: bool = False
    outside: Decimal | None = None
    most_outside: Decimal | None = None


class InspectionVerdict(msgspec.Struct, frozen=True):
    """An inspection as it stands: each item, each characteristic, the whole."""

    items: list[ItemVerdict]
    tallies: list[Tally]
    overall: Outcome


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
            rounded = value.quantize(resolution, rounding=_ROUNDINGS[rule], context=_EXACT)
        except InvalidOperation:  # more digits than anybody writes
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


def judge_inspection(doc: PlanDocument, items: list[Item], answers: dict[str, Answer]) -> InspectionVerdict:
    """Judge `answers` (by item key) to `items`.

    Failed as soon as one characteristic's nonconforming units reach its reject number; passed only when every
    item is answered and decided (RES-1); otherwise open. What a formula computes is computed here, whatever is on
    record of it. Refuses `item_unknown` for an answer to no item.
    """
    if strangers := sorted(set(answers) - {item.key for item in items}):
        raise refuse("item_unknown", keys=strangers)
    by_code = {characteristic.code: characteristic for characteristic in doc.characteristics}
    of_code: dict[str, list[Item]] = {}
    for item in items:
        of_code.setdefault(item.characteristic, []).append(item)
    by_key: dict[str, Verdict | None] = {}
    computed = compute_all(doc, items, answers)
    for code, asked in of_code.items():
        if asked[0].computed:
            by_key.update(_judge_computed(by_code[code], asked, computed))
        else:
            _judge_all(by_code[code], asked, answers, by_key)
    verdicts = [ItemVerdict(item.key, by_key[item.key]) for item in items]
    tallies = [_tally(by_code[code], asked, answers, by_key) for code, asked in of_code.items()]
    outcomes = {tally.outcome for tally in tallies}
    overall: Outcome = "failed" if "failed" in outcomes else "passed" if outcomes == {"passed"} else "open"
    return InspectionVerdict(verdicts, tallies, overall)


def _judge_all(
    characteristic: Characteristic,
    asked: list[Item],
    answers: dict[str, Answer],
    by_key: dict[str, Verdict | None],
) -> None:
    """All answers to one characteristic. Far from the limits no rounding can change a verdict: those are quick."""
    low, high = _surely_inside(characteristic)
    measured = characteristic.kind == "numeric"
    for item in asked:
        answer = answers.get(item.key)
        if answer is None:
            by_key[item.key] = None
        elif (
            measured
            and type(answer) is NumberAnswer
            and not answer.qualifier
            and (low is None or low <= answer.value)
            and (high is None or answer.value <= high)
        ):
            by_key[item.key] = "conforming"
        else:
            by_key[item.key] = judge_answer(characteristic, item, answer)


def _judge_computed(
    characteristic: Characteristic, asked: list[Item], computed: dict[str, Computed]
) -> dict[str, Verdict | None]:
    found = {item.key: computed.get(item.key) for item in asked}
    return {
        key: None if each is None else judge_exact(characteristic, each.value) for key, each in found.items()
    }


def _surely_inside(characteristic: Characteristic) -> tuple[Decimal | None, Decimal | None]:
    """Between these a value conforms however it is rounded, which moves it by half a step at most."""
    step = characteristic.resolution if characteristic.rounding != "none" else None
    lower, upper, room = characteristic.lower, characteristic.upper, step or Decimal(0)
    return (
        None if lower is None else _EXACT.add(lower, room),
        None if upper is None else _EXACT.subtract(upper, room),
    )


class _Seen(NamedTuple):
    """What the answers to the items of one sample say."""

    answered: int
    decided: bool
    nonconforming: int
    critical: bool = False


def _tally(
    characteristic: Characteristic,
    asked: list[Item],
    answers: dict[str, Answer],
    verdicts: dict[str, Verdict | None],
) -> Tally:
    item = asked[0]
    if item.found is None and asked[-1].found is not None:
        return _tally_of_two(asked, answers, verdicts)
    seen = _seen(asked, answers, verdicts)
    tally = Tally(
        item.characteristic, item.n, seen.answered, seen.nonconforming, item.accept, item.reject, "open"
    )
    if item.most_outside is not None:
        return _by_variables(characteristic, tally, asked, answers)
    return _concluded(tally, seen.decided, item.second is None, seen.critical)


def _tally_of_two(
    asked: list[Item], answers: dict[str, Answer], verdicts: dict[str, Verdict | None]
) -> Tally:
    """Both samples together; what the first alone rejects stays rejected (Z1.4 10.1.2)."""
    firsts = [item for item in asked if item.found is None]
    seconds = [item for item in asked if item.found is not None]
    first, second = (_seen(items, answers, verdicts) for items in (firsts, seconds))
    before = seconds[0].found or 0
    tally = Tally(
        firsts[0].characteristic,
        firsts[0].n + seconds[0].n,
        first.answered + second.answered,
        first.nonconforming + second.nonconforming,
        seconds[0].accept + before,
        seconds[0].reject + before,
        "open",
    )
    failed = first.nonconforming >= firsts[0].reject or first.critical or second.critical
    return _concluded(tally, first.decided and second.decided, True, failed)


def _concluded(tally: Tally, decided: bool, last: bool, failed: bool) -> Tally:
    if failed or tally.nonconforming >= tally.reject:
        return msgspec.structs.replace(tally, outcome="failed")
    if not decided or (tally.nonconforming > tally.accept and not last):
        return tally
    return msgspec.structs.replace(tally, outcome="passed", in_gap=tally.nonconforming > tally.accept)


def _by_variables(
    characteristic: Characteristic, tally: Tally, asked: list[Item], answers: dict[str, Answer]
) -> Tally:
    """Nothing before the whole sample is measured; a single value outside its limits does not decide."""
    most = asked[0].most_outside or Decimal(0)
    found = (_measured(characteristic, answers.get(item.key)) for item in asked)
    values = [value for value in found if value is not None]
    if len(values) < len(asked):
        return msgspec.structs.replace(tally, most_outside=most)
    limits = [
        None if limit is None else float(limit) for limit in (characteristic.lower, characteristic.upper)
    ]
    verdict = judge_values(values, most, *limits)
    return msgspec.structs.replace(
        tally,
        outcome="passed" if verdict.accepted else "failed",
        outside=Decimal(f"{verdict.below + verdict.above:.4f}"),
        most_outside=most,
    )


def _measured(characteristic: Characteristic, answer: Answer | None) -> float | None:
    """The value of one unit, unrounded; None: there is none, or only a bound of it."""
    if isinstance(answer, NumberAnswer) and not answer.qualifier:
        return float(answer.value)
    if isinstance(answer, SeveralAnswer) and characteristic.replicates is not None:
        exact = reduce_parts(characteristic.replicates.rule, answer.parts).value
        return None if exact is None else float(exact)
    return None


def _seen(asked: list[Item], answers: dict[str, Answer], verdicts: dict[str, Verdict | None]) -> _Seen:
    seen = Counter(verdicts[item.key] for item in asked)
    match answers.get(asked[0].key):
        case CountAnswer(nonconforming=count, critical=critical):
            return _Seen(1, decided=True, nonconforming=count, critical=critical > 0)
    answered = len(asked) - seen[None]
    return _Seen(answered, answered - seen["undecidable"] == len(asked), seen["nonconforming"])


def _inside(value: Decimal, limits: Limits) -> bool:
    return judge_numeric(value, "", limits, "none") == "conforming"


def _slipped(value: Decimal, limits: Limits) -> bool:
    """Only between two limits: one alone would make every failing value look slipped."""
    if limits.lower is None or limits.upper is None:
        return False
    return _inside(value / _SLIP, limits) or _inside(value * _SLIP, limits)


def _negated(limit: Decimal | None) -> Decimal | None:
    return None if limit is None else limit.copy_negate()
