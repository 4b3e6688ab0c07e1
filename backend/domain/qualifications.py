"""Suppliers and what they are qualified for: by material, until a day, under what was said of changes (QUA-5, LOT-13).

ISO 13485:2016 7.4.1: suppliers are evaluated, selected, monitored and evaluated again; CN GMP for medical devices
asks for the same before anything is bought of them, and again when they change something.

The rule is in force at a site once the site keeps any qualification, of any supplier: asked of one supplier at a
time, nobody would be asked about the supplier whom nobody qualified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from backend.domain.days import days_before
from backend.domain.errors import Reason
from backend.domain.steps import Step

QualificationStatus = Literal["approved", "suspended", "withdrawn"]
ReEvaluation = Literal["qualified_still", "not_qualified"]

AHEAD_DAYS = 30
"""How long before its last day the renewal of a qualification or a certificate is asked for."""

# step, from, to
QUALIFICATION_STEPS = (
    Step("qualify", ("approved", "suspended", "withdrawn"), "approved"),
    Step("suspend", ("approved",), "suspended"),
    Step("withdraw", ("approved", "suspended"), "withdrawn"),
)


class Qualification(msgspec.Struct, frozen=True):
    """One supplier for one material; `expires_on` is the last day on which it counts, `reason` what it rests on."""

    id: str
    site_id: str
    supplier_id: str
    item_id: str
    status: QualificationStatus
    expires_on: str
    reason: str
    decided_by: str
    decided_at: str
    version: int = 1


class SupplierCertificate(msgspec.Struct, frozen=True):
    """A paper of a supplier: a management system's, a licence's; `file` is the hash of its picture."""

    id: str
    site_id: str
    supplier_id: str
    kind: str
    number: str
    valid_until: str
    file: str | None
    added_by: str
    added_at: str


class SupplierChange(msgspec.Struct, frozen=True):
    """What a supplier says it changes; until somebody has evaluated it again, what arrives is held.

    `item_ids`: the materials that it is about; none named: all of that supplier.
    """

    id: str
    site_id: str
    supplier_id: str
    item_ids: list[str]
    what: str
    said_on: str
    noted_by: str
    noted_at: str
    result: ReEvaluation | None = None
    finding: str | None = None
    re_evaluated_by: str | None = None
    re_evaluated_at: str | None = None
    version: int = 1

    def concerns(self, *item_ids: str) -> bool:
        """Whether it is about this material, by any of its ids."""
        return not self.item_ids or not set(self.item_ids).isdisjoint(item_ids)


def against_supplier(
    blocked: bool,
    in_force: bool,
    qualification: Qualification | None,
    changes: Sequence[SupplierChange],
    today: str,
) -> list[Reason]:
    """Why a supplier may not deliver a material on the ISO day `today`; empty: it may.

    `qualification`: of this supplier for this material; `changes`: notices of this supplier about this material.
    """
    found = [Reason("supplier_is_blocked")] if blocked else []
    if not in_force:
        return found
    if qualification is None:
        found.append(Reason("qualification_missing"))
    elif (lapse := lapsed(qualification, today)) is not None:
        found.append(lapse)
    found += [
        Reason("supplier_change_open", {"what": each.what, "said_on": each.said_on})
        for each in changes
        if each.result is None
    ]
    return found


def lapsed(qualification: Qualification, today: str) -> Reason | None:
    """Why a qualification that was given counts no more; None: it counts."""
    if qualification.status == "suspended":
        return Reason("qualification_suspended", {"why": qualification.reason})
    if qualification.status == "withdrawn":
        return Reason("qualification_withdrawn", {"why": qualification.reason})
    if qualification.expires_on < today:
        return Reason("qualification_expired", {"expires_on": qualification.expires_on})
    return None


def one_of(own: Qualification | None, others: Sequence[tuple[Qualification, str]]) -> Qualification | None:
    """What counts of a supplier with aliases. `others`: of each alias, the newest decision first, with the instant
    since which they are one. An alias frees nothing: only what was taken back of it, or had ended when they became one,
    counts, until the supplier itself is decided on afterwards.
    """
    for each, merged_at in others:
        over = each.status != "approved" or each.expires_on < merged_at[:10]
        if over and (own is None or own.decided_at <= max(merged_at, each.decided_at)):
            return each
    return own


def ends_soon(last_day: str, today: str) -> bool:
    """Whether it counts still, and ends within `AHEAD_DAYS` of the ISO day `today`."""
    return today <= last_day and days_before(AHEAD_DAYS, last_day).isoformat() <= today
