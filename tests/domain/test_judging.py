"""Judging readings, tallies and whole inspections."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.answers import Answer, CountAnswer, NumberAnswer, TextAnswer, read_answer
from backend.domain.errors import Refused
from backend.domain.judging import Verdict, judge_answer, judge_numeric, judge_tally
from backend.domain.operating_characteristic import Stage
from backend.domain.plans import (
    Characteristic,
    Item,
    Kind,
    Limits,
    Method,
    PlanDocument,
    Rounding,
    Severity,
    items,
)
from backend.domain.plausibility import implausible
from backend.domain.readings import Qualifier
from backend.domain.rounding import round_once
from backend.domain.sampling_rules import ByAql, Fixed, Rule
from backend.domain.tallies import Outcome, judge_inspection
from backend.domain.words import Words

TENTH = Decimal("0.1")


def limits(lower: str | None, upper: str | None, target: str | None = None) -> Limits:
    return Limits(*(None if text is None else Decimal(text) for text in (lower, upper, target)))


def characteristic(
    code: str,
    kind: Kind = "numeric",
    severity: Severity = "major",
    sampling: Rule | None = None,
    within: tuple[str, str] = ("3.0", "3.5"),
) -> Characteristic:
    numeric = kind == "numeric"
    return Characteristic(
        code=code,
        name=Words(code, code),
        kind=kind,
        severity=severity,
        method=Method("QP-07", "3"),
        sampling=sampling or Fixed(2),
        unit="mm" if numeric else "",
        lower=Decimal(within[0]) if numeric else None,
        upper=Decimal(within[1]) if numeric else None,
    )


# value, resolution, none, half_up (USP 7.20), half_even (GB/T 8170)
ROUNDED = [
    ("97.95", "0.1", "97.95", "98.0", "98.0"),
    ("97.85", "0.1", "97.85", "97.9", "97.8"),
    ("97.9499999999", "0.1", "97.9499999999", "97.9", "97.9"),
    ("0.05", "0.1", "0.05", "0.1", "0.0"),
    ("-0.05", "0.1", "-0.05", "-0.1", "0.0"),
    ("-97.85", "0.1", "-97.85", "-97.9", "-97.8"),
    ("2.5", "1", "2.5", "3", "2"),
    ("3.5", "1", "3.5", "4", "4"),
    ("1.25", "0.5", "1.25", "1.5", "1.0"),
    ("0.5", "0.2", "0.5", "0.6", "0.4"),
    ("60.38", "0.5", "60.38", "60.5", "60.5"),
    ("0.75", "0.5", "0.75", "1.0", "1.0"),
    ("1.75", "0.5", "1.75", "2.0", "2.0"),
    ("-0.1", "0.5", "-0.1", "0.0", "0.0"),
    ("2.6750", "0.01", "2.6750", "2.68", "2.68"),
    ("1250", "100", "1250", "1300", "1200"),
    ("1250", "1E2", "1250", "1.3E+3", "1.2E+3"),
    ("0.15", "0.1", "0.15", "0.2", "0.2"),
    ("0.25", "0.1", "0.25", "0.3", "0.2"),
    (
        "99999999999999.999995",
        "0.00001",
        "99999999999999.999995",
        "100000000000000.00000",
        "100000000000000.00000",
    ),
    (
        "-12345678901234567890123456789012345.85",
        "0.1",
        "-12345678901234567890123456789012345.85",
        "-12345678901234567890123456789012345.9",
        "-12345678901234567890123456789012345.8",
    ),
]


@pytest.mark.proves("RES-3")
@pytest.mark.parametrize(("value", "resolution", "none", "half_up", "half_even"), ROUNDED)
def test_a_value_is_rounded_once_by_the_rule(
    value: str, resolution: str, none: str, half_up: str, half_even: str
) -> None:
    rules: list[tuple[Rounding, str]] = [("none", none), ("half_up", half_up), ("half_even", half_even)]
    for rule, expected in rules:
        assert str(round_once(Decimal(value), Decimal(resolution), rule)) == expected


@pytest.mark.proves("RES-3")
def test_the_table_catches_binary_rounding_and_rounding_twice() -> None:
    """The naive versions: Python's round of a float, and rounding what has been rounded for the screen."""
    tenths = [row for row in ROUNDED if row[1] == "0.1"]
    assert any(f"{round(float(value), 1):.1f}" != half_up for value, _, _, half_up, _ in tenths)
    assert any(
        str(round_once(round_once(Decimal(value), Decimal("0.01"), "half_up"), TENTH, "half_up")) != half_up
        for value, _, _, half_up, _ in tenths
    )


