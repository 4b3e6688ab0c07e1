"""What a lift restores: by which act each hold ends, and how the stock stands then (LOT-5, REL-5, REL-7, REL-8).

as_decided   each portion as its decision in force has it; what was undecided is undecided again
anew         what stood before counts no more: inspecting, until it is decided by a new signature
rejected     by a disposition, whatever else holds it

Two kinds of reason, so two rows of a kind: a hold for something that has nothing to do with the results leaves the
signed decision in force, and whoever lifts it says that it may stay so. A hold because evidence failed or changed ends
what rests on it. Stock that is held for several reasons waits for all; one that asks for a new decision is enough.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Restores = Literal["as_decided", "anew", "rejected"]

BY_HAND = "by_hand"
PARENT_HELD = "parent_held"
DOUBT = "gauge_in_doubt"
DISCONTINUED = "inspection_discontinued"
REVOKED = "release_revoked"
RETEST_DUE = "retest_due"
COMPONENT_REJECTED = "component_rejected"
EVIDENCE_CHANGED = "evidence_changed"
OF_REPORT = "ncr"
RECALLED = "recall"
BLOCKED_BEFORE = "blocked_before"
NOT_QUALIFIED = "supplier_not_qualified"
SUPPLIER_SUSPENDED = "supplier_suspended"
WITH_PARENT = "lift_hold of the parent"


class Lift(NamedTuple):
    """A hold with this code, ended by this act, leaves its stock so."""

    code: str
    ended_by: str
    restores: Restores


LIFTS = (
    Lift(BY_HAND, "lift_hold", "as_decided"),
    # What the receiver saw and no label says.
    Lift("papers_missing", "lift_hold", "as_decided"),
    Lift("goods_damaged", "lift_hold", "as_decided"),
    Lift("goods_doubtful", "lift_hold", "as_decided"),
    # Taken over as it was blocked before Lotgate: quality says why it may be decided on (ADR 38).
    Lift(BLOCKED_BEFORE, "lift_hold", "as_decided"),
    # Who sent it was not qualified for it then, or is no more: quality says why it may be used (LOT-13).
    Lift(NOT_QUALIFIED, "lift_hold", "as_decided"),
    Lift(SUPPLIER_SUSPENDED, "lift_hold", "as_decided"),
    Lift(PARENT_HELD, WITH_PARENT, "as_decided"),
    # Its parent is held still: a person signs for it with that before their eyes.
    Lift(PARENT_HELD, "lift_hold", "anew"),
    Lift(DOUBT, "close_assessment", "as_decided"),
    Lift(DISCONTINUED, "steer_series", "as_decided"),
    # Withdrawn after one signature: the release never ended.
    Lift(REVOKED, "close_revocation", "as_decided"),
    Lift(REVOKED, "lift_hold", "anew"),
    Lift(COMPONENT_REJECTED, "lift_hold", "anew"),
    Lift(EVIDENCE_CHANGED, "lift_hold", "anew"),
    # Nobody frees what is recalled: it leaves by scrapping, or back to its supplier (QUA-6).
    Lift(RECALLED, "take_out", "rejected"),
    Lift(OF_REPORT, "dispose_ncr", "anew"),
    # What the decision names is released by it; the rest of the stock waits for its own.
    Lift(RETEST_DUE, "sign_release", "anew"),
)


def restores(code: str, ended_by: str) -> Restores | None:
    """What the end of such a hold by such an act restores; None: it does not end like this.

    A hold that the table does not know is lifted by hand, and its stock decided anew.
    """
    if ended_by == "lift_hold" and all(lift.code != code for lift in LIFTS):
        return "anew"
    return next((lift.restores for lift in LIFTS if (lift.code, lift.ended_by) == (code, ended_by)), None)
