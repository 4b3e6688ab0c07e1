"""Proof files for tests: a small log with a released lot in it, made with the product's own parts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from backend.domain import certificates as cert
from backend.domain.canonical import canonical
from backend.domain.merkle import Tree, leaf_hash
from backend.domain.notes import sign_checkpoint, verifier_key
from backend.domain.proofs import (
    FORMAT,
    Evidence,
    PasskeyEvidence,
    PasswordTotpEvidence,
    base64url,
    build_proof,
    digests,
    signing_challenge,
    tlog_proof,
)
from backend.domain.words import Words
from tests.software_passkey import SoftwarePasskey

NONCE = bytes(range(32))
PDF = b"%PDF-1.7 stands for the printed certificate"
PERSON = "0190a000-0000-7000-8000-000000000001"


def result(name: str, number: int) -> cert.Result:
    return cert.Result(
        characteristic=f"C{number}",
        name=Words(en=name, zh="外径"),
        unit="mm",
        limits="4.05 … 4.15",
        sample_size=5,
        acceptance=0,
        readings=["4.10", "4.11", "4.09", "4.10", "4.12"],
        nonconforming=0,
        verdict="passed",
        by=["Li Na"],
    )


def record(
    lot: str = "TB-2611-07", credential: str | None = None, method: Any = "passkey"
) -> cert.CertificateRecord:
    """What the supervisor is shown for one lot of tubing."""
    signer = cert.Signer(PERSON, "Zhou Min 周敏", "zhou")
    statement = f"I release lot {lot}, 2000 m. I have reviewed its results."
    return cert.CertificateRecord(
        maker=Words(en="Example Infusion", zh="示例输液器械"),
        site=cert.Site("SZ1", Words(en="Suzhou plant", zh="苏州工厂"), "Asia/Shanghai"),
        item=cert.Item("RM-TUBE", Words(en="PVC tubing", zh="PVC 管"), "06901234567892"),
        lot=cert.Lot(
            lot,
            "2000",
            "m",
            "Huaxing Plastics",
            "HX-118",
            "RC-0031",
            "2026-11-20",
            "2026-10-01",
            "2028-10-01",
        ),
        verdict="passed",
        inspections=[
            cert.Inspection("IN-0042", "incoming", "IP-TUBE", 3, 5, "passed", [result("Outer diameter", 1)])
        ],
        corrections=cert.Corrections(changed_since_first_entry=True, count=1),
        decision=cert.Decision("release", "2000", "m"),
        signature=cert.Signing("release", statement, "en", 1, signer, method, credential),
    )


def passkey_evidence(passkey: SoftwarePasskey, shown: object, **wrong: Any) -> PasskeyEvidence:
    """The evidence that the server keeps of one assertion over `shown`."""
    answer: Any = passkey.sign(signing_challenge(shown, NONCE), **wrong)["response"]
    return PasskeyEvidence(
        person_id=PERSON,
        credential_id=base64url(passkey.credential_id),
        public_key=base64url(passkey.cose_key()),
        rp_id=passkey.rp_id,
        origin=wrong.get("origin", passkey.origin),
        nonce=base64url(NONCE),
        authenticator_data=answer["authenticatorData"],
        client_data_json=answer["clientDataJSON"],
        signature=answer["signature"],
    )


def attested_evidence(shown: object) -> PasswordTotpEvidence:
    return PasswordTotpEvidence(PERSON, base64url(NONCE), base64url(signing_challenge(shown, NONCE)))


@dataclass
class Maker:
    """A maker's key and log; each issue adds an event and signs a new head."""

    name: str = "maker.example/lotgate"
    secret: bytes = b"a maker's key for tests only !!!"
    tree: Tree = field(default_factory=lambda: Tree(leaf_hash(str(number).encode()) for number in range(10)))

    def __post_init__(self) -> None:
        self.key = ed25519.Ed25519PrivateKey.from_private_bytes(self.secret)
        self.vkey = str(verifier_key(self.name, self.key.public_key().public_bytes_raw()))

    def issue(self, shown: object, evidence: Evidence, *, checked: bool = True, **changed: Any) -> bytes:
        """The proof file over the record `shown`; `changed` overrides fields of the event.

        With checked=False the parts are put together whether they fit or not, as a forger would.
        """
        seq = len(self.tree)
        body = {"at": "2026-11-23T18:18:00.000000Z", "type": "certificate_issued", "seq": seq, "schema": 1}
        facts = msgspec.to_builtins(digests(shown, evidence, PDF))
        event = canonical({**body, "facts": facts, **changed})
        self.tree.append(leaf_hash(event))
        self.tree.append(leaf_hash(b"something later"))
        head = sign_checkpoint(self.vkey, len(self.tree), self.tree.root(), self.key.sign)
        path = self.tree.inclusion(seq)
        if checked:
            return build_proof(shown, evidence, event, path, head, self.vkey)
        return forged(shown, evidence, event, seq, path, head, self.vkey)


def forged(
    shown: object, evidence: object, event: bytes, index: int, path: list[bytes], head: bytes, vkey: str
) -> bytes:
    """Any parts in the right form, whether they fit or not."""
    proof = tlog_proof(index, path, head)
    parts = {"format": FORMAT, "key": vkey, "record": shown, "evidence": evidence, "event": event.decode()}
    return canonical({**parts, "proof": proof}) + b"\n"


def with_parts(file: bytes, **parts: Any) -> bytes:
    """The same file with parts replaced, in canonical form."""
    return canonical({**json.loads(file), **parts}) + b"\n"


def zhou_passkey(number: int = 1, rp_id: str = "lotgate.example") -> SoftwarePasskey:
    key = ec.derive_private_key(
        int.from_bytes(sha256(b"passkey %d" % number).digest(), "big") >> 1, ec.SECP256R1()
    )
    return SoftwarePasskey(rp_id, f"https://{rp_id}", key, b"credential %d" % number)


def good_file(maker: Maker | None = None, lot: str = "TB-2611-07") -> bytes:
    """One genuine file."""
    passkey = zhou_passkey()
    shown = record(lot, base64url(passkey.credential_id))
    return (maker or Maker()).issue(shown, passkey_evidence(passkey, shown))
