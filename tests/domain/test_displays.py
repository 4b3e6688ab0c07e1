"""Which numbers on a photo of a display are proposed, the likeliest first."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend.domain.displays import Seen, numbers_on

LOWER, UPPER = Decimal("4.00"), Decimal("4.20")
CASES: list[tuple[list[Seen], list[str]]] = [
    ([Seen("4.10", 100, 0.99)], ["4.10"]),
    ([Seen("4,10 mm", 100, 0.99)], ["4.10"]),
    ([Seen("-0.02", 100, 0.99)], ["-0.02"]),
    ([Seen("0-150", 20, 0.9), Seen("4.10", 90, 0.99), Seen("2026", 25, 0.9)], ["4.10", "2026", "0"]),
    ([Seen("12.7", 80, 0.9), Seen("4.12", 80, 0.9)], ["4.12", "12.7"]),
    ([Seen("4.10", 100, 0.3)], []),
    ([Seen("MITUTOYO", 40, 0.99), Seen("IP67", 20, 0.99)], []),
    ([], []),
]


@pytest.mark.parametrize(("lines", "expected"), CASES)
def test_the_display_s_number_comes_first(lines: list[Seen], expected: list[str]) -> None:
    assert numbers_on(lines, LOWER, UPPER) == expected
