"""Skip-lot inspection: lots of a proven series are inspected by lot, and only some of them (SMP-7).

    from        lot                                   to          Dodge's SkSP-2
    qualifying  accepted, `clearance` of them in row  skipping    rule 1
    qualifying  rejected                              qualifying  count starts again
    skipping    inspected and accepted, or skipped    skipping    rule 2
    skipping    any failure                           qualifying  rule 3: the first failure ends it

Which lots are inspected while skipping is drawn, one in `one_in`, so that nobody can know beforehand. Identity,
quantity, label and certificate are checked on every lot, and their failure ends skipping too. Source: Dodge and
Perry, A System of Skip-Lot Plans for Lot-by-Lot Inspection (1971). ISO 2859-3's qualification by score is not
offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from backend.domain.errors import refuse

Check = Literal["identity", "quantity", "label", "certificate", "characteristic"]
NEVER_SKIPPED: tuple[Check, ...] = ("identity", "quantity", "label", "certificate")


class SkipLotRule(msgspec.Struct, frozen=True):
    """Skip after `clearance` accepted lots in a row; then inspect one lot in `one_in`."""

    clearance: int
    one_in: int


class SkipLotState(msgspec.Struct, frozen=True):
    """How many lots in a row were accepted, and whether lots are skipped now."""

    accepted_in_row: int = 0
    skipping: bool = False


def check_rule(rule: SkipLotRule) -> SkipLotRule:
    """The rule; refuses `skip_lot_rule_invalid` (10 to 100 lots to qualify, one in 2 to 5)."""
    if not 10 <= rule.clearance <= 100 or not 2 <= rule.one_in <= 5:
        raise refuse("skip_lot_rule_invalid", clearance=rule.clearance, one_in=rule.one_in)
    return rule


def checks_of_lot(state: SkipLotState, rule: SkipLotRule, drawn: int) -> tuple[Check, ...]:
    """What this lot is checked for; `drawn` is random, uniform over 0..one_in - 1, and unknown before."""
    check_rule(rule)
    if not 0 <= drawn < rule.one_in:
        raise refuse("drawn_out_of_range", drawn=drawn, one_in=rule.one_in)
    return NEVER_SKIPPED if state.skipping and drawn else (*NEVER_SKIPPED, "characteristic")


def state_after(rule: SkipLotRule, accepted: Sequence[bool]) -> SkipLotState:
    """Where a series stands after the lots decided last, the newest first: those inspected whole, and all failures.

    The last `clearance` of them are enough: lots are skipped exactly while none of those has failed.
    """
    check_rule(rule)
    row = next((place for place, passed in enumerate(accepted) if not passed), len(accepted))
    return SkipLotState(min(row, rule.clearance), skipping=row >= rule.clearance)


def after_lot(state: SkipLotState, rule: SkipLotRule, failed: tuple[Check, ...]) -> SkipLotState:
    """The state after a lot whose checks have `failed`, or none of them."""
    check_rule(rule)
    if failed:
        return SkipLotState()
    if state.skipping:
        return state
    row = state.accepted_in_row + 1
    return SkipLotState(row, skipping=row >= rule.clearance)
