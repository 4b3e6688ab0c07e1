"""Versions of a plan: their steps, who may sign, what changed, what a trial counts, what a move carries over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.domain.errors import Refused
from backend.domain.inspections import Reading
from backend.domain.judging import Verdict
from backend.domain.operating_characteristic import Stage, chances_in_lot
from backend.domain.plan_changes import changes
from backend.domain.plan_checks import check_units
from backend.domain.plan_curves import curve_of, passes
from backend.domain.plan_moves import carry
from backend.domain.plan_trials import PastLot, PastResult, TrialCounts, try_on
from backend.domain.plan_versions import PlanVersion, against_approval, against_new_draft
from backend.domain.plans import Characteristic, Method, PlanDocument, items
from backend.domain.sampling_rules import ByAql, Fixed, SampleSize, ZeroAcceptance
from backend.domain.words import Words

LENGTH = Characteristic(
    code="LEN",
    name=Words("Length", "长度"),
    kind="numeric",
    severity="major",
    method=Method("WI-312", "C"),
    sampling=Fixed(2),
    unit="mm",
    lower=Decimal("24.5"),
    upper=Decimal("25.5"),
    resolution=Decimal("0.1"),
    rounding="half_even",
)
TIP = Characteristic(
    code="TIP",
    name=Words("Tip", "针尖"),
    kind="attribute",
    severity="major",
    method=Method("WI-301", "B"),
    sampling=ByAql("II", "1.0"),
)
NOTE = msgspec.structs.replace(TIP, code="COA", kind="text", sampling=Fixed(1))
PLAN = PlanDocument([TIP, LENGTH, NOTE])


def version(number: int, status: Any, *authors: str) -> PlanVersion:
    return PlanVersion(str(number), "s", "p", number, status, PLAN, authors=list(authors))


# --- drafts


@pytest.mark.proves("SMP-1")
def test_a_draft_has_the_next_number_and_is_the_only_one() -> None:
    effective, draft = version(1, "effective"), version(2, "draft")
    assert against_new_draft([], 1) == [] and against_new_draft([effective], 2) == []
    assert [r.code for r in against_new_draft([effective], 3)] == ["plan_version_not_next"]
    assert [r.code for r in against_new_draft([effective, draft], 3)] == ["plan_draft_open"]


def naive_against_approval(of: PlanVersion, person_id: str) -> bool:
    """The broken twin: only whoever wrote last is an author."""
    return (of.authors or [""])[-1] == person_id


@pytest.mark.proves("QUA-4", "SIG-2")
def test_everybody_who_wrote_on_a_version_is_its_author() -> None:
    written = version(2, "review", "zhou", "novak")
    assert not naive_against_approval(written, "zhou"), "the twin lets the first author sign"
    for person in ("zhou", "novak"):
        assert [r.code for r in against_approval(written, person)] == ["plan_own_draft"]
    assert against_approval(written, "sun") == []


# --- changes


@pytest.mark.proves("SMP-1")
def test_changes_are_named_field_by_field() -> None:
    longer = msgspec.structs.replace(
        LENGTH, upper=Decimal("25.6"), target=Decimal("25.0"), photo_required=True
    )
    found = changes(PLAN, PlanDocument([longer, msgspec.structs.replace(TIP, code="BURR")]))
    assert [(c.code, c.change) for c in found] == [
        ("LEN", "changed"),
        ("BURR", "added"),
        ("TIP", "removed"),
        ("COA", "removed"),
    ]
    assert {(f.field, f.old, f.new) for f in found[0].fields} == {
        ("upper", "25.5", "25.6"),
        ("target", None, "25.0"),
        ("photo_required", None, "yes"),
    }
    assert ("sampling.aql", None, "1.0") in {(f.field, f.old, f.new) for f in found[1].fields}
    moved = changes(PLAN, PlanDocument([LENGTH, NOTE, TIP]))
    assert [(c.code, c.change) for c in moved] == [("TIP", "moved")]
    assert changes(PLAN, PLAN) == []


@pytest.mark.proves("SMP-1", "RES-4")
def test_a_characteristic_keeps_its_dimension() -> None:
    assert check_units(PLAN, only(LENGTH, unit="cm")) == [] == check_units(None, only(LENGTH, unit="N"))
    assert check_units(PLAN, only(LENGTH, code="FORCE", unit="N")) == []
    (reason,) = check_units(PLAN, only(LENGTH, unit="N"))
    assert (reason.code, reason.field) == ("unit_other_dimension", "characteristics.0.unit")
    assert reason.facts == {"code": "LEN", "unit": "N", "before": "mm", "rule": "RES-4"}


# --- trials


def past(*results: tuple[str, str, str | None, Verdict], document: PlanDocument = PLAN) -> PastLot:
    found = [
        PastResult(code, f"{code}-1", Decimal(value) if value else None, qualifier, value, verdict)
        for code, value, qualifier, verdict in results
    ]
    return PastLot("L26-000001", "i", document, 1200, {}, found)


def only(characteristic: Characteristic, **fields: Any) -> PlanDocument:
    return PlanDocument([msgspec.structs.replace(characteristic, **fields)])


CLOSER = PlanDocument(
    [TIP, msgspec.structs.replace(LENGTH, lower=Decimal("24.9"), upper=Decimal("25.1")), NOTE]
)


@pytest.mark.proves("SMP-1")
@pytest.mark.parametrize(
    ("draft", "result", "counted"),
    [
        (PLAN, ("LEN", "25.4", None, "conforming"), "same"),
        (CLOSER, ("LEN", "25.4", None, "conforming"), "worse"),
        (CLOSER, ("LEN", "25.14", None, "conforming"), "same"),  # rounded once, to 25.1
        (CLOSER, ("LEN", "25.15", None, "conforming"), "worse"),  # half even: 25.2
        (CLOSER, ("LEN", "24.8", "<", "nonconforming"), "same"),
        (CLOSER, ("LEN", "25.0", "<", "nonconforming"), "otherwise"),
        (PLAN, ("LEN", "25.4", None, "nonconforming"), "better"),
        (PLAN, ("TIP", "3", None, "conforming"), "worse"),
        (PLAN, ("TIP", "2", None, "nonconforming"), "better"),
        (PLAN, ("COA", "", None, "nonconforming"), "same"),
        (PlanDocument([LENGTH]), ("TIP", "3", None, "conforming"), "gone"),
        (only(TIP, sampling=Fixed(8)), ("TIP", "3", None, "conforming"), "not_comparable"),
        (only(LENGTH, unit="N"), ("LEN", "25", None, "conforming"), "not_comparable"),
        (only(LENGTH, unit="cm"), ("LEN", "25", None, "conforming"), "worse"),
        (only(LENGTH, unit="cm", lower=Decimal(2), upper=Decimal(3)), ("LEN", "25", None, "conforming"), "same"),
        (only(LENGTH, unit="毫米"), ("LEN", "25", None, "conforming"), "same"),
        (only(LENGTH, method=Method("WI-9", "A")), ("LEN", "25", None, "conforming"), "not_comparable"),
        (only(LENGTH, method=Method("WI-312", "D")), ("LEN", "25", None, "conforming"), "same"),
    ],
)  # fmt: skip
def test_a_past_result_is_judged_by_the_draft(draft: PlanDocument, result: Any, counted: str) -> None:
    trial = try_on(draft, [past(result)], most=10)
    kinds = ("same", "worse", "better", "otherwise", "gone", "not_comparable")
    assert {kind: getattr(trial.counts, kind) for kind in kinds} == dict.fromkeys(kinds, 0) | {counted: 1}
    assert len(trial.differences) == (counted in ("worse", "better", "otherwise"))


@pytest.mark.proves("SMP-1")
def test_differences_are_listed_up_to_a_number_and_all_are_counted() -> None:
    results = [("LEN", "25.4", None, "conforming")] * 30 + [("LEN", "25.0", None, "nonconforming")]
    trial = try_on(CLOSER, [past(*results), past(("LEN", "25.0", None, "conforming"))], most=5)  # type: ignore[arg-type]
    assert trial.counts == TrialCounts(
        lots=2, results=32, same=1, worse=30, better=1, lots_worse=1, lots_better=1
    )
    assert len(trial.differences) == 5
    assert trial.counts.plus(TrialCounts(lots=1, same=2)).same == 3


def test_a_trial_counts_as_the_severity_of_its_lot_demanded() -> None:
    reduced = msgspec.structs.replace(past(("TIP", "2", None, "conforming")), severities={"major": "reduced"})
    assert try_on(PLAN, [reduced], 1).counts.worse == 1, "reduced: 32 inspected, 1 accepted"


# --- moves


def reading(key: str, value: str | None, verdict: Verdict) -> Reading:
    return Reading(
        f"r-{key}", "s", "i", None, key, key.partition("-")[0], value or "QC-1",
        Decimal(value) if value else None, None, verdict, "current", "li", "phone", "t", None, [],
    )  # fmt: skip


@pytest.mark.proves("SMP-8")
def test_readings_go_along_where_the_question_is_the_same() -> None:
    readings = [reading("TIP-0", "1", "conforming"), reading("LEN-1", "25.4", "conforming"),
                reading("LEN-2", "25.0", "conforming"), reading("COA-1", None, "nonconforming")]  # fmt: skip
    asked = items(PLAN, 1200)

    def verdicts(new: PlanDocument) -> list[str | None]:
        return [each.verdict for each in carry(PLAN, asked, new, items(new, 1200), readings)]

    assert verdicts(PLAN) == ["conforming", "conforming", "conforming", "nonconforming"]
    assert verdicts(CLOSER) == ["conforming", "nonconforming", "conforming", "nonconforming"]
    other_n = PlanDocument([msgspec.structs.replace(TIP, sampling=ZeroAcceptance(13)), LENGTH, NOTE])
    assert verdicts(other_n) == [None, "conforming", "conforming", "nonconforming"]
    fewer = PlanDocument([TIP, msgspec.structs.replace(LENGTH, sampling=Fixed(1))])
    assert verdicts(fewer) == ["conforming", "conforming", None, None]
    newer = PlanDocument([TIP, msgspec.structs.replace(LENGTH, method=Method("WI-312", "D")), NOTE])
    assert verdicts(newer) == ["conforming", None, None, "nonconforming"]


# --- curves


@pytest.mark.proves("SMP-2", "SMP-5")
@pytest.mark.parametrize(("n", "accept", "lot"), [(80, 2, 1200), (13, 0, 40), (5, 0, 5), (315, 21, 20_000)])
def test_a_curve_is_the_exact_one(n: int, accept: int, lot: int) -> None:
    for bad in {0, 1, 2, lot // 40, lot // 20, lot // 10, lot}:
        exact = chances_in_lot([Stage(n, accept, accept + 1)], bad, lot).accepted
        assert passes(SampleSize(n, accept, accept + 1, n >= lot), bad, lot) == pytest.approx(exact, abs=1e-8)


@pytest.mark.proves("SMP-5")
def test_a_curve_of_a_critical_characteristic_accepts_none() -> None:
    curve = curve_of(msgspec.structs.replace(TIP, severity="critical"), 1200)
    assert {(rule.n, rule.accept) for rule in curve.rules} == {(80, 0), (32, 0)}
    assert curve.points[0].cases == 100 and curve.points[-1].cases <= 0.5
    cases = [point.cases for point in curve.points]
    assert cases == sorted(cases, reverse=True)
    for lot_size in (0, 10_000_001):
        with pytest.raises(Refused, match="lot_size_invalid"):
            curve_of(TIP, lot_size)
