"""Until when a record is kept: every rule at its edge, what has no end, and what a lot went into (AUD-10)."""

from __future__ import annotations

import pytest

from backend.domain.errors import Reason
from backend.domain.retention import CLASSES, Keeping, Kept, class_of, keeping_of, years_after

PLAIN = Kept("L26-000001", "2028-11-30", "2026-11-30", 730, "2026-12-01", None)


def test_the_same_day_years_on() -> None:
    assert years_after("2026-11-30", 2) == "2028-11-30"
    assert years_after("2024-02-29", 2) == "2026-03-01"  # never a day early
    assert years_after("2024-02-29", 4) == "2028-02-29"


@pytest.mark.proves("AUD-10")
@pytest.mark.parametrize(
    ("changes", "until", "rule"),
    [
        ({}, "2028-12-01", "from_release"),  # two years from release are longer than its life
        ({"expires_on": "2031-01-01"}, "2031-01-01", "lifetime"),
        ({"expires_on": None}, "2028-12-01", "from_release"),  # made on + 730 days = 2028-11-29
        ({"shipped_on": "2026-12-05"}, "2030-11-30", "beyond_lifetime"),
        ({"released_on": "2030-06-01"}, "2032-06-01", "from_release"),
        ({"released_on": None}, "2028-11-30", "lifetime"),  # rejected: its life all the same
    ],
)
def test_the_longest_rule_decides(changes: dict[str, str | None], until: str, rule: str) -> None:
    found = keeping_of("L26-000001", [PLAIN._replace(**changes)])
    assert (found.until, found.terms[0].rule) == (until, rule)
    assert all(term.clause for term in found.terms)


@pytest.mark.proves("AUD-10")
def test_without_a_stated_life_or_while_something_is_open_there_is_no_end() -> None:
    no_life = PLAIN._replace(expires_on=None, shelf_life_days=None, shipped_on="2026-12-05")
    found = keeping_of("L26-000001", [no_life])
    assert found.until is None and [reason.code for reason in found.open] == ["lifetime_not_stated"]
    assert found.terms[0].until == "2031-12-05"  # what is known of it is shown
    recalled = PLAIN._replace(open=(Reason("recall_open", {"recall": "R26-0001"}),))
    assert keeping_of("L26-000001", [recalled]).until is None


@pytest.mark.proves("AUD-10")
def test_a_part_is_kept_as_long_as_the_longest_of_what_it_went_into() -> None:
    product = Kept("L26-000009", "2036-01-31", None, None, "2026-12-20", "2027-01-10")
    found = keeping_of("L26-000001", [PLAIN, product])
    assert (found.until, found.terms[0].lot) == ("2038-01-31", "L26-000009")
    assert _ends_early(PLAIN) < (found.until or "")


def _ends_early(kept: Kept) -> str:
    """The broken twin: looks at the lot alone."""
    alone: Keeping = keeping_of(kept.lot, [kept])
    return alone.until or ""


def test_each_table_is_in_one_class_and_what_is_new_is_kept_without_an_end() -> None:
    named = [table for tables in CLASSES.values() for table in tables]
    assert len(named) == len(set(named))
    assert (
        class_of("reading") == "lot"
        and class_of("gauge") == "measuring"
        and class_of("what comes") == "system"
    )
