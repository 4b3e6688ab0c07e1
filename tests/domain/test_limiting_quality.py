"""c = 0 plans: the smallest sample that keeps the risk, by counting; and the known values of large lots."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.limiting_quality import zero_acceptance_size
from backend.domain.operating_characteristic import Stage, chances_in_lot


@pytest.mark.parametrize(
    ("quality", "risk", "n"),
    [
        ("5", "0.10", 45),
        ("5", "0.05", 59),
        ("1", "0.10", 230),
        ("1", "0.05", 299),
        ("10", "0.10", 22),
        ("0.1", "0.05", 2995),
    ],
)
def test_a_large_lot_needs_what_the_tables_of_confidence_and_reliability_say(
    quality: str, risk: str, n: int
) -> None:
    """n = ln(risk) / ln(1 - LQ), rounded up."""
    assert zero_acceptance_size(100_000_000, quality, risk) == n


@given(
    lot_size=st.integers(1, 400),
    quality=st.sampled_from(["0.5", "1", "2.0", "5", "12.5", "31.5", "100"]),
    risk=st.sampled_from(["0.05", "0.10", "0.5"]),
)
def test_it_is_the_smallest_sample_that_keeps_the_risk(lot_size: int, quality: str, risk: str) -> None:
    n = zero_acceptance_size(lot_size, quality, risk)
    bad = next(d for d in range(lot_size + 1) if Decimal(d) / lot_size >= Decimal(quality) / 100)
    assert 1 <= n <= lot_size
    assert chances_in_lot([Stage(n, 0, 1)], bad, lot_size).accepted <= float(risk) + 1e-12
    if n > 1:
        assert chances_in_lot([Stage(n - 1, 0, 1)], bad, lot_size).accepted > float(risk) - 1e-12


def size_of_an_endless_lot(quality: str) -> int:
    """The naive version: the binomial sample for every lot, so small lots are inspected too much."""
    return zero_acceptance_size(100_000_000, quality)


def test_a_small_lot_needs_less_than_an_endless_one() -> None:
    assert zero_acceptance_size(50, "5") == 27
    assert size_of_an_endless_lot("5") == 45


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((0, "5"), "lot_size_invalid"),
        ((50, "0"), "limiting_quality_invalid"),
        ((50, "101"), "limiting_quality_invalid"),
        ((50, "five"), "limiting_quality_invalid"),
        ((50, "5", "0"), "risk_invalid"),
        ((50, "5", "1"), "risk_invalid"),
        ((50, "5", "nan"), "risk_invalid"),
    ],
)
def test_what_can_not_be_is_refused(asked: tuple[int, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        zero_acceptance_size(*asked)
