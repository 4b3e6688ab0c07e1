"""Taking a release back: two people sign, what lies here is held, what left is listed, and somebody assesses (REL-7).

The release itself is never touched: its signature, its record and its certificate stay what they were.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.errors import Reason
from backend.domain.steps import Step
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-revocation/1"
DAYS = 5
"""Until what it means for what was used is assessed."""
Conclusion = Literal["no_recall", "recall"]


class Gone(msgspec.Struct, frozen=True):
    """What of the released stock is no longer here: `kind` of movement or edge, which lot it became."""

    kind: str
    quantity: Decimal
    lot: str | None = None
    status: str | None = None
    consignee: str | None = None
    """Of what was shipped: to whom, by code and name; `lot` is then None, `shipment` its number."""
    shipment: str | None = None


class Revocation(msgspec.Struct, frozen=True):
    """A release taken back. `on_hand` and `gone` as they were at the second signature, in stock units."""

    id: str
    site_id: str
    number: str
    release_id: str
    lot_id: str
    receipt_id: str
    reason: str
    first_by: str
    first_signature_id: str
    first_at: str
    due_on: str
    status: Literal["signed_once", "in_force", "assessed", "withdrawn"] = "signed_once"
    second_by: str | None = None
    second_signature_id: str | None = None
    second_at: str | None = None
    on_hand: Decimal | None = None
    gone: list[Gone] = []
    conclusion: Conclusion | None = None
    assessment: str | None = None
    assessed_by: str | None = None
    assessed_at: str | None = None
    version: int = 1


class RevocationRecord(msgspec.Struct, frozen=True):
    """What each of the two signers was shown and signed."""

    site: Site
    lot: str
    release: str
    decision: str
    decided_at: str
    decided_by: str
    record_digest: str
    """Of the record that was signed for the release."""
    on_hand: str
    gone: list[str]
    reason: str
    signature: Signing
    first_signer: str | None = None
    """Printed name of who signed before, where this is the second signature."""
    format: str = RECORD_FORMAT


REVOCATION_STEPS = (
    Step("sign_again", ("signed_once",), "in_force"),
    Step("withdraw", ("signed_once",), "withdrawn"),
    Step("assess", ("in_force",), "assessed"),
)
STATEMENT = Words(
    "I have reviewed the record above and take back the decision of {decided_at} on lot {lot}.",
    "本人已审核上述记录，撤销 {decided_at} 对批次 {lot} 的决定。",
)


def against(
    decision: str, superseded: bool, revocation: Revocation | None, person_id: str, reason: str
) -> list[Reason]:
    """Why this person can't sign the revocation now; `revocation`: the one that is under way or in force."""
    if revocation is not None and revocation.status in ("in_force", "assessed"):
        return [Reason("release_revoked_already")]
    found = []
    if superseded:
        found.append(Reason("release_superseded"))
    if decision == "reject":
        found.append(Reason("rejection_not_revoked"))
    if revocation is not None and revocation.first_by == person_id:
        found.append(Reason("revocation_own_signature", {"rule": "REL-7"}))
    if revocation is None and not reason.strip():
        found.append(Reason("reason_missing", field="reason"))
    return found
