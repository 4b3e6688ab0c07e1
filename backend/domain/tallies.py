"""Tallies: what the answers to one characteristic come to against its plan, and so a whole inspection (SMP-5)."""

from __future__ import annotations

from collections import Counter
from decimal import Context, Decimal
from typing import Literal, NamedTuple

import msgspec

from backend.domain.answers import Answer, CountAnswer, NumberAnswer, SeveralAnswer
from backend.domain.calculating import Computed, reduce_parts
from backend.domain.errors import refuse
from backend.domain.formulas import compute_all
from backend.domain.judging import Verdict, judge_answer, judge_exact
from backend.domain.plans import Characteristic, Item, PlanDocument
from backend.domain.variables import judge_values

Outcome = Literal["open", "passed", "failed"]

_EXACT = Context(prec=100)


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
    lower, upper, room = characteristic.lower, characteristic.upper, characteristic.resolution or Decimal(0)
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
        return _by_variables(characteristic, tally, item.most_outside, asked, answers)
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
    characteristic: Characteristic, tally: Tally, most: Decimal, asked: list[Item], answers: dict[str, Answer]
) -> Tally:
    """Nothing before the whole sample is measured; a single value outside its limits does not decide."""
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
