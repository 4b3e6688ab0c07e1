"""Doubles: what looks like one supplier, what may be merged, what stands against the one that they are."""

from __future__ import annotations

import pytest

from backend.domain.aliases import Alias, Known, against_merging, name_form, suspects
from backend.domain.qualifications import Qualification, QualificationStatus, one_of


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


def given(status: QualificationStatus, decided_at: str) -> Qualification:
    return Qualification("q", "s", "x", "i", status, "2031-01-01", "r", "p", decided_at)


@pytest.mark.proves("LOT-13", "QUA-5")
@pytest.mark.parametrize(
    ("own", "other", "stands"),
    [
        (given("approved", "2026-01"), given("approved", "2026-02"), "own"),
        (None, given("approved", "2026-02"), None),
        (None, given("suspended", "2026-02"), "other"),
        (given("approved", "2026-03"), given("suspended", "2026-02"), "other"),
        (given("approved", "2026-06"), given("suspended", "2026-02"), "own"),
    ],
)
def test_a_merger_frees_nothing_until_somebody_decides_afterwards(
    own: Qualification | None, other: Qualification, stands: str | None
) -> None:
    """Merged in May."""
    assert one_of(own, [(other, "2026-05")]) is {"own": own, "other": other, None: None}[stands]