@pytest.mark.proves("RES-3")
@pytest.mark.parametrize(
    ("value", "lower", "none", "half_up", "half_even"),
    [
        ("97.95", "98.0", "nonconforming", "conforming", "conforming"),
        ("97.85", "97.9", "nonconforming", "conforming", "nonconforming"),
        ("97.94999", "98.0", "nonconforming", "nonconforming", "nonconforming"),
    ],
)
def test_the_specifications_own_rule_decides(
    value: str, lower: str, none: Verdict, half_up: Verdict, half_even: Verdict
) -> None:
    rules: list[tuple[Rounding, Verdict]] = [("none", none), ("half_up", half_up), ("half_even", half_even)]
    for rule, verdict in rules:
        assert judge_numeric(Decimal(value), "", limits(lower, None), rule, TENTH) == verdict


@given(
    value=st.decimals("-1e9", "1e9", places=6, allow_nan=False),
    resolution=st.sampled_from([Decimal(text) for text in ("0.01", "0.1", "0.5", "1", "5", "100")]),
    rule=st.sampled_from(["half_up", "half_even"]),
)
def test_a_rounded_value_is_the_nearest_multiple(value: Decimal, resolution: Decimal, rule: Rounding) -> None:
    rounded = round_once(value, resolution, rule)
    assert rounded % resolution == 0
    assert abs(rounded - value) <= resolution / 2
    assert round_once(rounded, resolution, rule) == rounded


def test_rounding_without_a_resolution_is_refused() -> None:
    for resolution in (None, Decimal(0), Decimal("-0.1")):
        with pytest.raises(Refused) as refused:
            round_once(Decimal(1), resolution, "half_up")
        (reason,) = refused.value.reasons
        assert (reason.code, reason.field, reason.facts) == (
            "resolution_missing",
            "resolution",
            {"rounding": "half_up"},
        )


@pytest.mark.parametrize(
    ("value", "verdict"),
    [("2.99", "nonconforming"), ("3.0", "conforming"), ("3.5", "conforming"), ("3.51", "nonconforming")],
)
def test_a_limit_belongs_to_what_conforms(value: str, verdict: Verdict) -> None:
    assert judge_numeric(Decimal(value), "", limits("3.0", "3.5"), "none") == verdict


@pytest.mark.proves("RES-2")
@pytest.mark.parametrize(
    ("qualifier", "value", "lower", "upper", "verdict"),
    [
        ("<", "0.05", None, "0.05", "conforming"),
        ("<", "0.05", None, "0.1", "conforming"),
        ("<", "0.05", None, "0.04", "undecidable"),
        ("<", "0.05", "0.05", None, "nonconforming"),
        ("<=", "0.05", "0.05", None, "undecidable"),
        ("<", "0.05", "0.04", None, "undecidable"),
        ("<", "0.05", "0.1", "0.2", "nonconforming"),
        (">", "10", "10", None, "conforming"),
        (">", "10", "5", None, "conforming"),
        (">", "10", "11", None, "undecidable"),
        (">", "10", None, "10", "nonconforming"),
        (">=", "10", None, "10", "undecidable"),
        (">", "10", None, "9", "nonconforming"),
        (">", "10", "5", "20", "undecidable"),
        (">=", "1.000000000000000000000000000001", None, "1", "nonconforming"),
    ],
)
def test_a_qualified_value_is_judged_by_all_that_it_may_be(
    qualifier: Qualifier, value: str, lower: str | None, upper: str | None, verdict: Verdict
) -> None:
    assert judge_numeric(Decimal(value), qualifier, limits(lower, upper), "none") == verdict


