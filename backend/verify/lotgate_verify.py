#!/usr/bin/env python3
"""Check the certificate of a released lot without its maker's server, a network or any library (Python 3.9).

    python3 lotgate_verify.py LOT.lotgate --key MAKER.vkey [--pdf LOT.pdf] [--json] [--lang zh|en]

Ends with 0 genuine, 1 not genuine, 2 no proof file, 3 consistent, but signed by a key that you did not name.
Get MAKER.vkey from the maker by a way that you trust; the key inside the file proves nothing by itself.

| what is checked | by |
|---|---|
| the bytes are the one canonical form (RFC 8785) | read_container |
| checkpoint: C2SP signed-note, tlog-checkpoint, Ed25519 (RFC 8032) | check_checkpoint |
| the event stands in the log: C2SP tlog-proof, RFC 6962 2.1.1, at its own sequence number | check_event |
| record, evidence and PDF are those that the event names (SHA-256) | check_digests |
| signed in a list: the record is in it, RFC 6962 2.1.1 | check_list |
| the person's passkey signed this record, or its list: WebAuthn 7.2, ES256, EdDSA or RS256 | check_evidence |
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

EXACT = 2**53
MOST_BYTES = 4 << 20
DEPTH = 64
PARTS = ["event", "evidence", "format", "key", "proof", "record"]
PASSKEY = {
    "authenticator_data", "client_data_json", "credential_id", "method", "nonce", "origin", "person_id",
    "public_key", "rp_id", "signature",
}  # fmt: skip
PASSWORD_TOTP = {"challenge", "method", "nonce", "person_id"}


class Answer(NamedTuple):
    """What came out: `code` is the exit code, `reason` one of WORDS, `detail` says where."""

    code: int
    reason: str
    detail: str = ""
    fingerprint: str = ""
    key_name: str = ""
    record: dict[str, Any] | None = None
    event: dict[str, Any] | None = None
    method: str = ""
    pdf: str = "not_checked"

    @property
    def answer(self) -> str:
        return ("yes", "no", "unreadable", "unknown_key")[self.code]


class Finding(Exception):
    """Something is wrong; ends the check."""

    def __init__(self, reason: str, detail: str = "", code: int = 1) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.code = reason, detail, code


class Key(NamedTuple):
    """A C2SP verifier key: name, 4-byte id, 32-byte Ed25519 public key."""

    name: str
    id: bytes
    public: bytes

    @property
    def fingerprint(self) -> str:
        return sha256(self.public).hex()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


# --- the one form of the bytes: RFC 8785 without floats, strict base64 ----------------------------


class NotWhole:
    """Stands for a number that is no whole number below 2**53."""


def _whole(text: str) -> Any:
    return int(text) if len(text) < 18 and -EXACT < int(text) < EXACT else NotWhole()


def parse(text: str) -> Any:
    """JSON text to values; ValueError when it is no JSON."""
    return json.loads(text, parse_int=_whole, parse_float=lambda _: NotWhole(), parse_constant=_refuse)


def _refuse(name: str) -> Any:
    raise ValueError(name)


def canonical(value: Any, depth: int = 0) -> str:
    """The canonical text of parsed JSON; raises Finding for what has none."""
    if depth > DEPTH or isinstance(value, NotWhole):
        raise Finding("not_canonical")
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(k)}:{canonical(v, depth + 1)}" for k, v in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(inner, depth + 1) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def is_canonical(value: Any, text: str) -> bool:
    try:
        return canonical(value).encode() == text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        raise Finding("not_canonical") from None


def base64_strict(text: Any, url: bool = False) -> bytes:
    """Base64 in its one form: padded standard alphabet, or base64url without padding; Finding otherwise."""
    try:
        padded = text + "=" * (-len(text) % 4) if url else text
        data = base64.b64decode(padded.encode("ascii"), b"-_" if url else None, validate=True)
    except (AttributeError, TypeError, ValueError):
        raise Finding("malformed", "base64") from None
    again = base64.urlsafe_b64encode(data).rstrip(b"=") if url else base64.b64encode(data)
    if again.decode() != text:
        raise Finding("malformed", "base64")
    return data


# --- the file -------------------------------------------------------------------------------------


def read_container(data: bytes) -> dict[str, Any]:
    """The six parts of a proof file; Finding with code 2 when it is none."""
    if len(data) > MOST_BYTES:
        raise Finding("not_a_proof", "size", 2)
    try:
        text = data.decode("utf-8")
        parts = parse(text)
    except (ValueError, RecursionError):
        raise Finding("not_json", code=2) from None
    if not isinstance(parts, dict) or parts.get("format") != "lotgate-proof/1":
        raise Finding("not_a_proof", code=2)
    if text[-1:] != "\n" or not is_canonical(parts, text[:-1]):
        raise Finding("not_canonical")
    if sorted(parts) != PARTS or not all(isinstance(parts[name], str) for name in ("event", "key", "proof")):
        raise Finding("malformed", "parts")
    if not isinstance(parts["record"], dict) or not isinstance(parts["evidence"], dict):
        raise Finding("malformed", "parts")
    return parts


def read_key(text: str) -> Key:
    """A vkey, `name+id+base64`; its id must follow from name and key."""
    found = re.fullmatch(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
    if not found:
        raise Finding("key_malformed")
    name, identity, data = found[1], bytes.fromhex(found[2]), base64_strict(found[3])
    if len(data) != 33 or data[0] != 1 or sha256(name.encode() + b"\n" + data)[:4] != identity:
        raise Finding("key_malformed")
    return Key(name, identity, data[1:])


class LogProof(NamedTuple):
    """A C2SP tlog-proof taken apart."""

    place: int
    path: list[bytes]
    size: int
    root: bytes
    text: bytes
    signer: str
    key_id: bytes
    signature: bytes
    origin: str


_HASH = r"[A-Za-z0-9+/]{43}="
_PROOF = re.compile(
    rf"c2sp\.org/tlog-proof@v1\nindex (0|[1-9][0-9]{{0,14}})\n((?:{_HASH}\n){{0,64}})\n"
    rf"(([!-*,-~]+)\n(0|[1-9][0-9]{{0,14}})\n({_HASH})\n)\n\u2014 ([!-*,-~]+) ([A-Za-z0-9+/]+=*)\n"
)


def read_proof(text: str) -> LogProof:
    found = _PROOF.fullmatch(text)
    if not found:
        raise Finding("malformed", "proof")
    path = [base64_strict(line) for line in found[2].split("\n")[:-1]]
    signed = base64_strict(found[8])
    if len(signed) != 68:
        raise Finding("malformed", "proof")
    root, index, size = base64_strict(found[6]), int(found[1]), int(found[5])
    note, origin, signer = found[3].encode(), found[4], found[7]
    return LogProof(index, path, size, root, note, signer, signed[:4], signed[4:], origin)


# --- the checks, in this order --------------------------------------------------------------------


def check_checkpoint(proof: LogProof, key: Key) -> None:
    if (proof.signer, proof.key_id, proof.origin) != (key.name, key.id, key.name):
        raise Finding("key_differs")
    if not ed25519_verify(key.public, proof.text, proof.signature):
        raise Finding("checkpoint_signature")


def check_event(text: str, proof: LogProof) -> dict[str, Any]:
    """The event, once it is shown to stand in the log."""
    if not in_tree(sha256(b"\x00" + text.encode()), proof.place, proof.size, proof.path, proof.root):
        raise Finding("not_in_log")
    try:
        event = parse(text)
    except (ValueError, RecursionError):
        raise Finding("malformed", "event") from None
    if not isinstance(event, dict) or not is_canonical(event, text):
        raise Finding("malformed", "event")
    if event.get("type") != "certificate_issued":
        raise Finding("event_type")
    if isinstance(event.get("seq"), bool) or event.get("seq") != proof.place:
        raise Finding("event_place")
    if not isinstance(event.get("facts"), dict) or not isinstance(event.get("at"), str):
        raise Finding("malformed", "event")
    return event


def in_tree(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 6962 2.1.1, walked as in RFC 9162 2.1.3.2."""
    if index >= size:
        return False
    place, last, hashed = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = sha256(b"\x01" + step + hashed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = sha256(b"\x01" + hashed + step)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == root


def check_digests(parts: dict[str, Any], facts: dict[str, Any], pdf: bytes | None) -> None:
    for name in ("record", "evidence"):
        if facts.get(f"{name}_digest") != sha256(canonical(parts[name]).encode()).hex():
            raise Finding(f"{name}_differs")
    if not re.fullmatch(r"[0-9a-f]{64}", str(facts.get("pdf_digest"))):
        raise Finding("malformed", "event")
    if pdf is not None and facts["pdf_digest"] != sha256(pdf).hex():
        raise Finding("pdf_differs")


def check_evidence(record: dict[str, Any], evidence: dict[str, Any]) -> None:
    """The evidence is about this record, by the person and the means that the record names."""
    if not all(name in record for name in ("lot", "item", "verdict")):
        raise Finding("malformed", "record")
    signing = record.get("signature")
    signer = signing.get("signer") if isinstance(signing, dict) else None
    if not isinstance(signing, dict) or not isinstance(signer, dict):
        raise Finding("malformed", "record")
    in_list = "list" in evidence
    listed = evidence.get("list")
    evidence = {name: value for name, value in evidence.items() if name != "list"}
    fields = {"passkey": PASSKEY, "password_totp": PASSWORD_TOTP}.get(str(evidence.get("method")))
    if fields is None or set(evidence) != fields or not all(isinstance(v, str) for v in evidence.values()):
        raise Finding("malformed", "evidence")
    named = signing.get("credential_id")
    if signer.get("person_id") != evidence["person_id"] or signing.get("method") != evidence["method"]:
        raise Finding("signer_differs")
    if named is not None and named != evidence.get("credential_id"):
        raise Finding("signer_differs")
    nonce = base64_strict(evidence["nonce"], url=True)
    if not 16 <= len(nonce) <= 64:
        raise Finding("malformed", "evidence")
    signed = check_list(record, listed) if in_list else record
    challenge = base64.urlsafe_b64encode(sha256(canonical(signed).encode() + nonce)).rstrip(b"=").decode()
    if evidence["method"] == "passkey":
        check_passkey(evidence, challenge)
    elif evidence["challenge"] != challenge:
        raise Finding("challenge_differs")


def check_list(record: dict[str, Any], listed: Any) -> dict[str, Any]:
    """The record of the list that the person signed once, after this record is shown to be in it."""
    if not isinstance(listed, dict) or sorted(listed) != ["index", "path", "record"]:
        raise Finding("malformed", "list")
    signed, path = listed["record"], listed["path"]
    if not isinstance(signed, dict) or signed.get("format") != "lotgate-list/1" or not isinstance(path, list):
        raise Finding("malformed", "list")
    index, count = _whole_number(listed["index"]), _whole_number(signed.get("count"))
    about, mine = signed.get("signature"), record["signature"]
    if not isinstance(about, dict) or any(
        about.get(name) != mine.get(name) for name in ("signer", "method", "meaning")
    ):
        raise Finding("signer_differs")
    steps, root = [base64_strict(step) for step in path], base64_strict(signed.get("root"))
    if not in_tree(sha256(b"\x00" + canonical(record).encode()), index, count, steps, root):
        raise Finding("not_in_list")
    return signed


def _whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Finding("malformed", "list")
    return value


def check_passkey(evidence: dict[str, Any], challenge: str) -> None:
    """WebAuthn Level 3, 7.2: type, challenge, origin, relying party, presence, verification, signature."""
    names = ("public_key", "authenticator_data", "client_data_json", "signature", "credential_id")
    key, data, client_json, signature, _ = (base64_strict(evidence[name], url=True) for name in names)
    try:
        client = parse(client_json.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Finding("malformed", "client_data") from None
    if not isinstance(client, dict) or client.get("type") != "webauthn.get":
        raise Finding("malformed", "client_data")
    if client.get("challenge") != challenge:
        raise Finding("challenge_differs")
    host = re.fullmatch(r"https?://([a-z0-9.-]+)(:[0-9]+)?", evidence["origin"])
    if client.get("origin") != evidence["origin"] or client.get("crossOrigin") is True or not host:
        raise Finding("passkey_origin")
    if host[1] != evidence["rp_id"] and not host[1].endswith("." + evidence["rp_id"]):
        raise Finding("passkey_origin")
    if len(data) < 37 or data[:32] != sha256(evidence["rp_id"].encode()):
        raise Finding("passkey_origin")
    if data[32] & 0x05 != 0x05:  # user present, user verified
        raise Finding("not_verified_user")
    if not cose_verify(key, data + sha256(client_json), signature):
        raise Finding("passkey_signature")


def verify(data: bytes, keys: Sequence[Key], pdf: bytes | None = None) -> Answer:
    """Check a proof file's bytes against the keys that the reader trusts."""
    try:
        parts = read_container(data)
        key = read_key(parts["key"])
        proof = read_proof(parts["proof"])
        check_checkpoint(proof, key)
        event = check_event(parts["event"], proof)
        check_digests(parts, event["facts"], pdf)
        check_evidence(parts["record"], parts["evidence"])
    except Finding as finding:
        return Answer(finding.code, finding.reason, finding.detail)
    code, reason = (0, "genuine") if key in keys else (3, "key_unknown")
    seen = "not_checked" if pdf is None else "same"
    method = parts["evidence"]["method"]
    return Answer(code, reason, "", key.fingerprint, key.name, parts["record"], event, method, seen)


# --- Ed25519: RFC 8032 5.1, cofactorless, canonical encodings only --------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _ed_add(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def _ed_point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does the 64-byte signature of the 32-byte key hold over the message?"""
    key = _ed_point(public) if len(public) == 32 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    base = _ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    assert base is not None
    minus = (P - key[0], key[1], 1, P - key[3])
    x, y, z, _ = _both(base, s, minus, h, (0, 1, 1, 0), _ed_add)
    inverse = pow(z, P - 2, P)
    encoded = (y * inverse % P) | ((x * inverse % P & 1) << 255)
    return bool(encoded.to_bytes(32, "little") == signature[:32])


def _both(a: Any, times_a: int, b: Any, times_b: int, zero: Any, add: Callable[[Any, Any], Any]) -> Any:
    """times_a * a + times_b * b (Shamir's trick). Not constant in time: nothing here is secret."""
    table, total = (zero, a, b, add(a, b)), zero
    for bit in range(max(times_a.bit_length(), times_b.bit_length()) - 1, -1, -1):
        total = add(total, total)
        pick = (times_a >> bit & 1) | (times_b >> bit & 1) << 1
        if pick:
            total = add(total, table[pick])
    return total


# --- ECDSA on P-256 (FIPS 186-5) and RSA PKCS #1 v1.5 (RFC 8017 8.2.2), both with SHA-256 ---------

Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    1,
)


def _p256_add(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    """Jacobian coordinates; z = 0 is the neutral point."""
    if not a[2] or not b[2]:
        return a if not b[2] else b
    z1, z2 = a[2] * a[2] % Q, b[2] * b[2] % Q
    u, s = a[0] * z2 % Q, a[1] * z2 * b[2] % Q
    h, r = (b[0] * z1 - u) % Q, (b[1] * z1 * a[2] - s) % Q
    if h == 0:
        return _p256_double(a) if r == 0 else (1, 1, 0)
    h2 = h * h % Q
    h3, v = h * h2 % Q, u * h2 % Q
    x = (r * r - h3 - 2 * v) % Q
    return x, (r * (v - x) - s * h3) % Q, a[2] * b[2] * h % Q


def _p256_double(a: tuple[int, int, int]) -> tuple[int, int, int]:
    x, y, z = a
    zz, yy = z * z % Q, y * y % Q
    s, m = 4 * x * yy % Q, 3 * (x - zz) * (x + zz) % Q
    x2 = (m * m - 2 * s) % Q
    return x2, (m * (s - x2) - 8 * yy * yy) % Q, 2 * y * z % Q


def p256_verify(x: int, y: int, message: bytes, der: bytes) -> bool:
    """Does the DER signature of the public point hold over the message?"""
    if x >= Q or y >= Q or (y * y - x * x * x + 3 * x - B) % Q:
        return False
    r, s = _der_pair(der)
    if not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, N - 2, N)
    e = int.from_bytes(sha256(message), "big")
    px, _, pz = _both(G, e * w % N, (x, y, 1), r * w % N, (1, 1, 0), _p256_add)
    return bool(pz) and px * pow(pz, Q - 3, Q) % Q % N == r


def _der_pair(der: bytes) -> tuple[int, int]:
    """SEQUENCE of two INTEGERs in their shortest form; (0, 0) for anything else."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2 or der[1] > 127:
        return 0, 0
    numbers, rest = [], der[2:]
    while rest:
        length = rest[1] if len(rest) > 1 else 0
        body = rest[2 : 2 + length]
        long = len(body) > 1 and body[0] == 0 and body[1] < 128
        if rest[0] != 2 or not body or len(body) != length or body[0] > 127 or long:
            return 0, 0
        numbers.append(int.from_bytes(body, "big"))
        rest = rest[2 + length :]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)


def rs256_verify(modulus: bytes, exponent: bytes, message: bytes, signature: bytes) -> bool:
    n, e, size = int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big"), len(modulus)
    s = int.from_bytes(signature, "big")
    if not 2048 <= n.bit_length() <= 8192 or size != (n.bit_length() + 7) // 8 or len(signature) != size:
        return False
    if not 3 <= e < 2**32 or not e & 1 or s >= n:
        return False
    tail = bytes.fromhex("3031300d060960864801650304020105000420") + sha256(message)
    return (
        pow(s, e, n).to_bytes(size, "big") == b"\x00\x01" + b"\xff" * (size - 3 - len(tail)) + b"\x00" + tail
    )


# --- COSE keys (RFC 9053) in CBOR (RFC 8949) ------------------------------------------------------


def _cbor(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument and next position; definite lengths in their shortest form."""
    first = data[at]
    major, short = first >> 5, first & 31
    if short < 24:
        return major, short, at + 1
    size = {24: 1, 25: 2, 26: 4}.get(short, 0)
    argument = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    if not size or argument < (24, 256, 0, 65536)[size - 1] or at + 1 + size > len(data):
        raise Finding("malformed", "public_key")
    return major, argument, at + 1 + size


def cose_key(data: bytes) -> dict[int, Any]:
    """A map of whole numbers to whole numbers or byte strings."""
    key: dict[int, Any] = {}
    try:
        major, count, at = _cbor(data, 0)
        if major != 5:
            raise Finding("malformed", "public_key")
        for _ in range(count):
            pair: list[Any] = []
            for _ in range(2):
                kind, value, at = _cbor(data, at)
                if kind == 2:
                    pair.append(data[at : at + value])
                    at += value
                elif kind in (0, 1):
                    pair.append(-1 - value if kind else value)
                else:
                    raise Finding("malformed", "public_key")
            if isinstance(pair[0], bytes) or pair[0] in key:
                raise Finding("malformed", "public_key")
            key[pair[0]] = pair[1]
    except IndexError:
        raise Finding("malformed", "public_key") from None
    if at != len(data):
        raise Finding("malformed", "public_key")
    return key


def cose_verify(key_data: bytes, message: bytes, signature: bytes) -> bool:
    key = cose_key(key_data)
    kind = (key.get(1), key.get(3), key.get(-1) if key.get(1) != 3 else None)
    x, y = key.get(-2), key.get(-3)
    if kind == (2, -7, 1) and isinstance(x, bytes) and isinstance(y, bytes) and len(x) == len(y) == 32:
        return p256_verify(int.from_bytes(x, "big"), int.from_bytes(y, "big"), message, signature)
    if kind == (1, -8, 6) and isinstance(x, bytes):
        return ed25519_verify(x, message, signature)
    n = key.get(-1)
    if kind == (3, -257, None) and isinstance(n, bytes) and isinstance(x, bytes):
        return rs256_verify(n, x, message, signature)
    raise Finding("malformed", "public_key")


# --- words ----------------------------------------------------------------------------------------

WORDS = {
    "genuine": ("证书真实，内容未被改动。", "The certificate is genuine and unchanged."),
    "key_unknown": (
        "文件前后一致，但签名密钥不在您信任的密钥之中。请向制造商核对指纹。",
        "Consistent, but signed with a key that you do not trust. Compare fingerprints with the maker.",
    ),
    "unreadable": ("文件无法打开。", "The file can't be opened."),
    "not_json": ("这不是证明文件，或文件已损坏。", "This is no proof file, or it is damaged."),
    "not_a_proof": ("这不是 Lotgate 证明文件。", "This is not a Lotgate proof file."),
    "not_canonical": ("文件的字节被改动过。", "The bytes of the file have been changed."),
    "malformed": ("文件的一部分格式不正确", "A part of the file is not well formed"),
    "key_malformed": ("文件中的制造商密钥被改动过。", "The maker's key in the file has been changed."),
    "key_differs": (
        "日志检查点不属于文件所写的制造商密钥。",
        "The log's checkpoint does not belong to the maker's key in the file.",
    ),
    "checkpoint_signature": (
        "日志检查点的签名无效。",
        "The signature of the log's checkpoint does not hold.",
    ),
    "not_in_log": ("该事件不在制造商的日志中。", "The event does not stand in the maker's log."),
    "event_type": ("日志事件不是签发证书的事件。", "The log's event does not issue a certificate."),
    "event_place": ("事件的序号与其在日志中的位置不符。", "The event's number is not its place in the log."),
    "record_differs": ("放行记录与日志所记不同。", "The released record is not the one in the log."),
    "evidence_differs": ("签名证据与日志所记不同。", "The evidence of signing is not the one in the log."),
    "pdf_differs": ("PDF 与日志所记的不是同一份。", "The PDF is not the one in the log."),
    "signer_differs": (
        "签名证据属于另一个人或另一种方式。",
        "The evidence is another person's or another method's.",
    ),
    "not_in_list": ("该记录不在所签的清单中。", "The record is not in the list that was signed."),
    "challenge_differs": ("签名针对的是另一份记录。", "The signature was made for another record."),
    "passkey_origin": ("通行密钥签名来自另一个网站。", "The passkey signed at another site."),
    "not_verified_user": ("签名时未验证本人身份。", "The person was not verified when signing."),
    "passkey_signature": ("签名人的通行密钥签名无效。", "The signer's passkey signature does not hold."),
}
HEADS = {
    "yes": ("是：证书有效", "YES: the certificate holds"),
    "no": ("否：证书无效", "NO: the certificate does not hold"),
    "unreadable": ("无法读取", "UNREADABLE"),
    "unknown_key": ("未确认：密钥未知", "NOT CONFIRMED: unknown key"),
}
METHODS = {
    "passkey": ("签名人的通行密钥（已验证本人）", "the signer's own passkey, person verified"),
    "password_totp": (
        "由服务器证明（密码和一次性验证码）",
        "attested by the server (password and one-time code)",
    ),
}
PDFS = {
    "same": ("与日志所记一致", "the one in the log"),
    "not_checked": ("未检查（用 --pdf）", "not checked (use --pdf)"),
}
CODES = {
    "passed": ("合格", "passed"),
    "failed": ("不合格", "failed"),
    "not_inspected": ("未在 Lotgate 检验", "not inspected in Lotgate"),
    "release": ("放行", "release"),
    "take_over": ("接管：启用 Lotgate 前在纸面上放行", "taken over: released on paper before Lotgate"),
    "reject": ("拒收", "reject"),
    "conditional": ("有条件放行，不得发货", "conditional release, not for shipping"),
    "concession": ("让步接收", "concession"),
    "production": ("生产放行，未作上市放行", "production release, not for the market"),
}
LIMITS = (
    "证书说明签发当时的情况；之后是否撤销，请询问制造商。",
    "The certificate tells how things stood when it was issued; ask the maker whether it was revoked since.",
)


def _text(value: Any, lang: int) -> str:
    """A field for people: text in the reader's language, on one line."""
    if isinstance(value, dict):
        value = value.get("en" if lang else "zh", value.get("number", value.get("code", "")))
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    shown = CODES[shown][lang] if shown in CODES else shown
    return "".join(c if c.isprintable() else "\ufffd" for c in shown)[:200]


def fields(answer: Answer, lang: int) -> list[tuple[str, str]]:
    """The main fields of the record, named, in the reader's language."""
    record, event = answer.record or {}, answer.event or {}
    lot, item, signing = record["lot"], record["item"], record["signature"]
    inner = item.get("name", item) if isinstance(item, dict) else item
    decision = record.get("decision")
    done = decision.get("disposition") if isinstance(decision, dict) else signing.get("meaning")
    much = f"{decision.get('quantity', '')} {decision.get('unit', '')}" if isinstance(decision, dict) else ""
    rows = [
        ("制造商", "maker", record.get("maker", "")),
        ("批号", "lot", lot),
        ("物料", "item", inner),
        ("检验结论", "verdict", record["verdict"]),
        ("处置", "decision", done),
        ("数量", "quantity decided", much),
        ("签名人", "signed by", signing["signer"].get("name", "")),
        ("含义", "meaning", signing.get("statement", signing.get("meaning", ""))),
        ("签发时间", "issued at", event["at"]),
        ("签名方式", "signed with", METHODS[answer.method][lang]),
        ("日志序号", "place in log", event["seq"]),
        ("PDF", "PDF", PDFS[answer.pdf][lang]),
        ("密钥", "key", answer.key_name),
        ("密钥指纹", "fingerprint", answer.fingerprint),
    ]
    return [((zh, en)[lang], _text(value, lang)) for zh, en, value in rows]


def report(answer: Answer, lang: int) -> str:
    """What a person reads; `lang` 0 Chinese, 1 English."""
    where = f": {answer.detail}" if answer.detail else ""
    lines = [HEADS[answer.answer][lang], WORDS[answer.reason][lang] + where]
    if answer.record is not None:
        lines += [f"  {name}: {value}" for name, value in fields(answer, lang)] + [LIMITS[lang]]
    return "\n".join(lines)


def as_json(answer: Answer) -> str:
    """The same for programs."""
    body = {
        **answer._asdict(),
        "answer": answer.answer,
        "attested_by_server": answer.method == "password_totp",
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the proof file, NAME.lotgate")
    parser.add_argument("--key", action="append", default=[], help="file with the maker's vkeys, one a line")
    parser.add_argument("--pdf", help="the printed certificate, to be compared as well")
    parser.add_argument("--json", action="store_true", help="answer for programs")
    parser.add_argument("--lang", choices=["zh", "zh-CN", "en"], default="en")


def load_keys(paths: Sequence[str]) -> list[Key]:
    """The keys in files of one vkey a line; empty lines and lines after # are skipped."""
    keys = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file]
        keys += [read_key(line) for line in lines if line and not line.startswith("#")]
    return keys


def run(args: argparse.Namespace) -> int:
    """Check, print, return the exit code."""
    try:
        keys, pdf = load_keys(args.key), None
        with open(args.file, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        if args.pdf:
            with open(args.pdf, "rb") as file:
                pdf = file.read()
        answer = verify(data, keys, pdf)
    except (OSError, UnicodeDecodeError) as error:
        answer = Answer(2, "unreadable", str(getattr(error, "filename", "") or ", ".join(args.key)))
    except Finding as finding:  # a key file that holds no key
        answer = Answer(2, "unreadable", f"{', '.join(args.key)} ({finding.reason})")
    print(as_json(answer) if args.json else report(answer, 1 if args.lang == "en" else 0))
    return answer.code


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the certificate of a released lot, offline.")
    add_arguments(parser)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
