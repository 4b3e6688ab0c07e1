"""Skip-lot: what is never skipped, and what ends it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import Refused
from backend.domain.skip_lot import (
    NEVER_SKIPPED,
    Check,
    SkipLotRule,
    SkipLotState,
    after_lot,
    checks_of_lot,
    state_after,
)

RULE = SkipLotRule(10, 3)
SKIPPING = SkipLotState(10, skipping=True)


@pytest.mark.proves("SMP-7")
@given(skipping=st.booleans(), drawn=st.integers(0, 2))
def test_identity_quantity_label_and_certificate_are_checked_on_every_lot(skipping: bool, drawn: int) -> None:
    checks = checks_of_lot(SkipLotState(10, skipping), RULE, drawn)
    assert set(NEVER_SKIPPED) == {"identity", "quantity", "label", "certificate"} <= set(checks)
    assert ("characteristic" in checks) == (not skipping or drawn == 0)


def checks_when_skipping_skips_all(state: SkipLotState, drawn: int) -> tuple[Check, ...]:
    """The naive version: a skipped lot is not looked at."""
    return () if state.skipping and drawn else (*NEVER_SKIPPED, "characteristic")


@pytest.mark.proves("SMP-7")
def test_the_test_sees_a_lot_that_is_not_looked_at() -> None:
    assert not set(NEVER_SKIPPED) <= set(checks_when_skipping_skips_all(SKIPPING, 1))


@pytest.mark.proves("SMP-7")
@pytest.mark.parametrize("check", [*NEVER_SKIPPED, "characteristic"])
def test_the_first_failure_ends_it(check: Check) -> None:
    state = after_lot(SKIPPING, RULE, (check,))
    assert state == SkipLotState()
    for _ in range(9):
        state = after_lot(state, RULE, ())
        assert not state.skipping
    assert after_lot(state, RULE, ()).skipping


@pytest.mark.proves("SMP-7")
def test_qualifying_starts_again_at_a_failure() -> None:
    state = SkipLotState()
    for failed in [()] * 9 + [("characteristic",)] + [()] * 9:
        state = after_lot(state, RULE, failed)  # type: ignore[arg-type]
    assert state == SkipLotState(9, skipping=False)
    assert after_lot(SKIPPING, RULE, ()) == SKIPPING


@pytest.mark.parametrize("rule", [SkipLotRule(10, 2), SkipLotRule(100, 5)])
def test_the_ends_of_what_is_allowed_are_allowed(rule: SkipLotRule) -> None:
    assert "characteristic" not in checks_of_lot(SKIPPING, rule, rule.one_in - 1)


def test_one_lot_in_three_is_inspected() -> None:
    draw = random.Random(7)
    seen = sum("characteristic" in checks_of_lot(SKIPPING, RULE, draw.randrange(3)) for _ in range(3000))
    assert 900 < seen < 1100


@pytest.mark.parametrize(
    ("rule", "drawn", "code"),
    [
        (SkipLotRule(9, 3), 0, "skip_lot_rule_invalid"),
        (SkipLotRule(101, 3), 0, "skip_lot_rule_invalid"),
        (SkipLotRule(10, 1), 0, "skip_lot_rule_invalid"),
        (SkipLotRule(10, 6), 0, "skip_lot_rule_invalid"),
        (RULE, 3, "drawn_out_of_range"),
        (RULE, -1, "drawn_out_of_range"),
    ],
)
def test_a_rule_out_of_bounds_is_refused(rule: SkipLotRule, drawn: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        checks_of_lot(SKIPPING, rule, drawn)


@pytest.mark.proves("SMP-7")
@given(st.lists(st.booleans(), max_size=40))
def test_the_lots_decided_last_say_what_all_of_them_say(accepted: list[bool]) -> None:
    """The state read back from the newest lots is the one that was counted lot by lot."""
    rule, state = SkipLotRule(clearance=10, one_in=2), SkipLotState()
    for passed in accepted:
        state = after_lot(state, rule, () if passed else ("characteristic",))
    assert state_after(rule, accepted[::-1][: rule.clearance]) == state
    assert state_after(rule, accepted[::-1]) == state