@pytest.mark.proves("RES-2")
def test_a_qualified_value_may_be_a_fraction() -> None:
    third, within = Fraction(1, 3), limits("0.2", None)
    assert judge_numeric(third, ">", within, "none") == "conforming"
    assert judge_numeric(third, "<", within, "none") == "undecidable"
    assert judge_numeric(-third, "<", within, "none") == "nonconforming"


@pytest.mark.proves("RES-2")
def test_half_the_detection_limit_is_no_reading() -> None:
    """The naive version replaces <LOD by LOD/2 and so decides what nobody measured."""
    twin = judge_numeric(Decimal("0.05") / 2, "", limits(None, "0.04"), "none")
    assert twin == "conforming"
    assert judge_numeric(Decimal("0.05"), "<", limits(None, "0.04"), "none") == "undecidable"


@pytest.mark.proves("RES-2", "RES-3")
@given(
    bound=st.integers(-60, 60),
    inside=st.integers(0, 60),
    lower=st.none() | st.integers(-4, 4),
    upper=st.none() | st.integers(-4, 4),
    qualifier=st.sampled_from(["<", "<=", ">", ">="]),
    rule=st.sampled_from(["none", "half_up", "half_even"]),
)
def test_a_decided_qualified_value_agrees_with_every_value_it_stands_for(
    bound: int, inside: int, lower: int | None, upper: int | None, qualifier: Qualifier, rule: Rounding
) -> None:
    within = Limits(*(None if limit is None else Decimal(limit) for limit in (lower, upper)))
    decided = judge_numeric(Decimal(bound) / 10, qualifier, within, rule, Decimal(1))
    away = max(inside, 0 if "=" in qualifier else 1)
    value = Decimal(bound + (away if qualifier.startswith(">") else -away)) / 10
    if decided != "undecidable":
        assert judge_numeric(value, "", within, rule, Decimal(1)) == decided


@pytest.mark.parametrize(
    ("nonconforming", "accept", "reject", "verdict"),
    [
        (0, 0, 1, "conforming"),
        (1, 0, 1, "nonconforming"),
        (3, 3, 4, "conforming"),
        (4, 3, 4, "nonconforming"),
        (2, 1, 4, "undecidable"),
    ],
)
def test_a_tally_is_judged_by_ac_and_re(
    nonconforming: int, accept: int, reject: int, verdict: Verdict
) -> None:
    assert judge_tally(nonconforming, accept, reject) == verdict


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("value", "within", "asks"),
    [
        ("32", limits("3.0", "3.5"), True),
        ("0.32", limits("3.0", "3.5"), True),
        ("36", limits("3.0", "3.5"), True),
        ("0.29", limits("3.0", "3.5"), True),
        ("-32", limits("-3.5", "-3.0"), True),
        ("10", limits("1", "3"), True),
        ("3.2", limits("3.0", "3.5"), False),
        ("3.6", limits("3.0", "3.5"), False),
        ("2.9", limits("3.0", "3.5"), False),
        ("0", limits("3.0", "3.5"), True),
        ("0", limits("-1", "100"), False),
        ("0", limits(None, "20"), False),
        ("0.01", limits(None, "20"), False),
        ("25", limits(None, "20"), False),
        ("99", limits(None, "20"), False),
        ("100", limits(None, "20"), True),
        ("200", limits(None, "20"), True),
        ("20", limits("15", None), False),
        ("60", limits("15", None), False),
        ("200", limits("15", None), True),
        ("14", limits("15", None), False),
        ("1.6", limits("15", None), True),
        ("5", limits("0", "100", "50"), True),
        ("8", limits("0", "100", "50"), False),
        ("40", limits("0", "100", "50"), False),
        ("5", limits(None, "100", "50"), True),
        ("1", limits(None, "0"), False),
    ],
)
def test_a_slipped_decimal_point_is_asked_about(value: str, within: Limits, asks: bool) -> None:
    assert implausible(Decimal(value), within) is asks


@pytest.mark.proves("RES-4")
@given(
    lower=st.integers(1, 10_000), width=st.integers(0, 10_000), place=st.integers(0, 10_000), up=st.booleans()
)
def test_a_conforming_value_times_ten_is_asked_about_or_conforms_too(
    lower: int, width: int, place: int, up: bool
) -> None:
    within = Limits(Decimal(lower), Decimal(lower + width))
    meant = Decimal(lower + min(place, width))
    typed = meant * 10 if up else meant / 10
    assert implausible(typed, within) or judge_numeric(typed, "", within, "none") == "conforming"


