"""Labels of a lot are counted: printed = used + destroyed + returned; a difference blocks its release (QUA-9).

Source: 21 CFR 211.125 (c), and 820.120 for devices. What can't be found is counted as missing, with the reason. That
is a difference all the same: it blocks the release until a second person has accepted it, and it is shown and signed
with the decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from backend.domain.errors import Reason, Refused

LabelFate = Literal["used", "destroyed", "returned", "missing"]
LabelKind = Literal["printed", "used", "destroyed", "returned", "missing", "accepted"]
FATES: tuple[LabelFate, ...] = ("used", "destroyed", "returned", "missing")
MOST = 1_000
"""Labels of one print; more is a slip of the finger."""


class LabelCount(msgspec.Struct, frozen=True):
    """So many labels of a lot were printed, or met one fate, or were accepted as missing. Never changed, never
    deleted."""

    id: str
    site_id: str
    lot_id: str
    kind: LabelKind
    count: int
    reason: str | None
    person_id: str
    at: str


class LabelBalance(msgspec.Struct, frozen=True):
    """The labels of a lot, counted."""

    printed: int = 0
    used: int = 0
    destroyed: int = 0
    returned: int = 0
    missing: int = 0
    accepted: int = 0
    """Of the missing ones: a second person said that they may be."""

    @property
    def open(self) -> int:
        """Printed, and nobody has said where they are."""
        return self.printed - self.used - self.destroyed - self.returned - self.missing

    @property
    def unaccepted(self) -> int:
        """Missing, and only those who counted have said so."""
        return self.missing - self.accepted


def balance(counts: Iterable[LabelCount]) -> LabelBalance:
    """Add them up."""
    sums: dict[str, int] = {}
    for each in counts:
        sums[each.kind] = sums.get(each.kind, 0) + each.count
    return LabelBalance(**sums)


def difference(labels: LabelBalance) -> list[Reason]:
    """What stands in the way of a release."""
    found = []
    if labels.open != 0:
        found.append(Reason("labels_unreconciled", {"printed": labels.printed, "open": labels.open}))
    if labels.unaccepted != 0:
        found.append(Reason("labels_missing", {"printed": labels.printed, "count": labels.unaccepted}))
    return found


def accepted(counts: Sequence[LabelCount], person_id: str, count: int, reason: str) -> str:
    """The reason, trimmed. Raises Refused: another number is missing by now, no reason, counted by the same
    person."""
    missing = balance(counts).unaccepted
    found = []
    if missing == 0 or count != missing:
        found.append(Reason("label_missing_changed", {"count": count, "missing": missing}, "count"))
    if not reason.strip():
        found.append(Reason("label_acceptance_reason", {"count": count}, "reason"))
    if any(each.kind == "missing" and each.person_id == person_id for each in counts):
        found.append(Reason("label_own_count"))
    if found:
        raise Refused(*found)
    return reason.strip()


def accounted(labels: LabelBalance, fates: dict[LabelFate, int], reason: str | None) -> LabelBalance:
    """The balance after these fates. Raises Refused: nothing counted, below zero, more than were printed,
    missing ones without a reason."""
    found = [Reason("label_count_negative", {"kind": kind}, kind) for kind in FATES if fates[kind] < 0]
    total = sum(fates.values())
    if not found and total == 0:
        found.append(Reason("label_count_nothing", field="used"))
    if not found and total > labels.open:
        found.append(Reason("label_count_over", {"count": total, "open": labels.open}, "used"))
    if fates["missing"] > 0 and not (reason or "").strip():
        found.append(Reason("label_reason_missing", {"count": fates["missing"]}, "reason"))
    if found:
        raise Refused(*found)
    return msgspec.structs.replace(
        labels, **{kind: getattr(labels, kind) + count for kind, count in fates.items()}
    )
