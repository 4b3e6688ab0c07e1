"""ISO 2859-1 single sampling against facts that were not made from our tables."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Reason, Refused
from backend.domain.sampling import (
    AQLS,
    LEVELS,
    STANDARDS,
    SamplingPlan,
    SamplingSeverity,
    single_plan,
    table,
)

SEVERITIES: tuple[SamplingSeverity, ...] = ("normal", "tightened", "reduced")
FACTS = Path(__file__).with_name("sampling_facts.csv")

# Reduced inspection of GB/T 2828.1-2012 (the 1999 edition), arrows followed: code letter, then n/Ac per AQL.
SMALL_AQLS = "500/0 315/0 200/0 125/0 80/0 50/0 32/0 20/0 13/0 8/0 5/0 3/0 2/0"
LARGE_AQLS = "32/10 20/10 13/10 8/10 5/10 5/14 5/21 3/21 2/21 2/30"
REDUCED = {
    "A": f"{SMALL_AQLS} 2/0 2/0 3/1 2/1 2/1 2/2 2/3 2/5 2/7 2/10 2/14 2/21 2/30",
    "B": f"{SMALL_AQLS} 2/0 2/0 3/1 2/1 2/1 2/2 2/3 2/5 2/7 2/10 2/14 2/21 2/30",
    "C": f"{SMALL_AQLS} 2/0 5/1 3/1 2/1 2/2 2/3 2/5 2/6 2/8 2/10 2/14 2/21 2/30",
    "D": f"{SMALL_AQLS} 8/1 5/1 3/1 3/2 3/3 3/5 3/6 3/8 3/10 3/14 3/21 2/21 2/30",
    "Q": f"500/0 315/0 200/0 800/1 500/1 500/2 500/3 500/5 500/6 500/8 500/10 "
    f"315/10 200/10 125/10 80/10 50/10 {LARGE_AQLS}",
    "R": f"500/0 315/0 200/0 800/1 800/2 800/3 800/5 800/6 800/8 800/10 500/10 "
    f"315/10 200/10 125/10 80/10 50/10 {LARGE_AQLS}",
}
LOT_OF_LETTER = {"A": (8, "II"), "B": (15, "II"), "C": (25, "II"), "D": (50, "II")} | {
    "Q": (600_000, "II"),
    "R": (600_000, "III"),
}


def facts() -> Iterator[tuple[SamplingSeverity, str, tuple[int, ...], str, tuple[int, int, int]]]:
    with FACTS.open(newline="") as rows:
        for row in csv.DictReader(rows):
            severity: SamplingSeverity = "tightened" if row["severity"] == "tightened" else "normal"
            ends = tuple(int(end) for end in row["lot_size"].split("-") if end)
            yield severity, row["level"], ends, row["aql"], (int(row["n"]), int(row["ac"]), int(row["re"]))


def numbers(plan: SamplingPlan) -> tuple[int, int, int]:
    return plan.sample_size, plan.accept, plan.reject


@pytest.mark.proves("SMP-2")
def test_plans_are_those_of_the_standard_at_both_ends_of_every_lot_size_band() -> None:
    checked = 0
    for severity, level, ends, aql, expected in facts():
        for lot_size in ends:
            assert numbers(single_plan(lot_size, level, aql, severity)) == expected, (lot_size, level, aql)
            checked += 1
    assert checked > 700


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize("letter", REDUCED)
def test_reduced_plans_are_those_of_the_edition_of_1999(letter: str) -> None:
    lot_size, level = LOT_OF_LETTER[letter]
    plans = [single_plan(lot_size, level, aql, "reduced") for aql in AQLS]
    assert [f"{plan.sample_size}/{plan.accept}" for plan in plans] == REDUCED[letter].split()
    assert all(plan.reject == plan.accept + 1 for plan in plans)


def plan_that_keeps_its_own_sample_size(
    lot_size: int, level: str, aql: str, severity: SamplingSeverity
) -> tuple[int, int, int]:
    """The naive reading of an arrow: Ac of the row pointed at, n of the row where the lot stands."""
    plan = single_plan(lot_size, level, aql, severity)
    printed = table(severity)
    # AQL 1000 down to 10: the row where the lot stands is the one whose plan for that AQL has its own letter.
    letters = [single_plan(lot_size, level, other, severity).code_letter for other in AQLS]
    own = max(set(letters), key=letters.count)
    return printed.sizes[printed.letters.index(own)], plan.accept, plan.reject


@pytest.mark.proves("SMP-2")
def test_the_facts_catch_an_arrow_that_keeps_its_own_sample_size() -> None:
    wrong = [
        fact
        for fact in facts()
        if plan_that_keeps_its_own_sample_size(fact[2][0], fact[1], fact[3], fact[0]) != fact[4]
    ]
    assert len(wrong) > 50


@pytest.mark.proves("SMP-2")
@given(
    lot_size=st.integers(2, 2_000_000),
    level=st.sampled_from(LEVELS),
    aql=st.sampled_from(AQLS),
    severity=st.sampled_from(SEVERITIES),
)
def test_a_sample_as_large_as_the_lot_is_inspected_entirely(
    lot_size: int, level: str, aql: str, severity: SamplingSeverity
) -> None:
    plan = single_plan(lot_size, level, aql, severity)
    assert plan.inspect_all == (plan.sample_size >= lot_size)
    assert plan.reject == plan.accept + 1


@pytest.mark.parametrize("severity", SEVERITIES)
def test_every_arrow_ends_at_a_plan(severity: SamplingSeverity) -> None:
    printed = table(severity)
    for letter in printed.letters:
        if letter != "S":  # the extra row of tightened inspection holds one plan and no lot's letter
            assert all(
                printed.cells[printed.follow(letter, column)][column].isdigit() for column in range(26)
            )


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_larger_lot_is_never_accepted_with_a_larger_share_at_the_same_sample_size(
    severity: SamplingSeverity,
) -> None:
    printed = table(severity)
    for row in printed.cells:
        accepted = [int(cell) for cell in row if cell.isdigit()]
        assert accepted == sorted(accepted)
        assert len(row) == len(AQLS)


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("aql", ["0.010", "1.0", "1000"])
def test_a_lot_of_one_is_inspected_entirely_and_accepts_none(severity: SamplingSeverity, aql: str) -> None:
    plan = single_plan(1, "II", aql, severity)
    assert (*numbers(plan), plan.inspect_all) == (1, 0, 1, True)


def plan_at_the_nearest_aql(lot_size: int, level: str, aql: str) -> SamplingPlan:
    """The naive version: whatever is asked, something is answered."""
    nearest = min(AQLS, key=lambda printed: abs(Decimal(printed) - Decimal(aql)))
    return single_plan(lot_size, level if level in LEVELS else "II", nearest)


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize("aql", ["0.3", "2.0", "0", "-1.0", "5", "1001"])
def test_an_aql_that_is_not_printed_is_refused_and_never_the_nearest(aql: str) -> None:
    with pytest.raises(Refused) as refused:
        single_plan(500, "II", aql)
    assert refused.value.reasons[0].code == "aql_unsupported"
    assert plan_at_the_nearest_aql(500, "II", aql).sample_size > 0


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize("aql", ["", "one", "NaN", "sNaN", "inf", "1.0 %", "1_5", "1e1", "１.０"])
def test_an_aql_that_is_no_number_is_refused(aql: str) -> None:
    with pytest.raises(Refused, match="aql_unsupported"):
        single_plan(500, "II", aql)


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize("level", ["IV", "ii", "S-5", "", "2"])
def test_a_level_that_is_not_printed_is_refused(level: str) -> None:
    with pytest.raises(Refused, match="level_unsupported"):
        single_plan(500, level, "1.0")
    assert plan_at_the_nearest_aql(500, level, "1.0").code_letter == "H"


@pytest.mark.parametrize("lot_size", [0, -1])
def test_a_lot_without_units_is_refused(lot_size: int) -> None:
    with pytest.raises(Refused) as refused:
        single_plan(lot_size, "II", "1.0")
    assert refused.value.reasons == (Reason("lot_size_invalid", {"lot_size": lot_size}, "lot_size"),)


@pytest.mark.proves("SMP-3")
def test_a_severity_and_an_edition_that_are_not_held_are_refused() -> None:
    for asked, reason in (
        (
            ("loose", "z1.4"),
            Reason("severity_unsupported", {"severity": "loose", "supported": [*SEVERITIES]}, "severity"),
        ),
        (
            ("normal", "iso2859-2"),
            Reason("standard_unsupported", {"standard": "iso2859-2", "supported": [*STANDARDS]}, "standard"),
        ),
    ):
        with pytest.raises(Refused) as refused:
            single_plan(500, "II", "1.0", *asked)
        assert refused.value.reasons == (reason,)


def test_an_aql_may_be_written_without_its_last_zero() -> None:
    assert single_plan(500, "II", "1") == single_plan(500, "II", "1.0")