# --- whole inspections


ID = characteristic("ID")
LOOKS = characteristic("LOOKS", "attribute", sampling=ByAql("II", "4.0"))
NOTE = characteristic("NOTE", "text", "minor", Fixed(1))
PLAN = PlanDocument([ID, LOOKS, NOTE])
ITEMS = items(PLAN, 100)  # LOOKS: letter F, n 20, Ac 2, Re 3
GOOD: dict[str, Answer] = {
    "ID-1": NumberAnswer(Decimal("3.2")),
    "ID-2": NumberAnswer(Decimal("3.3")),
    "LOOKS-0": CountAnswer(2),
    "NOTE-1": TextAnswer("Certificate 4711", conforming=True),
}


def overall(answers: dict[str, Answer]) -> Outcome:
    return judge_inspection(PLAN, ITEMS, answers).overall


@pytest.mark.proves("RES-1")
def test_an_inspection_is_passed_when_every_item_is_answered_and_conforms() -> None:
    verdict = judge_inspection(PLAN, ITEMS, GOOD)
    assert verdict.overall == "passed"
    assert [tally.outcome for tally in verdict.tallies] == ["passed"] * 3
    assert [tally.nonconforming for tally in verdict.tallies] == [0, 2, 0]


def passed_unless_something_failed(answers: dict[str, Answer]) -> bool:
    """The naive version: no reading fails, therefore passed."""
    by_key = {item.key: item for item in ITEMS}
    by_code = {each.code: each for each in PLAN.characteristics}
    return all(
        judge_answer(by_code[by_key[key].characteristic], by_key[key], answer) == "conforming"
        for key, answer in answers.items()
    )


@pytest.mark.proves("RES-1")
@pytest.mark.parametrize("missing", sorted(GOOD))
def test_an_inspection_with_an_item_unanswered_is_open(missing: str) -> None:
    answers = {key: answer for key, answer in GOOD.items() if key != missing}
    assert overall(answers) == "open"
    assert overall({}) == "open"
    assert passed_unless_something_failed(answers)
    assert passed_unless_something_failed({})


@pytest.mark.proves("RES-1")
def test_a_zero_is_an_answer_and_nothing_is_not() -> None:
    assert overall(GOOD | {"LOOKS-0": CountAnswer(0)}) == "passed"
    assert overall(GOOD | {"ID-2": NumberAnswer(Decimal(0))}) == "failed"


@pytest.mark.proves("RES-2")
def test_an_undecidable_reading_leaves_the_inspection_open() -> None:
    verdict = judge_inspection(PLAN, ITEMS, GOOD | {"ID-1": NumberAnswer(Decimal("3.6"), "<")})
    assert verdict.overall == "open"
    assert verdict.tallies[0].answered == 2


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("ID-1", NumberAnswer(Decimal("3.6"))),
        ("LOOKS-0", CountAnswer(3)),
        ("NOTE-1", TextAnswer("no certificate", conforming=False)),
    ],
)
def test_an_inspection_fails_as_soon_as_one_reject_number_is_reached(key: str, answer: Answer) -> None:
    assert overall({key: answer}) == "failed"
    assert overall(GOOD | {key: answer}) == "failed"


@pytest.mark.proves("SMP-5")
def test_one_critical_nonconformity_fails_the_lot_whatever_the_tally() -> None:
    rule = ByAql("II", "4.0")
    verdicts: dict[str, Outcome] = {}
    severities: list[Severity] = ["critical", "major"]
    for severity in severities:
        plan = PlanDocument([characteristic("LOOKS", "attribute", severity, rule)])
        asked = items(plan, 100)
        verdicts[severity] = judge_inspection(plan, asked, {"LOOKS-0": CountAnswer(1)}).overall
    assert verdicts == {"critical": "failed", "major": "passed"}  # the rule's own tally would let one pass


