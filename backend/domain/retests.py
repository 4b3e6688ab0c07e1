"""Retest: stock whose date has passed waits on hold for another inspection and a signed decision (REL-8).

expired?  retest date passed?  accepted retest for that date?   may be used and decided?
yes       -                    -                                no: expiry wins, and no retest is opened
no        no                   -                                yes
no        yes                  no                               no, on hold by itself
no        yes                  yes                              once a decision is signed; the date moves on with it

A lot has one date. It moves on when every entry of it of which something lies here has passed a retest of its own:
what one delivery shows says nothing of another one (LOT-2). What a lot was split off before a retest of the whole
began waits for its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.errors import Reason
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Receipt


def due(lot: Lot, today: str) -> list[Reason]:
    """Why a lot may not be used any more today as far as its dates go."""
    if lot.expires_on is not None and lot.expires_on < today:
        return [Reason("lot_expired", {"expiry": lot.expires_on})]
    if lot.retest_on is not None and lot.retest_on < today:
        return [Reason("retest_due", {"retest_on": lot.retest_on, "rule": "REL-8"})]
    return []


def speaks_for(retest: Inspection, lot: Lot, receipt: Receipt) -> bool:
    """Whether a retest is about this entry at the lot's present date; one begun before a split is about both parts."""
    mine = retest.receipt_id == receipt.id
    whole = retest.receipt_id == receipt.origin_id and retest.opened_at <= lot.created_at
    return lot.retest_on is not None and retest.retest_for == lot.retest_on and (mine or whole)


def untested(lot: Lot, lying: Sequence[Receipt], retests: Sequence[Inspection]) -> list[Receipt]:
    """Entries of which something lies here that no retest was begun for, or only failed ones."""
    begun = [each for each in retests if each.status != "failed"]
    return [receipt for receipt in lying if not any(speaks_for(each, lot, receipt) for each in begun)]


def accepted(lot: Lot, lying: Sequence[Receipt], retests: Sequence[Inspection]) -> bool:
    """Whether a retest for the lot's present date has passed for each entry of which something lies here."""
    passed = [each for each in retests if each.status == "passed"]
    return bool(lying) and all(any(speaks_for(each, lot, receipt) for each in passed) for receipt in lying)
