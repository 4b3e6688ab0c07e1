"""No cell of a table that we hand out is a formula (LBL-8)."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.tables_out import cell, table

ACTIVE = ("=1+1", "+1", "@SUM(A1)", "\t=1", "\r=1", "-2+3", "=cmd|' /C calc'!A0", " =1", "＝1", "\u00a0=1")


@pytest.mark.proves("LBL-8")
@pytest.mark.parametrize("text", ACTIVE)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize(
    ("value", "written"),
    [(Decimal("-1.50"), "-1.50"), (Decimal("1E+3"), "1000"), (None, ""), ("L26-1", "L26-1"), (7, "7")],
)
def test_values_stay_what_they_are(value: object, written: str) -> None:
    assert cell(value) == written


@pytest.mark.proves("LBL-8")
@given(st.lists(st.text(), min_size=1, max_size=4))
def test_whatever_is_in_a_cell_comes_back_as_data(texts: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(table(["x"], [texts])[1:], newline="")))
    if any(texts):
        assert [each.removeprefix("'") for each in rows[1]] == [text.removeprefix("'") for text in texts]
    for value in rows[1] if len(rows) > 1 else []:
        assert not value.lstrip(" \u00a0\u3000").startswith(("=", "+", "@", "\t", "\r", "＝"))