@pytest.mark.proves("SMP-5")
def test_numeric_samples_are_tallied_against_ac() -> None:
    plan = PlanDocument([characteristic("ID", sampling=ByAql("II", "4.0"))])
    asked = items(plan, 100)
    good: dict[str, Answer] = {item.key: NumberAnswer(Decimal("3.2")) for item in asked}
    bad = NumberAnswer(Decimal("9"))
    assert judge_inspection(plan, asked, good | {"ID-1": bad, "ID-7": bad}).overall == "passed"
    assert judge_inspection(plan, asked, good | {"ID-1": bad, "ID-7": bad, "ID-20": bad}).overall == "failed"


@pytest.mark.parametrize(
    ("key", "answer", "code", "field", "facts"),
    [
        ("ID-9", NumberAnswer(Decimal(3)), "item_unknown", None, {"keys": ["ID-9"]}),
        ("ID-1", CountAnswer(0), "answer_kind_mismatch", "ID-1", {"kind": "numeric"}),
        ("LOOKS-0", NumberAnswer(Decimal(3)), "answer_kind_mismatch", "LOOKS-0", {"kind": "attribute"}),
        ("LOOKS-0", CountAnswer(21), "count_out_of_range", None, {"count": 21, "n": 20}),
        ("LOOKS-0", CountAnswer(-1), "count_out_of_range", None, {"count": -1, "n": 20}),
    ],
)
def test_an_answer_that_fits_no_item_is_refused(
    key: str, answer: Answer, code: str, field: str | None, facts: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        overall(GOOD | {key: answer})
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field, reason.facts) == (code, field, facts)


@pytest.mark.proves("SMP-5")
@pytest.mark.parametrize(
    ("second", "count", "verdict"),
    [
        (None, 1, "conforming"),
        (None, 3, "conforming"),
        (None, 4, "nonconforming"),
        (Stage(32, 4, 5), 1, "conforming"),
        (Stage(32, 4, 5), 3, "undecidable"),
        (Stage(32, 4, 5), 4, "nonconforming"),
    ],
)
def test_between_ac_and_re_only_a_second_sample_leaves_a_count_undecided(
    second: Stage | None, count: int, verdict: Verdict
) -> None:
    """Ac 1, Re 4: accepted with the last sample (Z1.4 10.1.4), undecided where another follows."""
    assert (
        judge_answer(LOOKS, Item("LOOKS-0", "LOOKS", 0, 32, 1, 4, second=second), CountAnswer(count))
        == verdict
    )


@pytest.mark.proves("RES-1")
def test_typed_text_becomes_the_answer_of_its_kind() -> None:
    typed = {"ID-1": "３，２ mm", "ID-2": "<3.3", "LOOKS-0": " 2 ", "NOTE-1": "Certificate 4711"}
    by_code = {each.code: each for each in PLAN.characteristics}
    read = {item.key: read_answer(by_code[item.characteristic], item, typed[item.key]) for item in ITEMS}
    assert read == GOOD | {"ID-2": NumberAnswer(Decimal("3.3"), "<")}
    for item in ITEMS:
        with pytest.raises(Refused, match="reading_missing"):
            read_answer(by_code[item.characteristic], item, " ")


@pytest.mark.proves("RES-3")
@given(
    steps=st.integers(-400, 400),
    lower=st.integers(-160, 160),
    width=st.integers(0, 240),
    rule=st.sampled_from(["none", "half_up", "half_even"]),
    step=st.sampled_from(["0.1", "0.5", "0.2"]),
)
def test_judged_together_a_value_gets_the_verdict_that_it_gets_alone(
    steps: int, lower: int, width: int, rule: Rounding, step: str
) -> None:
    """Values far from the limits are judged without rounding: it must never show, wherever the limits lie."""
    resolution = Decimal(step)
    limits = Limits(lower * resolution / 8, (lower + width) * resolution / 8)
    value = steps * resolution / 8
    plan = PlanDocument(
        [
            Characteristic(
                code="L", name=Words("Length", "长度"), kind="numeric", severity="major", method=Method("M", "1"),
                sampling=Fixed(1), lower=limits.lower, upper=limits.upper, resolution=resolution, rounding=rule,
            )
        ]
    )  # fmt: skip
    together = judge_inspection(plan, items(plan, 10), {"L-1": NumberAnswer(value)})
    assert together.items[0].verdict == judge_numeric(value, "", limits, rule, resolution)
