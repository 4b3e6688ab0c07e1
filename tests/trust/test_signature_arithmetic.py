"""The verifier's own Ed25519, P-256 and RSA against the cryptography package, and the traps of each scheme."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from backend.verify.lotgate_verify import (
    Finding,
    L,
    N,
    P,
    cose_key,
    ed25519_verify,
    p256_verify,
    rs256_verify,
)
from tests.software_passkey import cbor

MESSAGES = [sha256(bytes([number])).digest() * number for number in range(12)]


def test_ed25519_known_answer() -> None:
    """RFC 8032 7.1, test 2."""
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert ed25519_verify(public, b"\x72", signature)
    assert not ed25519_verify(public, b"\x73", signature)


def test_ed25519_agrees() -> None:
    for number, message in enumerate(MESSAGES):
        key = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(b"%d" % number).digest())
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert ed25519_verify(public, message, signature)
        for wrong in (flipped(signature, 3), flipped(signature, 40), signature[:-1], signature + b"\0"):
            assert not ed25519_verify(public, message, wrong)
        assert not ed25519_verify(flipped(public, 5), message, signature)


def test_ed25519_has_one_signature_a_message() -> None:
    """S and S + L solve the same equation; only the smaller is a signature (RFC 8032 5.1.7)."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"lot")
    larger = int.from_bytes(signature[32:], "little") + L
    assert not ed25519_verify(public, b"lot", signature[:32] + larger.to_bytes(32, "little"))


def test_ed25519_refuses_points_in_a_second_spelling() -> None:
    for y in (P, P + 1, 2**255 - 1):
        assert not ed25519_verify(y.to_bytes(32, "little"), b"", bytes(64))
    negative_zero = (1 | 1 << 255).to_bytes(32, "little")
    assert not ed25519_verify(negative_zero, b"", bytes(64))


def test_p256_agrees() -> None:
    for number, message in enumerate(MESSAGES):
        key = ec.derive_private_key(number + 1, ec.SECP256R1())
        point, signature = key.public_key().public_numbers(), key.sign(message, ec.ECDSA(SHA256()))
        assert p256_verify(point.x, point.y, message, signature)
        assert not p256_verify(point.x, point.y, message + b"x", signature)
        assert not p256_verify(point.x, point.y ^ 1, message, signature)
        assert not p256_verify(point.x, point.y, message, flipped(signature, 9))


def test_p256_edges() -> None:
    key = ec.derive_private_key(7, ec.SECP256R1())
    point = key.public_key().public_numbers()
    good = key.sign(b"lot", ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(good)
    for pair in [(0, s), (r, 0), (0, 0), (N, s), (r, N), (r + N, s), (r, s + N)]:
        assert not p256_verify(point.x, point.y, b"lot", encode_dss_signature(*pair))
    integers = good[2:]
    spellings = [
        good + b"\0", b"\x30\x81" + good[1:2] + integers, good[:1] + b"\x80" + integers + b"\0\0",
        b"\x31" + good[1:], good[:-1], b"", integers, b"\x30\x08" + b"\x02\x00" * 4,
        bytes([0x30, good[1] + 1, 0x02, good[3] + 1, 0]) + good[4:],
    ]  # fmt: skip
    assert not any(p256_verify(point.x, point.y, b"lot", der) for der in spellings)
    assert not p256_verify(0, 0, b"lot", good)


def test_rsa_agrees() -> None:
    key = rsa.generate_private_key(65537, 2048)
    modulus = key.public_key().public_numbers().n.to_bytes(256, "big")
    signature = key.sign(b"lot", padding.PKCS1v15(), SHA256())
    assert rs256_verify(modulus, b"\1\0\1", b"lot", signature)
    number = int.from_bytes(signature, "big") + int.from_bytes(modulus, "big")
    wrong = [flipped(signature, 100), signature[:-1], b"\0" + signature, number.to_bytes(257, "big")]
    assert not any(rs256_verify(modulus, b"\1\0\1", b"lot", other) for other in wrong)
    assert not rs256_verify(modulus, b"\1\0\1", b"lots", signature)
    assert not rs256_verify(modulus, b"\1", b"lot", signature)
    pss = key.sign(b"lot", padding.PSS(padding.MGF1(SHA256()), 32), SHA256())
    assert not rs256_verify(modulus, b"\1\0\1", b"lot", pss)
    with pytest.raises(InvalidSignature):
        key.public_key().verify(pss, b"lot", padding.PKCS1v15(), SHA256())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xa1", b"\xa1\x01", b"\x80", b"\xa0\x00", b"\xa2\x01\x02\x01\x02", b"\xa1\x41a\x01", b"\xa1\x18\x01\x02",
        b"\xa1\x01\x42a", b"\xbf\xff", b"\xa1\x01\xf5", b"\xa1\x01\x1b" + bytes(8), cbor({1: "text"}),
    ],
)  # fmt: skip
def test_keys_have_one_spelling(data: bytes) -> None:
    with pytest.raises(Finding):
        cose_key(data)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
