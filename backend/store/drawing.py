"""Which portions may be drawn on, for use or for shipping, and in which order (LOT-11)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.lots import Portion, PortionStatus
from backend.domain.signatures import Release
from backend.store.change import Change


async def drawn_from(
    tx: Change, portions: Sequence[Portion], statuses: Sequence[PortionStatus]
) -> list[Portion]:
    """By status in the given order; stock conceded until a day that has passed is not drawn on."""
    found = []
    for status in statuses:
        for portion in portions:
            if portion.status == status and not await _has_ended(tx, portion):
                found.append(portion)
    return found


async def _has_ended(tx: Change, portion: Portion) -> bool:
    """Whether the concession that it stands under is over."""
    if portion.status != "conceded" or portion.release_id is None:
        return False
    ends_on = (await tx.get(Release, portion.release_id)).ends_on
    return ends_on is not None and ends_on < tx.today.isoformat()
