"""The certificate of a released lot: the record that the signer is shown and signs, and what is printed too.

The record holds no signing time: a person can't sign a time that has not come. The time stands in the
signature and in the log event, and is printed on the certificate (11.50). Quantities, limits and readings are
text with the digits as entered; dates are `YYYY-MM-DD`; names of master data are in each language.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.inspections import Stage
from backend.domain.signatures import Meaning, Method
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-record/1"
Language = Literal["zh", "en"]
Verdict = Literal["passed", "failed"]
LotVerdict = Literal[Verdict, "not_inspected"]
"""Of a lot that was not inspected here nothing is said: it was taken over, or is used at risk."""


class Site(msgspec.Struct, frozen=True):
    """Where the decision is taken; `zone` is an IANA name."""

    code: str
    name: Words
    zone: str


class Item(msgspec.Struct, frozen=True):
    """What the lot is a lot of."""

    code: str
    name: Words
    device_identifier: str | None = None


class Lot(msgspec.Struct, frozen=True):
    """The lot and, for what was bought, where it came from."""

    number: str
    quantity: str
    unit: str
    supplier: str | None = None
    supplier_lot: str | None = None
    receipt: str | None = None
    received_on: str | None = None
    made_on: str | None = None
    expires_on: str | None = None


class Result(msgspec.Struct, frozen=True):
    """One characteristic: `sample_size` units read, `acceptance` nonconforming ones allowed."""

    characteristic: str
    name: Words
    unit: str | None
    limits: str
    sample_size: int
    acceptance: int
    readings: list[str]
    nonconforming: int
    verdict: Verdict
    by: list[str]


class Inspection(msgspec.Struct, frozen=True):
    """One inspection with all its results, judged under one frozen plan version."""

    number: str
    stage: Stage
    plan: str
    plan_version: int
    sample_size: int
    verdict: Verdict
    results: list[Result]


class Corrections(msgspec.Struct, frozen=True):
    """Was any data changed since it was first entered (Annex 11 8.2, AUD-5), and how often."""

    changed_since_first_entry: bool
    count: int


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part that a decision is about: a portion by its id, how much of it, and where it lies.

    `used`: how much more of it was used at risk already, under a conditional release.
    """

    portion: str
    quantity: str
    location: str
    container: str | None = None
    used: str | None = None


class MissingLabels(msgspec.Struct, frozen=True):
    """Labels of the lot that nobody could find: how many of how many, what was said of it and who accepted it
    (QUA-9)."""

    count: int
    printed: int
    reasons: list[str]
    accepted_by: list[str]


class Stands(msgspec.Struct, frozen=True):
    """Of inspections that asked the same question: which one stands, beside which, and why (SMP-6)."""

    inspection: str
    beside: list[str]
    reason: str


class Delegated(msgspec.Struct, frozen=True):
    """For whom the signer decides, by printed name, and until which day (REL-3)."""

    by: str
    until: str


class TakenOver(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the old system said of stock that lay here before Lotgate, from which file, and who imported that.

    `released_by` on `released_on` by `reference`: the release on paper, where there was one. No signature of Lotgate's.
    """

    old_number: str
    status: str
    file: str
    sha256: str
    line: int
    imported_by: str
    imported_on: str
    released_by: str | None = None
    released_on: str | None = None
    reference: str | None = None


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is decided about how much.

    `parts` is empty where the decision is about all that the receipt holds; otherwise `left` is what stays
    undecided.
    """

    disposition: Meaning
    quantity: str
    unit: str
    parts: list[Part] = []
    left: str | None = None
    condition: str | None = None
    ends_on: str | None = None
    missing_labels: MissingLabels | None = None
    stands: list[Stands] = []
    delegated: Delegated | None = None
    taken_over: TakenOver | None = None


class Signer(msgspec.Struct, frozen=True):
    """Who signs; `name` is the printed name (11.50)."""

    person_id: str
    name: str
    login: str


class Signing(msgspec.Struct, frozen=True):
    """The meaning chosen, the very sentence signed, by whom and by which means.

    `credential_id` (base64url) may be None when the person has several passkeys; then the evidence names it.
    """

    meaning: Meaning
    statement: str
    language: Language
    wording_version: int
    signer: Signer
    method: Method
    credential_id: str | None = None


class CertificateRecord(msgspec.Struct, frozen=True):
    """What the signer was shown and signed; its canonical form is the record of the proof file."""

    maker: Words
    site: Site
    item: Item
    lot: Lot
    verdict: LotVerdict
    inspections: list[Inspection]
    corrections: Corrections
    decision: Decision
    signature: Signing
    format: str = RECORD_FORMAT


class Certificate(msgspec.Struct, frozen=True):
    """The record with what is known only after signing.

    `signed_at` is UTC (`2026-11-23T18:18:00.000000Z`); `checkpoint` is the log's last signed head before the
    certificate, without its signature lines, or None; `fingerprint` is that of the maker's key, hex.
    """

    record: CertificateRecord
    signed_at: str
    signature_id: str
    record_digest: str
    fingerprint: str
    checkpoint: str | None = None


LIST_FORMAT = "lotgate-list/1"


class ListRecord(msgspec.Struct, frozen=True):
    """What is signed once for many lots: how many records, and the root of the tree over them (RFC 6962), base64.

    Each record is a `CertificateRecord` of its own, as its canonical bytes; that it was among them a path proves, so
    that one lot's certificate says nothing of the others.
    """

    maker: Words
    site: Site
    count: int
    root: str
    signature: Signing
    format: str = LIST_FORMAT
