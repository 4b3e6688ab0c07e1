"""Tallies: what all answers to a characteristic come to, by counting, by two samples, and by variables."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from backend.domain.answers import Answer, CountAnswer, NumberAnswer, SeveralAnswer
from backend.domain.errors import Refused
from backend.domain.judging import judge_answer, rounded
from backend.domain.operating_characteristic import Stage
from backend.domain.plans import Characteristic, Item, Kind, Method, PlanDocument, items
from backend.domain.result_kinds import Part, Replicates
from backend.domain.sampling_rules import ByAql, Fixed, Rule, Variables
from backend.domain.tallies import Tally, judge_inspection
from backend.domain.variables import judge_values
from backend.domain.words import Words

MOST = Decimal("3.33")  # Z1.9, table B-3: code letter C, AQL 1.0, n 5, in percent


def characteristic(kind: Kind, rule: Rule, **more: object) -> Characteristic:
    return Characteristic(
        code="C", name=Words("C", "C"), kind=kind, severity="major", method=Method("M", "1"), sampling=rule, **more
    )  # type: ignore[arg-type]  # fmt: skip


def measured(**more: object) -> Characteristic:
    return characteristic("numeric", Variables("II", "1.0"), **more)


def tally(of: Characteristic, lot: int, answers: dict[str, Answer]) -> Tally:
    plan = PlanDocument([of])
    return judge_inspection(plan, items(plan, lot), answers).tallies[0]


def numbers(*values: str) -> dict[str, Answer]:
    return {f"C-{place}": NumberAnswer(Decimal(value)) for place, value in enumerate(values, start=1)}


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("lower", "upper"), [("9", "11"), ("9", None), (None, "11")])
@pytest.mark.parametrize("shift", ["0", "0.6", "-0.6", "0.9", "-0.9"])
def test_by_variables_the_whole_sample_is_estimated_and_one_value_decides_nothing(
    lower: str | None, upper: str | None, shift: str
) -> None:
    limits = {name: Decimal(limit) for name, limit in (("lower", lower), ("upper", upper)) if limit}
    values = [str(Decimal(base) + Decimal(shift)) for base in ("9.7", "9.9", "10.0", "10.1", "10.3")]
    of = measured(**limits)
    before = tally(of, 40, numbers(*values[:4]))
    assert (before.outcome, before.answered, before.outside, before.most_outside) == ("open", 4, None, MOST)
    found = tally(of, 40, numbers(*values))
    floats = [float(value) for value in values]
    expected = judge_values(
        floats, MOST, *(None if limit is None else float(limit) for limit in (lower, upper))
    )
    assert found.outcome == ("passed" if expected.accepted else "failed")
    assert found.outside == Decimal(f"{expected.below + expected.above:.4f}")
    assert (found.characteristic, found.n, found.answered, found.most_outside) == ("C", 5, 5, MOST)


@pytest.mark.proves("SMP-2")
def test_by_variables_a_value_outside_may_pass_and_values_inside_may_fail() -> None:
    of = measured(lower=Decimal("9"), upper=Decimal("11"))
    assert tally(of, 40, numbers("9.0", "11.0", "9.0", "11.0", "10.0")).outcome == "failed"
    assert tally(of, 40, numbers("10", "10", "10", "10", "10")).outcome == "passed"
    narrow = measured(upper=Decimal("11"))
    failed = tally(narrow, 40, numbers("10.99", "10.5", "10.9", "10.7", "10.8"))
    assert (failed.outcome, failed.nonconforming) == ("failed", 0)


@pytest.mark.proves("SMP-2", "RES-2")
def test_by_variables_needs_values_not_bounds() -> None:
    of = measured(lower=Decimal(9))
    plan = PlanDocument([of])
    item = items(plan, 40)[0]
    with pytest.raises(Refused) as refused:
        judge_answer(of, item, NumberAnswer(Decimal(10), ">"))
    assert (refused.value.reasons[0].code, refused.value.reasons[0].field) == ("value_qualified", "C-1")
    several = with_replicates(of, "mean")
    parts = (Part("9.8", Decimal("9.8"), ""), Part("10.2", Decimal("10.2"), ""))
    bound = (Part("9.8", Decimal("9.8"), ""), Part("<1", Decimal(1), "<"))
    good = {f"C-{number}": SeveralAnswer(parts) for number in range(1, 6)}
    assert tally(several, 40, dict(good)).outcome == "passed"
    assert tally(several, 40, {**good, "C-3": SeveralAnswer(bound)}).outcome == "open"
    del good["C-3"]
    assert tally(several, 40, dict(good)).outcome == "open"


def with_replicates(of: Characteristic, rule: str) -> Characteristic:
    return msgspec.structs.replace(of, replicates=Replicates(2, rule))  # type: ignore[arg-type]


@pytest.mark.proves("SMP-5")
@pytest.mark.parametrize("sample", [1, 2])
def test_of_two_samples_a_critical_unit_in_either_fails_the_lot(sample: int) -> None:
    plan = PlanDocument([characteristic("attribute", ByAql("II", "2.5"))])
    first = Item("C-0", "C", 0, 32, 1, 4, second=Stage(32, 4, 5))
    second = Item("C-0.2", "C", 0, 32, 2, 3, found=2)
    answers: dict[str, Answer] = {"C-0": CountAnswer(2), "C-0.2": CountAnswer(0)}
    whole = judge_inspection(plan, [first, second], answers).tallies[0]
    assert whole == Tally("C", 64, 2, 2, 4, 5, "passed")
    answers["C-0" if sample == 1 else "C-0.2"] = CountAnswer(2 if sample == 1 else 1, critical=1)
    assert judge_inspection(plan, [first, second], answers).tallies[0].outcome == "failed"
    assert judge_inspection(plan, [first, second], {"C-0": CountAnswer(2)}).tallies[0].outcome == "open"


@pytest.mark.proves("RES-1")
def test_a_tally_says_how_much_is_answered_and_what_is_undecidable_keeps_it_open() -> None:
    of = characteristic("numeric", Fixed(3), lower=Decimal(9), upper=Decimal(11))
    assert tally(of, 40, numbers("10", "10")) == Tally("C", 3, 2, 0, 0, 1, "open")
    doubtful = {**numbers("10", "10"), "C-3": NumberAnswer(Decimal(10), "<")}
    assert tally(of, 40, doubtful) == Tally("C", 3, 3, 0, 0, 1, "open")
    del doubtful["C-2"]
    assert tally(of, 40, doubtful) == Tally("C", 3, 2, 0, 0, 1, "open")
    assert tally(of, 40, numbers("10", "10", "10")) == Tally("C", 3, 3, 0, 0, 1, "passed")


@pytest.mark.proves("RES-3")
def test_a_computed_value_is_reported_as_its_characteristic_says() -> None:
    exact = characteristic("numeric", Fixed(1), lower=Decimal(0))
    tenths = characteristic(
        "numeric", Fixed(1), lower=Decimal(0), resolution=Decimal("0.1"), rounding="half_even"
    )
    assert str(rounded(exact, Fraction(1, 4))) == "0.25"
    assert str(rounded(tenths, Fraction(1, 4))) == "0.2"
    assert str(rounded(tenths, Fraction(2, 3))) == "0.7"
