"""The proof file of a released lot (`NAME.lotgate`): everything a stranger needs but the maker's key.

The file is one canonical JSON object and a newline, so it has exactly one byte form:

    {"event":    the log event `certificate_issued`, its canonical JSON as text,
     "evidence": how it was signed: a passkey's assertion, or what the server attests,
     "format":   "lotgate-proof/1",
     "key":      the verifier key (C2SP vkey) that the checkpoint is signed with; shown, never trusted,
     "proof":    C2SP tlog-proof text: index, audit path, signed checkpoint; no extra line, one signature,
     "record":   what the signer was shown and signed}

How the parts hold each other: the checkpoint's signature holds the root, the audit path holds the event, the
event's facts hold the digests of record, evidence and PDF, and the evidence holds the record, because its
challenge is SHA-256(canonical record + nonce). Of a record that was signed in a list the evidence has `list`
besides: the challenge is that of the list's record, and an audit path leads from the record to the list's root.
The event's `seq` is its index in the log, counted from 0.
"""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec

from backend.domain.canonical import canonical
from backend.domain.merkle import leaf_hash, verify_inclusion
from backend.domain.notes import open_note, read_checkpoint, read_vkey

FORMAT = "lotgate-proof/1"
EVENT_TYPE = "certificate_issued"
TLOG_PROOF = "c2sp.org/tlog-proof@v1"


class BrokenProof(ValueError):
    """The parts do not fit together: such a proof would fail at the customer's, so it is not made."""


class PasskeyEvidence(msgspec.Struct, frozen=True, tag_field="method", tag="passkey"):
    """A WebAuthn assertion with user verification. Binary fields are base64url without padding."""

    person_id: str
    credential_id: str
    public_key: str
    """COSE key: ES256, EdDSA or RS256."""
    rp_id: str
    origin: str
    nonce: str
    authenticator_data: str
    client_data_json: str
    signature: str


class PasswordTotpEvidence(msgspec.Struct, frozen=True, tag_field="method", tag="password_totp"):
    """No signature of the person's own: the server attests that password and one-time code were right."""

    person_id: str
    nonce: str
    challenge: str
    """The challenge as for a passkey (base64url), so that this evidence fits one record only (SIG-2)."""


class Listed(msgspec.Struct, frozen=True):
    """Stands in the evidence of a record that was signed in a list: the list's record, whose challenge it is, and the
    audit path that leads from this record, the leaf at `index`, to its root. Hashes are base64."""

    record: dict[str, Any]
    index: int
    path: list[str]


Evidence = PasskeyEvidence | PasswordTotpEvidence


class Digests(msgspec.Struct, frozen=True):
    """SHA-256, lower-case hex: the facts of the event `certificate_issued`."""

    record_digest: str
    evidence_digest: str
    pdf_digest: str


class _Event(msgspec.Struct):
    """The fields of the event that a proof leans on."""

    seq: int
    type: str
    facts: Digests


def signing_challenge(record: object, nonce: bytes) -> bytes:
    """What the passkey signs: SHA-256 over the canonical record and the one-time nonce, 32 bytes."""
    return sha256(canonical(record) + nonce).digest()


def digests(record: object, evidence: object, pdf: bytes) -> Digests:
    """The three digests that the event has to hold."""
    parts = (canonical(record), canonical(evidence), pdf)
    return Digests(*(sha256(part).hexdigest() for part in parts))


def base64url(data: bytes) -> str:
    """Base64url without padding, as browsers write passkey fields."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def tlog_proof(index: int, path: Sequence[bytes], checkpoint: bytes) -> str:
    """C2SP tlog-proof text: header, index, audit path from the leaf up, empty line, signed checkpoint."""
    lines = [TLOG_PROOF, f"index {index}", *(b64encode(step).decode() for step in path), ""]
    return "\n".join(lines) + "\n" + checkpoint.decode()


def build_proof(
    record: object, evidence: object, event: bytes, path: Sequence[bytes], checkpoint: bytes, vkey: str
) -> bytes:
    """The bytes of the proof file. `event` is the event's canonical form, `checkpoint` the signed note.

    Raises BrokenProof when the event holds other digests or is not where the path says, NotCanonical for a
    record without canonical form. Signatures are not verified again: the makers of the parts did.
    """
    entry = msgspec.json.decode(event, type=_Event)
    if entry.type != EVENT_TYPE or canonical(msgspec.json.decode(event)) != event:
        raise BrokenProof("event")
    if (entry.facts.record_digest, entry.facts.evidence_digest) != (_digest(record), _digest(evidence)):
        raise BrokenProof("digests")
    text, signatures = open_note(checkpoint)
    head, key = read_checkpoint(text), read_vkey(vkey)
    if [(line.name, line.key_id) for line in signatures] != [(key.name, key.id)] or head.origin != key.name:
        raise BrokenProof("checkpoint")
    if not verify_inclusion(leaf_hash(event), entry.seq, head.size, path, head.root):
        raise BrokenProof("inclusion")
    parts = {
        "format": FORMAT,
        "key": vkey,
        "record": record,
        "evidence": evidence,
        "event": event.decode(),
        "proof": tlog_proof(entry.seq, path, checkpoint),
    }
    return canonical(parts) + b"\n"


def _digest(part: object) -> str:
    return sha256(canonical(part)).hexdigest()
