"""Retest: stock whose date has passed waits on hold for another inspection and a signed decision (REL-8).

expired?  retest date passed?  accepted retest for that date?   may be used and decided?
yes       -                    -                                no: expiry wins, and no retest is opened
no        no                   -                                yes
no        yes                  no                               no, on hold by itself
no        yes                  yes                              once a decision is signed; the date moves on with it
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.errors import Reason
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot

HOLD = "retest_due"


def due(lot: Lot, today: str) -> list[Reason]:
    """Why a lot may not be used any more today as far as its dates go."""
    if lot.expires_on is not None and lot.expires_on < today:
        return [Reason("lot_expired", {"expiry": lot.expires_on})]
    if lot.retest_on is not None and lot.retest_on < today:
        return [Reason("retest_due", {"retest_on": lot.retest_on, "rule": "REL-8"})]
    return []


def accepted(lot: Lot, retests: Sequence[Inspection]) -> bool:
    """Whether a retest for the lot's present date has passed; one before a split speaks for both parts."""
    return lot.retest_on is not None and any(
        each.retest_for == lot.retest_on
        and each.status == "passed"
        and (each.lot_id == lot.id or each.opened_at <= lot.created_at)
        for each in retests
    )
