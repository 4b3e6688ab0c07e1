"""Results beyond one number: limits of detection, other units, several readings, formulas, kinds of defects."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.answering import Judged, judge_entry
from backend.domain.answers import (
    Answer,
    CountAnswer,
    NumberAnswer,
    SeveralAnswer,
    read_answer,
    read_count,
    several,
)
from backend.domain.errors import Refused
from backend.domain.formulas import compute_all
from backend.domain.plan_changes import changes
from backend.domain.plan_checks import check_plan
from backend.domain.plans import Characteristic, Item, Method, PlanDocument, items
from backend.domain.result_kinds import DefectKind, Detection, Formula, Part, Replicates
from backend.domain.sampling_rules import ByAql, Fixed
from backend.domain.tallies import judge_inspection
from backend.domain.words import Words

NAME = Words("Name", "名称")
TENTH = Decimal("0.1")


def measured(code: str = "X", **fields: Any) -> Characteristic:
    right: dict[str, Any] = {
        "code": code,
        "name": NAME,
        "kind": "numeric",
        "severity": "major",
        "method": Method("WI-1", "A"),
        "sampling": Fixed(2),
        "unit": "mm",
        "lower": Decimal("3.1"),
        "upper": Decimal("3.3"),
    }
    return Characteristic(**(right | fields))


def item_of(characteristic: Characteristic) -> Item:
    return items(PlanDocument([characteristic]), 100)[0]


def entered(characteristic: Characteristic, text: str, confirmed: bool = True) -> Judged:
    return judge_entry(item_of(characteristic), characteristic, text, confirmed=confirmed)


def doubts(characteristic: Characteristic, text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        entered(characteristic, text, confirmed=False)
    return [reason.code for reason in refused.value.reasons]


# --- limits of detection

LEAD = measured(
    unit="mg/L",
    lower=None,
    upper=Decimal("0.05"),
    detection=Detection(Decimal("0.01"), Decimal("0.03"), Decimal("10")),
)
BEYOND = [
    ("<LOD", "0.01", "<", "lod", "conforming"),
    ("n.d.", "0.01", "<", "lod", "conforming"),
    ("未检出", "0.01", "<", "lod", "conforming"),
    ("＜ｌｏｄ", "0.01", "<", "lod", "conforming"),
    ("<检出限", "0.01", "<", "lod", "conforming"),
    ("<LOQ", "0.03", "<", "loq", "conforming"),
    ("< 定量限", "0.03", "<", "loq", "conforming"),
    (">ULOQ", "10", ">", "uloq", "nonconforming"),
]


@pytest.mark.proves("RES-2", "RES-1")
@pytest.mark.parametrize(("text", "value", "qualifier", "limit", "verdict"), BEYOND)
def test_a_result_beyond_a_limit_is_that_limit_with_a_qualifier(
    text: str, value: str, qualifier: str, limit: str, verdict: str
) -> None:
    judged = entered(LEAD, text)
    assert (str(judged.value), judged.qualifier, judged.verdict) == (value, qualifier, verdict)
    assert judged.entered == text and judged.basis is not None
    assert (judged.basis.rule, judged.basis.parts[0].limit) == ("interval", limit), (
        "the rule is on the record"
    )


@pytest.mark.proves("RES-2")
def test_what_a_limit_leaves_open_is_undecidable() -> None:
    """Less than 0.03 may be 0.005 or 0.029: with a limit of 0.02 nobody knows; half the limit would have passed."""
    strict = msgspec.structs.replace(LEAD, upper=Decimal("0.02"))
    assert entered(strict, "<LOQ").verdict == "undecidable"
    half_the_limit = entered(strict, "0.015").verdict
    assert half_the_limit == "conforming", "the twin that puts half the limit in its place passes"
    assert doubts(strict, "<LOQ") == ["value_out_of_limits"]


@pytest.mark.proves("RES-2")
@pytest.mark.parametrize("text", ["<LOD", "n.d.", "未检出", ">ULOQ", ">LOD", "<ULOQ"])
def test_without_that_limit_in_the_plan_the_person_is_asked(text: str) -> None:
    assert doubts(measured(detection=Detection(loq=Decimal("0.03"))), text) == ["detection_limit_expected"]


# --- units


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.32 cm", "3.2"),
        ("0,32厘米", "3.2"),
        ("3200 µm", "3200"),
        ("0.126 in", "3.2004"),
        ("３２０丝", "3.20"),
    ],
)
def test_another_unit_is_converted_exactly_when_confirmed(text: str, value: str) -> None:
    wide = measured(upper=Decimal(5000))
    assert doubts(wide, text)[0] == "unit_converted"
    judged = entered(wide, text)
    typed = Decimal(value) if value != "3200" else Decimal("3.2")
    assert judged.value == typed and judged.entered == text
    assert judged.basis is not None and judged.basis.parts[0].unit is not None


@pytest.mark.proves("RES-4")
def test_a_conversion_that_fails_is_asked_about_with_both() -> None:
    with pytest.raises(Refused) as refused:
        entered(measured(), "0.34 cm", confirmed=False)
    reasons = refused.value.reasons
    assert [each.code for each in reasons] == ["unit_converted", "value_out_of_limits"]
    assert {each.facts["value"] for each in reasons} == {"3.4"}
    assert doubts(measured(), "3.2 N") == ["unit_other_dimension"]
    assert doubts(measured(), "3.2 abc") == ["unit_mismatch"]
    assert entered(measured(), "3.2 毫米", confirmed=False).basis is None, "the same unit needs no question"


# --- several readings

THREE = measured(replicates=Replicates(3, "mean"), resolution=Decimal("0.01"), rounding="half_even")
REDUCED = [
    ("mean", "3.21; 3.22; 3.19", "conforming"),
    ("mean", "3.21 3.22 3.19", "conforming"),
    ("mean", "3.21；３,２２；3.19", "conforming"),
    ("mean", "3.30; 3.31; 3.31", "nonconforming"),
    ("mean", "3.30; 3.30; 3.31", "conforming"),  # 3.30333... rounds to 3.30
    ("max", "3.31; 3.2; 3.2", "nonconforming"),
    ("min", "3.31; 3.2; 3.2", "conforming"),
    ("each", "3.31; 3.2; 3.2", "nonconforming"),
    ("each", "3.3; 3.2; 3.1", "conforming"),
    ("mean", "3.2; 3.2; <3.2", "undecidable"),
    ("each", "3.2; 3.2; <3.2", "undecidable"),
    ("each", "3.4; 3.2; <3.2", "nonconforming"),
]


@pytest.mark.proves("RES-3", "RES-2")
@pytest.mark.parametrize(("rule", "text", "verdict"), REDUCED)
def test_several_readings_are_reduced_by_the_stated_rule(rule: Any, text: str, verdict: str) -> None:
    judged = entered(msgspec.structs.replace(THREE, replicates=Replicates(3, rule)), text)
    assert judged.verdict == verdict
    assert judged.basis is not None and (judged.basis.rule, len(judged.basis.parts)) == (rule, 3)
    censored = "<" in text
    assert (judged.value is None) == (censored or rule == "each"), (
        "never a mean with a censored reading in it"
    )
    assert judged.basis.why == ("censored" if censored and rule != "each" else None)


@pytest.mark.proves("RES-3")
def test_the_spread_of_readings_may_be_what_is_limited() -> None:
    spread = msgspec.structs.replace(
        THREE, replicates=Replicates(3, "range"), lower=None, upper=Decimal("0.02")
    )
    assert entered(spread, "3.21; 3.22; 3.20").verdict == "conforming"
    assert entered(spread, "3.21; 3.24; 3.20").verdict == "nonconforming"


@pytest.mark.proves("RES-1", "RES-4")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3.21; 3.22", "readings_expected"),
        ("3.21; 3.22; 3.19; 3.2", "readings_expected"),
        ("3.21; ; 3.19", "reading_missing"),
        ("3.21; x; 3.19", "number_expected"),
        ("", "reading_missing"),
        ("3.2; 3.2; 32", "value_implausible"),
    ],
)
def test_a_reading_too_few_or_too_many_is_asked_about(text: str, code: str) -> None:
    assert code in doubts(THREE, text)


def test_blanks_part_numbers_only_where_no_thousands_may_be_meant() -> None:
    assert several("1.5 2.5", 2) == ["1.5", "2.5"]
    assert several("1 234", 2) == ["1 234"]
    assert several("1 234; 5", 2) == ["1 234", "5"]


class RoundedTwice:
    """The broken twin: rounds each reading, then the mean."""

    @staticmethod
    def mean(values: list[Decimal]) -> Decimal:
        step = Decimal("0.1")
        rounded = [value.quantize(step, rounding="ROUND_HALF_UP") for value in values]
        return (sum(rounded, Decimal(0)) / len(rounded)).quantize(step, rounding="ROUND_HALF_UP")


@pytest.mark.proves("RES-3")
def test_a_mean_is_rounded_once() -> None:
    pair = measured(
        replicates=Replicates(2, "mean"), upper=Decimal("3.2"), resolution=Decimal("0.1"), rounding="half_up"
    )
    values = [Decimal("3.25"), Decimal("3.23")]
    assert entered(pair, "3.25; 3.23").verdict == "conforming"  # 3.24 is 3.2
    assert RoundedTwice.mean(values) > Decimal("3.2"), "the twin fails it: 3.3 and 3.2 are 3.25, and that 3.3"


# --- formulas

OUTER, INNER = measured("OD"), measured("ID", unit="cm", lower=None, upper=Decimal("0.3"))
WALL = measured(
    "WALL", lower=Decimal("0.1"), upper=Decimal("0.3"), formula=Formula("difference", ("OD", "ID"))
)
ALL = measured("MEAN", sampling=Fixed(1), formula=Formula("mean", ("OD",), "all"))
PLAN = PlanDocument([OUTER, INNER, WALL, ALL])


def answered(plan: PlanDocument, **values: str) -> tuple[list[Item], dict[str, Answer]]:
    asked = items(plan, 100)
    by_code = {each.code: each for each in plan.characteristics}
    answers = {
        item.key: read_answer(by_code[item.characteristic], item, values[item.key.replace("-", "_")])
        for item in asked
        if item.key.replace("-", "_") in values
    }
    return asked, answers


@pytest.mark.proves("RES-3", "RES-4")
def test_a_value_is_computed_from_others_of_its_sample_in_its_own_unit() -> None:
    assert check_plan(PLAN) == []
    asked, answers = answered(PLAN, OD_1="3.2", OD_2="3.3", ID_1="0.301", ID_2="0.29")
    assert [item.key for item in asked if item.computed] == ["WALL-1", "WALL-2", "MEAN-0"]
    computed = {key: each.value for key, each in compute_all(PLAN, asked, answers).items()}
    assert computed == {"WALL-1": Fraction("0.19"), "WALL-2": Fraction("0.4"), "MEAN-0": Fraction("3.25")}
    verdict = judge_inspection(PLAN, asked, answers)
    assert {each.key: each.verdict for each in verdict.items}["WALL-2"] == "nonconforming"
    assert verdict.overall == "failed"


@pytest.mark.proves("RES-1", "RES-2")
def test_nothing_is_computed_from_a_reading_that_is_missing_or_censored() -> None:
    asked, answers = answered(PLAN, OD_1="3.2", ID_1="<0.3", ID_2="0.3")
    computed = compute_all(PLAN, asked, answers)
    assert set(computed) == {"WALL-1"}, "a missing reading leaves its results missing"
    assert (computed["WALL-1"].value, computed["WALL-1"].why) == (None, "censored")
    verdicts = {each.key: each.verdict for each in judge_inspection(PLAN, asked, answers).items}
    assert (verdicts["WALL-1"], verdicts["WALL-2"], verdicts["MEAN-0"]) == ("undecidable", None, None)


@pytest.mark.parametrize(("rule", "value"), [("sum", 9), ("mean", 3), ("range", 4), ("max", 5), ("min", 1)])
def test_formulas_over_characteristics(rule: Any, value: int) -> None:
    plan = PlanDocument(
        [*(measured(code, lower=Decimal(0), sampling=Fixed(1)) for code in "ABC"),
         measured("F", sampling=Fixed(1), formula=Formula(rule, ("A", "B", "C")))]
    )  # fmt: skip
    asked, answers = answered(plan, A_1="1", B_1="3", C_1="5")
    assert compute_all(plan, asked, answers)["F-1"].value == value


@pytest.mark.proves("RES-3")
def test_a_ratio_is_exact_and_never_by_zero() -> None:
    share = measured("R", unit="%", lower=Decimal("33.3333333333333333333333333333333333"), upper=None,
                     formula=Formula("ratio", ("OD", "ID")))  # fmt: skip
    plan = PlanDocument([OUTER, INNER, share])
    assert check_plan(plan) == []
    asked, answers = answered(plan, OD_1="1", ID_1="0.3", OD_2="1", ID_2="0")
    computed = compute_all(plan, asked, answers)
    assert computed["R-1"].value == Fraction(100, 3) and computed["R-2"].why == "division_by_zero"
    verdicts = {each.key: each.verdict for each in judge_inspection(plan, asked, answers).items}
    assert verdicts["R-1"] == "conforming", "a third is more than any number of threes"


@pytest.mark.proves("RES-3")
@given(st.lists(st.decimals(-1000, 1000, places=6), min_size=2, max_size=6))
def test_formulas_are_those_of_fractions(values: list[Decimal]) -> None:
    """Against a plain reading of the definitions."""
    codes = [f"C{place}" for place in range(len(values))]
    lines = [measured(code, sampling=Fixed(1)) for code in codes]
    for rule, wanted in (
        ("mean", sum(map(Fraction, values)) / len(values)),
        ("range", Fraction(max(values)) - Fraction(min(values))),
        ("sum", sum(map(Fraction, values))),
    ):
        plan = PlanDocument([*lines, measured("F", sampling=Fixed(1), formula=Formula(rule, tuple(codes)))])  # type: ignore[arg-type]
        answers: dict[str, Answer] = {
            f"{code}-1": NumberAnswer(value) for code, value in zip(codes, values, strict=True)
        }
        assert compute_all(plan, items(plan, 10), answers)["F-1"].value == wanted


WRONG_FORMULAS = [
    (Formula("difference", ("OD",)), {}, "formula_operands"),
    (Formula("difference", ("OD", "OD")), {}, "formula_operands"),
    (Formula("difference", ("OD", "ID"), "all"), {"sampling": Fixed(1)}, "formula_operands"),
    (Formula("mean", ("OD",)), {}, "formula_operands"),
    (Formula("sum", ("OD", "NONE")), {}, "formula_of_unknown"),
    (Formula("sum", ("OD", "LOOK")), {}, "formula_of_unmeasured"),
    (Formula("sum", ("OD", "NOTE")), {}, "formula_of_unmeasured"),
    (Formula("sum", ("OD", "EACH")), {}, "formula_of_each"),
    (Formula("sum", ("OD", "F")), {}, "formula_circular"),
    (Formula("sum", ("OD", "FORCE")), {}, "formula_unit"),
    (Formula("ratio", ("OD", "ID")), {}, "formula_unit"),
    (Formula("ratio", ("FORCE", "OD")), {"unit": "N"}, "formula_unit"),
    (Formula("sum", ("T1", "T2")), {"unit": "°C"}, "formula_unit"),
    (Formula("mean", ("T1", "T2")), {"unit": "K"}, "formula_unit"),
    (Formula("sum", ("OD", "FEW")), {}, "formula_sampling"),
    (Formula("sum", ("OD", "MINOR")), {}, "formula_sampling"),
    (Formula("mean", ("OD",), "all"), {}, "formula_once"),
    (Formula("sum", ("OD", "ID")), {"instrument_type": "calliper"}, "formula_excludes"),
    (Formula("sum", ("OD", "ID")), {"replicates": Replicates(2, "mean")}, "formula_excludes"),
]
SOUND_FORMULAS = [
    (Formula("ratio", ("FORCE", "OD")), {"unit": "N/mm"}),
    (Formula("ratio", ("OD", "ID")), {"unit": ""}),
    (Formula("difference", ("T1", "T2")), {"unit": "K"}),
    (Formula("mean", ("T1", "T2")), {"unit": "°C"}),
    (Formula("sum", ("OD", "ID")), {"unit": "µm"}),
]
OTHERS = [
    OUTER,
    INNER,
    measured("LOOK", kind="attribute", unit="", lower=None, upper=None),
    measured("NOTE", kind="text", unit="", lower=None, upper=None),
    measured("EACH", replicates=Replicates(2, "each")),
    measured("FORCE", unit="N"),
    measured("T1", unit="°C"),
    measured("T2", unit="°C"),
    measured("FEW", sampling=Fixed(1)),
    measured("MINOR", severity="minor"),
]


@pytest.mark.proves("RES-3", "RES-4", "SMP-1")
@pytest.mark.parametrize(("formula", "fields", "code"), WRONG_FORMULAS)
def test_a_formula_that_cannot_be_computed_is_refused(
    formula: Formula, fields: dict[str, Any], code: str
) -> None:
    reasons = check_plan(PlanDocument([*OTHERS, measured("F", formula=formula, **fields)]))
    assert [each.code for each in reasons] == [code]


@pytest.mark.parametrize(("formula", "fields"), SOUND_FORMULAS)
def test_units_of_a_formula_are_checked_by_dimension(formula: Formula, fields: dict[str, Any]) -> None:
    assert check_plan(PlanDocument([*OTHERS, measured("F", formula=formula, **fields)])) == []


@pytest.mark.proves("RES-3")
def test_a_circle_is_found_however_long_and_ends_no_computation() -> None:
    first, second = Formula("sum", ("X", "G")), Formula("sum", ("X", "F"))
    plan = PlanDocument([measured(), measured("F", formula=first), measured("G", formula=second)])
    assert [each.code for each in check_plan(plan)] == ["formula_circular"] * 2
    asked, answers = answered(plan, X_1="3.2", X_2="3.2")
    assert compute_all(plan, asked, answers) == {}


def test_a_formula_may_stand_on_another() -> None:
    twice = measured("T", lower=Decimal(0), upper=Decimal(1), formula=Formula("sum", ("WALL", "OD")))
    plan = PlanDocument([twice, *PLAN.characteristics])
    assert check_plan(plan) == []
    asked, answers = answered(plan, OD_1="3.2", ID_1="0.3")
    assert compute_all(plan, asked, answers)["T-1"].value == Fraction("3.4")


WRONG = [
    ({"detection": Detection(Decimal("0.3"), Decimal("0.1"))}, "detection_contradicts"),
    ({"detection": Detection(loq=Decimal(3), uloq=Decimal(3))}, "detection_contradicts"),
    ({"detection": Detection(lod=Decimal("NaN"))}, "limit_not_finite"),
    ({"replicates": Replicates(1, "mean")}, "replicates_invalid"),
    ({"replicates": Replicates(51, "mean")}, "replicates_invalid"),
    ({"defects": (DefectKind("A", NAME, "major"),)}, "defects_unexpected"),
]


@pytest.mark.proves("RES-2", "RES-3", "SMP-1", "SMP-5")
@pytest.mark.parametrize(("fields", "code"), WRONG)
def test_a_plan_that_contradicts_itself_is_refused(fields: dict[str, Any], code: str) -> None:
    assert [each.code for each in check_plan(PlanDocument([measured(**fields)]))] == [code]


# --- kinds of defects

KINDS = (
    DefectKind("CR", Words("Crack", "裂纹"), "critical"),
    DefectKind("SC", Words("Scratch", "划痕"), "minor"),
    DefectKind("ST", Words("Stain", "污渍"), "minor"),
)
LOOKS = measured(
    "LOOK", kind="attribute", unit="", lower=None, upper=None, sampling=ByAql("II", "4.0"), defects=KINDS
)
COUNTED = [
    ("0", 0, 0, "conforming"),
    ("SC=1", 1, 0, "conforming"),
    ("sc: 2", 2, 0, "conforming"),
    ("SC=2; ST=1; 3", 3, 0, "conforming"),
    ("SC＝2；ST＝1；2", 2, 0, "conforming"),
    ("SC=6", 6, 0, "nonconforming"),
    ("CR=1", 1, 1, "nonconforming"),
    ("CR=1, SC=3, 3", 3, 1, "nonconforming"),
]


@pytest.mark.proves("SMP-5")
@pytest.mark.parametrize(("text", "units", "critical", "verdict"), COUNTED)
def test_units_are_judged_by_the_plan_and_one_critical_defect_fails(
    text: str, units: int, critical: int, verdict: str
) -> None:
    plan = PlanDocument([LOOKS])
    (item,) = items(plan, 300)
    assert (item.n, item.accept) == (50, 5)
    judged = judge_entry(item, LOOKS, text, confirmed=True)
    assert (judged.value, judged.verdict) == (Decimal(units), verdict)
    answer = read_answer(LOOKS, item, text)
    assert isinstance(answer, CountAnswer) and answer.critical == critical
    outcome = judge_inspection(plan, [item], {item.key: answer}).overall
    assert outcome == ("passed" if verdict == "conforming" else "failed")


@pytest.mark.proves("SMP-5")
def test_the_tally_alone_would_accept_a_critical_defect() -> None:
    plan = PlanDocument([LOOKS])
    (item,) = items(plan, 300)
    naive = CountAnswer(1)
    assert judge_inspection(plan, [item], {item.key: naive}).overall == "passed", (
        "the twin counts and looks no further"
    )
    assert judge_inspection(plan, [item], {item.key: CountAnswer(1, critical=1)}).overall == "failed"


@pytest.mark.proves("RES-1")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "reading_missing"),
        ("3", "defects_expected"),
        ("SC=2; ST=1", "units_expected"),
        ("SC=2; ST=1; 4", "units_expected"),
        ("SC=2; ST=1; 1", "units_expected"),
        ("XX=1", "defect_unknown"),
        ("SC=1; SC=1", "item_twice"),
        ("SC=99", "count_out_of_range"),
        ("SC=0.5", "count_expected"),
        ("1; 2", "count_expected"),
    ],
)
def test_counts_that_do_not_add_up_are_asked_about(text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_count(text, 32, KINDS)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((DefectKind("A=1", NAME, "major"),), "defect_code_malformed"),
        ((DefectKind("12", NAME, "major"),), "defect_code_malformed"),
        ((DefectKind("A", NAME, "major"), DefectKind("a", NAME, "minor")), "defect_twice"),
        ((DefectKind("A", Words("", "x"), "major"),), "text_missing"),
    ],
)
def test_kinds_of_defects_can_be_told_apart(kinds: tuple[DefectKind, ...], code: str) -> None:
    assert [
        each.code for each in check_plan(PlanDocument([msgspec.structs.replace(LOOKS, defects=kinds)]))
    ] == [code]


# --- documents


def test_an_older_document_reads_as_before_and_a_newer_one_says_what_changed() -> None:
    old = msgspec.json.decode(
        b'{"characteristics":[{"code":"X","name":{"en":"Name","zh":"\xe5\x90\x8d\xe7\xa7\xb0"},"kind":"numeric",'
        b'"severity":"major","method":{"document":"WI-1","version":"A"},"sampling":{"rule":"fixed","n":2},"unit":"mm",'
        b'"lower":"3.1","upper":"3.3"}]}',
        type=PlanDocument,
    )
    assert old.characteristics == [measured()]
    assert check_plan(old) == []
    new = PlanDocument(
        [measured(detection=Detection(lod=Decimal("0.1")), formula=Formula("sum", ("A", "B")))]
    )
    (change,) = changes(old, new)
    said = {field.field: field.new for field in change.fields}
    assert (
        said["detection.lod"] == "0.1"
        and said["detection.rule"] == "interval"
        and said["formula.of"] == "A, B"
    )
    (change,) = changes(PlanDocument([msgspec.structs.replace(LOOKS, defects=())]), PlanDocument([LOOKS]))
    assert {field.field for field in change.fields} >= {"defects.CR.name.en", "defects.CR.severity"}


def test_parts_survive_their_json() -> None:
    part = Part("<LOD", Decimal("0.010"), "<", "lod")
    assert msgspec.json.decode(msgspec.json.encode(part), type=Part) == part
    assert isinstance(SeveralAnswer((part,)).parts[0].value, Decimal)
