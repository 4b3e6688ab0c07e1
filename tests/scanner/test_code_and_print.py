"""The short version of `./run fuzz print`: labels whose print and code differ in one field, and as many that agree."""

from __future__ import annotations

from backend.domain.labels import LabelReading
from backend.domain.print_check import Comparison, compare
from backend.domain.printed_fields import Proposal
from tests.campaigns.code_and_print import code_and_print

COUNT, SEED = 16, 20261128


def test_no_difference_passes() -> None:
    found = code_and_print(COUNT, SEED)
    assert (found.differing["stopped"] + found.differing["asked"], found.differing["passed"]) == (COUNT, 0)
    assert found.differing["stopped"] > 0.9 * COUNT
    assert found.agreeing["passed"] > 0.8 * COUNT
    assert found.agreeing["stopped"] < 0.05 * COUNT


def without_serial(label: LabelReading, proposals: list[Proposal]) -> list[Comparison]:
    """The naive version: lot and dates are enough."""
    return [row for row in compare(label, proposals) if row.field != "serial"]


def test_the_campaign_notices_a_field_that_is_not_compared() -> None:
    assert code_and_print(8, SEED, without_serial).differing["passed"] > 0
