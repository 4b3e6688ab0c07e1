"""What signing is here: exactly what was shown, by one person, with a meaning, bound by a digest (11.50, 11.70)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.events import Value

Meaning = Literal["release", "reject", "change_right"]
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
    """The decision on one receipt of a lot. One at a time is in force (REL-4)."""

    id: str
    site_id: str
    lot_id: str
    receipt_id: str
    decision: Literal["release", "reject"]
    signature_id: str
    person_id: str
    decided_at: str
    superseded_at: str | None = None
    certificate_pdf: str | None = None
    version: int = 1
