"""A code that lost its separators: what is on record ranks its readings and decides nothing (LBL-2)."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.label_ranking import Known, Ranking, names_of, rank
from backend.domain.labels import read_label

TODAY = date(2026, 11, 23)
GTIN = "07612345678900"
LONG, SHORT = f"(01){GTIN}(10)AB17261130", f"(01){GTIN}(10)AB(17)261130"
READINGS = [LONG, SHORT]
ITEM = frozenset({GTIN})


def test_the_readings_are_those_of_the_code() -> None:
    reading = read_label(f"01{GTIN}10AB17261130", "]d2", today=TODAY)
    assert reading.error is not None
    assert reading.error.facts["readings"] == READINGS
    assert names_of(READINGS, TODAY) == [(GTIN, "AB17261130"), (GTIN, "AB")]


@pytest.mark.proves("LBL-2")
@pytest.mark.parametrize(
    ("lots", "expected"),
    [
        (set(), Ranking(READINGS)),
        ({(GTIN, "AB")}, Ranking([SHORT, LONG], SHORT)),
        ({(GTIN, "AB17261130")}, Ranking([LONG, SHORT], LONG)),
        ({(GTIN, "AB"), (GTIN, "AB17261130")}, Ranking(READINGS)),
        ({("09506000134352", "AB")}, Ranking(READINGS)),
    ],
)
def test_a_lot_on_record_comes_first_and_two_of_them_mark_neither(
    lots: set[tuple[str, str]], expected: Ranking
) -> None:
    assert rank(READINGS, Known(ITEM, frozenset(lots)), TODAY) == expected


@pytest.mark.proves("LBL-2")
def test_a_known_item_ranks_before_an_unknown_one_without_a_mark() -> None:
    other = "(01)09506000134352(10)AB"
    assert rank([other, SHORT], Known(ITEM), TODAY) == Ranking([SHORT, other])


@pytest.mark.proves("LBL-2")
def test_every_reading_stays_to_be_chosen() -> None:
    known = Known(ITEM, frozenset({(GTIN, "AB")}))
    assert sorted(rank(READINGS, known, TODAY).readings) == sorted(READINGS)
