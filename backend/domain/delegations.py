"""The right to decide, handed to another person from one day to another (REL-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from backend.domain.days import is_day_from
from backend.domain.errors import Reason

ACTION = "sign_release"
"""What is handed on: to decide on a receipt, and nothing else."""
LONGEST = timedelta(days=90)


class Delegation(msgspec.Struct, frozen=True):
    """`to_id` decides for `from_id` from the day `from_on` until the end of `until` (ISO days at the site)."""

    id: str
    site_id: str
    action: str
    from_id: str
    to_id: str
    from_on: str
    until: str
    reason: str
    granted_at: str
    ended_at: str | None = None
    version: int = 1


def standing(delegation: Delegation, today: str) -> str:
    """`ended`, `ahead`, `in_force` or `expired`."""
    if delegation.ended_at is not None:
        return "ended"
    if today < delegation.from_on:
        return "ahead"
    return "in_force" if today <= delegation.until else "expired"


def in_force(delegations: Sequence[Delegation], person_id: str, today: str) -> Delegation | None:
    """The one under which this person may decide today; the one that ends last."""
    usable = [each for each in delegations if each.to_id == person_id and standing(each, today) == "in_force"]
    return max(usable, key=lambda each: (each.until, each.id), default=None)


def against_days(from_on: str, until: str, today: date) -> list[Reason]:
    """A delegation has a beginning, an end, and no more than `LONGEST` between them."""
    if not is_day_from(from_on, today):
        return [Reason("delegation_begins", {"from_on": from_on}, "from_on")]
    begin = date.fromisoformat(from_on)
    if not is_day_from(until, begin):
        return [Reason("delegation_ends", {"until": until}, "until")]
    if date.fromisoformat(until) - begin > LONGEST:
        return [Reason("delegation_long", {"days": LONGEST.days}, "until")]
    return []
