"""Inspection plans: what may become effective, and which questions they ask."""

from decimal import Decimal

import msgspec
import pytest

from backend.domain.plan_checks import PLAN_RULES, check_plan, unreadable
from backend.domain.plans import Characteristic, Method, PlanDocument, items
from backend.domain.sampling_rules import ByAql, ByLimitingQuality, Every, Fixed, ZeroAcceptance
from backend.domain.words import Words

ID = Characteristic(
    code="ID",
    name=Words("Inner diameter", "内径"),
    kind="numeric",
    severity="major",
    method=Method("QP-07", "3"),
    sampling=Fixed(3),
    unit="mm",
    lower=Decimal("3.0"),
    upper=Decimal("3.5"),
    resolution=Decimal("0.1"),
    rounding="half_even",
    instrument_type="caliper",
)
LOOKS = Characteristic(
    code="LOOKS",
    name=Words("Appearance", "外观"),
    kind="attribute",
    severity="critical",
    method=Method("QP-08", "1"),
    sampling=ByAql("II", "4.0"),
    photo_required=True,
)


@pytest.mark.proves("SMP-1")
def test_a_sound_plan_has_nothing_against_it_and_survives_its_json() -> None:
    plan = PlanDocument([ID, msgspec.structs.replace(LOOKS, severity="major")])
    assert check_plan(plan) == []
    assert msgspec.json.decode(msgspec.json.encode(plan), type=PlanDocument) == plan


@pytest.mark.proves("SMP-1")
@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"lower": None, "upper": None}, {"limits_missing"}),
        ({"lower": Decimal("3.6")}, {"limits_contradict"}),
        ({"target": Decimal("3.6")}, {"target_outside_limits"}),
        ({"upper": Decimal("NaN")}, {"limit_not_finite"}),
        ({"resolution": None}, {"resolution_missing"}),
        ({"resolution": Decimal(0)}, {"resolution_invalid"}),
        ({"upper": Decimal("3.55")}, {"limit_finer_than_resolution"}),
        ({"kind": "attribute"}, {"limits_unexpected", "unit_unexpected"}),
        ({"sampling": ByAql("II", "2.0")}, {"aql_unsupported"}),
        ({"sampling": ByAql("V", "1.0")}, {"level_unsupported"}),
        ({"sampling": Fixed(0)}, {"sample_size_invalid"}),
        ({"sampling": Fixed(10_001)}, {"sample_size_too_large"}),
        ({"sampling": ByAql("II", "15")}, {"aql_counts_defects"}),
        ({"sampling": ByLimitingQuality("0")}, {"limiting_quality_invalid"}),
        ({"sampling": ByLimitingQuality("1e-9999999")}, {"limiting_quality_invalid"}),
        ({"sampling": ByLimitingQuality("0.001")}, {"sample_size_too_large"}),
        ({"sampling": ByLimitingQuality("5.0", "1")}, {"risk_invalid"}),
        ({"severity": "critical", "sampling": ByAql("II", "4.0")}, {"critical_accepts"}),
        ({"code": "ID 1"}, {"code_malformed"}),
        ({"unit": "furlong"}, {"unit_unknown"}),
        ({"name": Words("x" * 301, "内径")}, {"text_too_long"}),
        ({"sampling_point": Words("Line 1", "")}, {"text_missing"}),
        ({"name": Words("Inner diameter", " ")}, {"text_missing"}),
        ({"method": Method("QP-07", "")}, {"text_missing"}),
        ({"code": "", "lower": None, "upper": None}, {"text_missing", "limits_missing"}),
    ],
)
def test_what_is_wrong_with_a_characteristic_is_named(changed: dict[str, object], codes: set[str]) -> None:
    characteristic = msgspec.structs.replace(ID, **changed)
    reasons = check_plan(PlanDocument([msgspec.structs.replace(LOOKS, severity="major"), characteristic]))
    assert {reason.code for reason in reasons} == codes
    assert all(reason.field and reason.field.startswith("characteristics.1.") for reason in reasons)
    rules = {rule.code: rule.requirement for rule in PLAN_RULES}
    assert all(reason.facts["rule"] == rules[reason.code] for reason in reasons)


@pytest.mark.proves("SMP-5")
def test_a_critical_characteristic_takes_any_rule_that_accepts_none() -> None:
    for rule in (Fixed(5), Every(), ZeroAcceptance(13), ByLimitingQuality("5.0"), ByAql("S-1", "0.65")):
        assert check_plan(PlanDocument([msgspec.structs.replace(LOOKS, sampling=rule)])) == []


def test_a_number_that_costs_without_end_is_no_draft_either() -> None:
    for value in ("1E+16", "1E-16", "1" * 31):
        document = PlanDocument([msgspec.structs.replace(ID, upper=Decimal(value))])
        assert [(r.code, r.field) for r in unreadable(document)] == [
            ("number_out_of_range", "characteristics.0.upper")
        ]
    assert unreadable(PlanDocument([ID])) == []


def test_a_plan_holds_two_hundred_characteristics() -> None:
    many = [msgspec.structs.replace(ID, code=f"C{number}") for number in range(201)]
    assert check_plan(PlanDocument(many[:200])) == []
    assert [reason.code for reason in check_plan(PlanDocument(many))] == ["characteristics_too_many"]


def test_a_limit_may_be_as_fine_as_it_likes_where_nothing_is_rounded() -> None:
    assert (
        check_plan(PlanDocument([msgspec.structs.replace(ID, upper=Decimal("3.55"), rounding="none")])) == []
    )


def test_an_empty_plan_and_a_code_used_twice_are_named() -> None:
    assert [reason.code for reason in check_plan(PlanDocument([]))] == ["characteristics_missing"]
    reasons = check_plan(PlanDocument([ID, ID]))
    assert [(reason.code, reason.field) for reason in reasons] == [
        ("code_duplicate", "characteristics.1.code")
    ]


@pytest.mark.proves("SMP-1")
def test_each_sample_of_a_measurement_is_a_question_and_an_attribute_is_one() -> None:
    asked = items(PlanDocument([ID, LOOKS]), 100)
    assert [(item.key, item.sample_number) for item in asked] == [
        ("ID-1", 1),
        ("ID-2", 2),
        ("ID-3", 3),
        ("LOOKS-0", 0),
    ]
    assert [item.n for item in asked] == [3, 3, 3, 20]


@pytest.mark.proves("SMP-5")
def test_a_critical_characteristic_accepts_none() -> None:
    asked = items(PlanDocument([LOOKS, msgspec.structs.replace(LOOKS, code="MAJOR", severity="major")]), 100)
    assert [(item.accept, item.reject) for item in asked] == [(0, 1), (2, 3)]


def test_a_small_lot_is_asked_for_no_more_units_than_it_has() -> None:
    assert [item.key for item in items(PlanDocument([ID]), 2)] == ["ID-1", "ID-2"]
