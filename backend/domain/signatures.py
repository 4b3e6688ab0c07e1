"""What signing is here: exactly what was shown, by one person, with a meaning, bound by a digest (11.50, 11.70)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.events import Value

Disposition = Literal["release", "conditional", "concession", "reject", "production", "take_over"]
TO_MARKET: tuple[Disposition, ...] = ("release", "concession", "take_over")
"""Those after which stock may be used without a condition and shipped; the second of two gates (REL-9)."""
Meaning = Literal[
    Disposition,
    "change_right",
    "approve_plan",
    "move_inspection",
    "revoke_release",
    "start_recall",
    "approve_document",
    "close_capa",
    "approve_change_request",
]
Method = Literal["passkey", "password_totp"]


class Signature(msgspec.Struct, frozen=True):
    """A signature over the canonical `record`; `digest` is its SHA-256 (hex).

    `evidence` is the passkey's assertion with its nonce and public key, or what the server attests.
    """

    id: str
    site_id: str
    subject_kind: str
    subject_id: str
    person_id: str
    printed_name: str
    meaning: Meaning
    method: Method
    signed_at: str
    digest: str
    record: dict[str, Value]
    evidence: dict[str, Value]
    nonce: str


class Release(msgspec.Struct, frozen=True):
    """A decision on a receipt of a lot, or on parts of it; a receipt's decisions are numbered from 1.

    Of each number one at a time is in force (REL-4). `quantity` is in the item's stock unit. `number` and
    `quantity` are None in decisions signed before they could be about parts: those are about all of it.
    """

    id: str
    site_id: str
    lot_id: str
    receipt_id: str
    decision: Disposition
    signature_id: str
    person_id: str
    decided_at: str
    superseded_at: str | None = None
    certificate_pdf: str | None = None
    version: int = 1
    number: int | None = None
    quantity: Decimal | None = None
    condition: str | None = None
    """What a concession is granted for, or why stock is used at risk."""
    ends_on: str | None = None
    """The last day (ISO) of a concession."""
    delegation_id: str | None = None
    """Where the signer decided for somebody else (REL-3)."""
