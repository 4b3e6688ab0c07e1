"""Lot sizes as a number, a band or an open band, and the one plan of a band."""

from __future__ import annotations

import pytest

from backend.domain.errors import Refused
from backend.domain.lot_bands import LotBand, double_plan_of_band, plan_of_band, read_lot_band


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1", 1, 1),
        (" 1200 ", 1200, 1200),
        ("281-500", 281, 500),
        ("281 – 500", 281, 500),
        ("500001-", 500001, None),
        ("9-9", 9, 9),
    ],
)
def test_a_lot_size_is_read_as_written(text: str, first: int, last: int | None) -> None:
    assert read_lot_band(text) == LotBand(first, last)


@pytest.mark.parametrize(
    "text", ["", "0", "0-8", "-5", "8-2", "1,200", "1.5", "12 34", "many", "1" * 13, "5--9"]
)
def test_what_is_no_lot_size_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="lot_size_invalid"):
        read_lot_band(text)


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(
    ("band", "aql", "n", "inspect_all"),
    [
        ("281-500", "1.0", 50, False),
        ("51-90", "0.15", 80, False),  # lots of 81 to 90 are sampled
        ("51-80", "0.15", 80, True),
        ("51-81", "0.15", 80, False),
        ("2-8", "0.010", 1250, True),
        ("500001-", "0.025", 2000, False),
        ("80", "0.15", 80, True),
        ("81", "0.15", 80, False),
    ],
)
def test_a_band_is_inspected_entirely_when_its_largest_lot_is(
    band: str, aql: str, n: int, inspect_all: bool
) -> None:
    plan = plan_of_band(read_lot_band(band), "II", aql, "normal")
    assert (plan.sample_size, plan.inspect_all) == (n, inspect_all)


@pytest.mark.proves("SMP-2", "SMP-3")
def test_a_band_has_one_double_plan_or_none() -> None:
    plan = double_plan_of_band(read_lot_band("51-90"), "II", "0.15", "normal", "z1.4")
    assert (plan.code_letter, plan.inspect_all) == ("J", False)  # lots of 81 to 90 are sampled
    assert double_plan_of_band(read_lot_band("51-80"), "II", "0.15", "normal", "z1.4").inspect_all
    assert double_plan_of_band(read_lot_band("500001-"), "II", "1.0", "normal", "z1.4").code_letter == "Q"
    with pytest.raises(Refused, match="lot_band_has_several_plans"):
        double_plan_of_band(read_lot_band("281-501"), "II", "1.0", "normal", "z1.4")


@pytest.mark.proves("SMP-3")
@pytest.mark.parametrize("band", ["281-501", "2-", "1-8", "1200-1201"])
def test_a_band_of_several_plans_is_refused(band: str) -> None:
    with pytest.raises(Refused, match="lot_band_has_several_plans") as refused:
        plan_of_band(read_lot_band(band), "II", "1.5", "normal")
    assert refused.value.reasons[0].facts["lot_size"] == band
