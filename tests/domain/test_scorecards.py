"""A supplier's scorecard on a period small enough to count by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend.domain.scorecards import Delivery, Looked, Reported, scorecard

DELIVERIES = [
    Delivery("L1", "2026-01-01T00:00:00.000000Z", [("release", "2026-01-03T00:00:00.000000Z")]),
    Delivery("L2", "2026-01-01T00:00:00.000000Z", [("concession", "2026-01-06T12:00:00.000000Z")]),
    # Decided in parts: what is released at risk is no decision yet.
    Delivery(
        "L3",
        "2026-01-01T00:00:00.000000Z",
        [
            ("conditional", "2026-01-01T06:00:00.000000Z"),
            ("reject", "2026-01-11T00:00:00.000000Z"),
            ("release", "2026-01-11T00:00:00.000000Z"),
        ],
    ),
    # A disposition rejected it and nobody has signed for that.
    Delivery("L4", "2026-01-01T00:00:00.000000Z", [], rejected_stock=True),
    Delivery("L5", "2026-01-01T00:00:00.000000Z"),
]
LOOKED = [Looked("L1", 13, 0, 0), Looked("L2", 20, 1, 2), Looked("L3", 5, 4, 3), Looked("L4", 0, 0, 0)]
REPORTS = [
    Reported(
        "n1", "N1", True, "2026-01-02T00:00:00.000000Z", "2026-01-02T12:00:00.000000Z", "2026-01-05T00:00:00Z"
    ),
    Reported("n2", "N2", False, "2026-01-02T00:00:00.000000Z", "2026-01-04T12:00:00.000000Z", None),
    Reported("n3", "N3", False, "2026-01-02T00:00:00.000000Z", None, None),
]
# figure, value, what it was counted of, records behind it
EXPECTED: list[tuple[str, str | None, dict[str, int], list[str]]] = [
    ("received", "5", {"of": 5}, ["L1", "L2", "L3", "L4", "L5"]),
    ("accepted", "2", {"of": 5}, ["L1", "L3"]),
    ("conceded", "1", {"of": 5}, ["L2"]),
    ("rejected", "2", {"of": 5}, ["L3", "L4"]),
    ("undecided", "1", {"of": 5}, ["L5"]),
    # 0 of 13, 3 of 20, 5 of 5 since no more can be bad than were looked at: 8 of 38
    ("ppm", "210526", {"bad": 8, "of": 38}, ["L1", "L2", "L3"]),
    ("days_to_decision", "5.5", {"of": 3}, ["L1", "L2", "L3"]),
    ("ncrs_open", "2", {"of": 3}, ["N2", "N3"]),
    ("ncrs_closed", "1", {"of": 3}, ["N1"]),
    ("days_to_containment", "1.5", {"of": 2}, ["N1", "N2"]),
    ("days_to_disposition", "3.0", {"of": 1}, ["N1"]),
]


@pytest.mark.proves("QUA-5")
def test_each_figure_says_what_it_was_counted_from() -> None:
    found = scorecard(DELIVERIES, LOOKED, REPORTS)
    said = [
        (f.code, None if f.value is None else f"{f.value:f}", f.facts, [each.number for each in f.behind])
        for f in found
    ]
    assert said == EXPECTED
    ppm = next(figure for figure in found if figure.code == "ppm")
    assert [each.note for each in ppm.behind] == ["0 / 13", "3 / 20", "5 / 5"]


@pytest.mark.proves("QUA-5")
def test_of_nothing_there_are_no_rates() -> None:
    values = {figure.code: figure.value for figure in scorecard([], [], [])}
    assert values["received"] == Decimal(0)
    assert {values[code] for code in ("ppm", "days_to_decision", "days_to_containment")} == {None}
