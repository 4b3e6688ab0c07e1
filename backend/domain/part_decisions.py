"""Decisions about parts of a receipt: what is still undecided, and what of it one decision is about (LOT-9, LOT-11).

A decision is about whole portions or about quantities of them. Stock that was released at risk is undecided until
its final decision, and that one is about the whole portion, what was used of it included (REL-6).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.domain.days import is_day_from
from backend.domain.errors import Reason
from backend.domain.lots import Portion
from backend.domain.shares import Share, take_shares
from backend.domain.signatures import TO_MARKET, Disposition, Release


class Part(NamedTuple):
    """How much of which portion a decision is about; `used` of it went into other lots at risk already."""

    portion: Portion
    quantity: Decimal
    used: Decimal = Decimal(0)


class Terms(msgspec.Struct, frozen=True):
    """What a decision is bound to: see `Release`."""

    condition: str | None = None
    ends_on: str | None = None


# meaning: does it need a condition, does it need an end
DEMANDED: dict[str, tuple[bool, bool]] = {
    "release": (False, False),
    "conditional": (True, False),
    "concession": (True, True),
    "reject": (False, False),
    "production": (False, False),
    "take_over": (False, False),
}

BEHIND_GATE: tuple[Disposition, ...] = ("production", *TO_MARKET)
"""Decisions that only stock behind the contract maker's gate stands under."""


def undecided(
    portions: Sequence[Portion],
    decisions: Sequence[Release],
    meaning: Disposition = "release",
    renewing: bool = False,
) -> list[Portion]:
    """Portions of a receipt that a decision with this meaning can be about; `decisions`: those in force.

    `renewing`: a retest was accepted, so what is released is released again (REL-8).
    """
    before_parts = any(decision.number is None for decision in decisions)
    return [
        portion
        for portion in portions
        if _is_undecided(portion, meaning, before_parts)
        or (renewing and meaning == "release" and portion.status == "released" and portion.quantity > 0)
    ]


def _is_undecided(portion: Portion, meaning: Disposition, before_parts: bool) -> bool:
    """`before_parts`: a decision in force names no parts, so it is about whatever was released or rejected."""
    if portion.status == "conditional":
        return meaning != "conditional"
    if portion.status == "production_released":
        return meaning not in ("conditional", "production") and portion.quantity > 0
    if portion.status == "rejected":  # by a nonconformity's disposition, not yet by a signature
        return portion.quantity > 0 and portion.release_id is None and not before_parts
    return portion.quantity > 0 and portion.status in ("quarantine", "inspecting", "held")


def past_makers_gate(portion: Portion, renewing: bool, behind: Container[str | None]) -> bool:
    """Whether the contract maker has let this stock through, so that a release to market can be about it (REL-9).

    `renewing`: a retest was accepted; what was decided before it and is held for its date is behind the gate still
    (REL-8). `behind`: the decisions that stand behind it, None where one in force names no parts.
    """
    match portion.status:
        case "production_released":
            return True
        case "released":
            return renewing
        case "held":
            return renewing and portion.release_id in behind
        case _:
            return False


def parts_of(
    open_portions: Sequence[Portion], used: dict[str, Decimal], shares: Sequence[Share], unit: str = ""
) -> list[Part]:
    """What a decision is about: all that is undecided where no share is named.

    `used`: quantity that went into other lots, by portion. Refused with every share that does not fit.
    """
    at_risk = {p.id: used.get(p.id, Decimal(0)) for p in open_portions if p.status == "conditional"}
    if not shares:
        return [
            Part(portion, portion.quantity, at_risk.get(portion.id, Decimal(0))) for portion in open_portions
        ]
    taken = take_shares(open_portions, shares, "portion_not_undecided", at_risk, unit)
    return [Part(portion, quantity, at_risk.get(portion.id, Decimal(0))) for portion, quantity in taken]


def quantity_of(parts: Sequence[Part]) -> Decimal:
    """How much a decision is about, what was used at risk included."""
    return sum((part.quantity + part.used for part in parts), Decimal(0))


def check_terms(meaning: Disposition, terms: Terms, today: date) -> list[Reason]:
    """What the meaning demands and the terms lack; terms that the meaning has no use for are refused too."""
    needs_condition, needs_end = DEMANDED[meaning]
    found = []
    if needs_condition != bool((terms.condition or "").strip()):
        code = "condition_missing" if needs_condition else "condition_not_wanted"
        found.append(Reason(code, {"meaning": meaning}, "condition"))
    if needs_end and not is_day_from(terms.ends_on, today):
        found.append(Reason("end_day_wrong", {"ends_on": terms.ends_on or ""}, "ends_on"))
    if not needs_end and terms.ends_on is not None:
        found.append(Reason("end_not_wanted", {"meaning": meaning}, "ends_on"))
    return found
