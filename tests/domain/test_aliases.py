"""Doubles: what looks like one supplier, what may be merged, what stands against the one that they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.domain.aliases import (
    Alias,
    Good,
    Known,
    against_joining,
    against_merging,
    name_form,
    product_form,
    suspects,
)
from backend.domain.inspections import Stage
from backend.domain.items import Item
from backend.domain.material_units import UnitFactor
from backend.domain.qualifications import Qualification, QualificationStatus, one_of
from backend.domain.words import Words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Suzhou Needle Co., Ltd.", "SUZHOU NEEDLE", True),
        ("苏州针业有限公司", "苏州针业", True),
        ("苏州针业（中国）有限公司", "苏州针业(中国)", True),
        ("Müller GmbH", "Muller GmbH", False),
        ("Needle Works", "Needleworks", True),
        ("North Tubing", "South Tubing", False),
    ],
)
def test_names_are_compared_without_form_of_company_signs_width_and_case(
    one: str, other: str, same: bool
) -> None:
    assert (name_form(one) == name_form(other)) is same


def test_doubles_are_suspected_by_name_number_or_contact_and_what_many_share_says_nothing() -> None:
    known = [
        Known("a", "Suzhou Needle Co., Ltd.", ["MD 70712"]),
        Known("b", "suzhou needle", ["md-70712"]),
        Known("c", "Another", ["MD70712"]),
        Known("d", "Co. Ltd."),
        Known("e", "Ltd"),
        Known("f", "Ward", contacts=["+86 512 5550 1234"]),
        Known("g", "Hospital", contacts=["+8651255501234"]),
    ]
    assert [tuple(each) for each in suspects(known)] == [
        ("a", "b", ("name", "number")),
        ("a", "c", ("number",)),
        ("b", "c", ("number",)),
        ("f", "g", ("contact",)),
    ]
    assert suspects([Known(str(place), "Same name") for place in range(9)]) == []


def alias(alias_id: str, kept_id: str) -> Alias:
    return Alias("m", "s", "supplier", alias_id, kept_id, "r", "p", "2026-01-01")


@pytest.mark.parametrize(
    ("kept", "other", "aliases", "reason", "codes"),
    [
        ("A", "B", [], "same papers", []),
        ("A", "A", [], " ", ["reason_missing", "double_is_itself"]),
        ("A", "B", [alias("B", "C")], "r", ["record_merged"]),
        ("A", "B", [alias("A", "C")], "r", ["record_merged"]),
        ("A", "B", [alias("C", "B")], "r", ["double_has_aliases"]),
        ("A", "B", [alias("C", "A")], "r", []),
    ],
)
def test_an_alias_is_merged_once_and_has_none_of_its_own(
    kept: str, other: str, aliases: list[Alias], reason: str, codes: list[str]
) -> None:
    known = {each: each for each in "ABC"}
    found = against_merging((kept, kept), (other, other), aliases, known, reason)
    assert [each.code for each in found] == codes


def good(*planned: Stage, box: str | None = None, **fields: Any) -> Good:
    item = Item("i", "s", "A", Words("a", "a"), **({"kind": "raw", "unit": "pcs"} | fields))
    factors = [UnitFactor("box", Decimal(1), Decimal(box), "2026-01")] if box else []
    return Good(item, factors, frozenset(planned))


@pytest.mark.proves("QUA-5", "LOT-8")
@pytest.mark.parametrize(
    ("kept", "other", "codes"),
    [
        (good(), good(), []),
        (good(), good(unit="EA"), []),
        (good(), good(unit="m"), ["double_unit_differs"]),
        (good(unit="cm"), good(unit="m"), ["double_unit_differs"]),
        (good(), good(unit="m", kind="finished"), ["double_kind_differs"]),
        (good(box="10"), good(box="12"), ["double_factor_differs"]),
        (good(box="10"), good(box="10"), []),
        (good(), good(box="12"), []),
        (good(), good(contract_maker_id="x"), ["double_maker_differs"]),
        (good(contract_maker_id="x"), good(), ["double_maker_differs"]),
        (good(), good(retest_days=180), ["double_retest_longer"]),
        (good(retest_days=181), good(retest_days=180), ["double_retest_longer"]),
        (good(retest_days=180), good(retest_days=180), []),
        (good(retest_days=90), good(), []),
        (good(shelf_life_days=800), good(shelf_life_days=700), ["double_shelf_life_longer"]),
        (good("incoming"), good("incoming", "final"), ["double_plan_missing"]),
        (good("incoming", "final"), good("incoming"), []),
    ],
)
def test_items_are_one_thing_and_the_kept_ones_rules_look_at_no_less(
    kept: Good, other: Good, codes: list[str]
) -> None:
    assert [each.code for each in against_joining(kept, other, "2026-06")] == codes


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("gtin", "09521234500015"), ("gtin", "19521234500012"), True),
        (("gtin", "09521234500015"), ("gtin", "09521234500022"), False),
        (("hibc", "A999PART10"), ("hibc", "A999PART11"), True),
        (("hibc", "A999PART10"), ("hibc", "A999PART20"), False),
        (("ma", "M-1"), ("ma", "M-2"), False),
    ],
)
def test_a_product_number_is_the_same_at_every_level_of_packaging(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    assert (product_form(*one) == product_form(*other)) is same


def test_items_are_suspected_by_a_name_in_either_language() -> None:
    known = [
        Known("a", "", words=["Tube clamp", "管夹"]),
        Known("b", "", words=["Clamp", "管夹"]),
        Known("c", "", words=["TUBE-CLAMP", "夹子"]),
        Known("d", "", words=["Co", "公司"]),
        Known("e", "", words=["AS", "AS"]),
    ]
    assert [each[:2] for each in suspects(known)] == [("a", "b"), ("a", "c")]


def given(status: QualificationStatus, decided_at: str, until: str = "2031-01-01") -> Qualification:
    return Qualification("q", "s", "x", "i", status, until, "r", "p", decided_at)


@pytest.mark.proves("LOT-13", "QUA-5")
@pytest.mark.parametrize(
    ("own", "other", "stands"),
    [
        (given("approved", "2026-01"), given("approved", "2026-02"), "own"),
        (None, given("approved", "2026-02"), None),
        (None, given("suspended", "2026-02"), "other"),
        (given("approved", "2026-03"), given("suspended", "2026-02"), "other"),
        (given("approved", "2026-06"), given("suspended", "2026-02"), "own"),
        (given("approved", "2026-03"), given("approved", "2025-02", "2026-04-30"), "other"),
        (given("approved", "2026-03"), given("approved", "2025-02", "2026-07-01"), "own"),
        (given("approved", "2026-06"), given("approved", "2025-02", "2026-04-30"), "own"),
        (None, given("approved", "2025-02", "2026-04-30"), "other"),
    ],
)
def test_a_merger_frees_nothing_until_somebody_decides_afterwards(
    own: Qualification | None, other: Qualification, stands: str | None
) -> None:
    """Merged in May."""
    assert one_of(own, [(other, "2026-05")]) is {"own": own, "other": other, None: None}[stands]
