"""A passkey in software: answers like `navigator.credentials`, as the JSON that browsers give.

Real keys and real WebAuthn bytes, so the server's library and our verifier check them like any other. ES256
signatures are deterministic (RFC 6979), so that a test's bytes are the same in each run.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

Algorithm = Literal["ES256", "EdDSA", "RS256"]
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def cbor(value: object) -> bytes:
    """Just enough of RFC 8949: whole numbers, bytes, text, maps, in shortest form."""
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    assert isinstance(value, Mapping)
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(inner) for key, inner in value.items())


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    size = 1 if argument < 256 else 2
    return bytes([major << 5 | (23 + size)]) + argument.to_bytes(size, "big")


def new_private_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


class SoftwarePasskey:
    """One credential of one person at one site."""

    def __init__(
        self,
        rp_id: str = "localhost",
        origin: str = "http://localhost:8000",
        private_key: PrivateKey | None = None,
        credential_id: bytes = b"software passkey",
        user_handle: bytes = b"person",
    ) -> None:
        self.rp_id, self.origin, self.user_handle = rp_id, origin, user_handle
        self.private_key = private_key or new_private_key("ES256")
        self.credential_id = credential_id

    def register(self, challenge: bytes) -> dict[str, object]:
        """The answer to `credentials.create`, with attestation "none"."""
        credential = len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.cose_key()
        data = self._authenticator_data(PRESENT | VERIFIED | ATTESTED) + bytes(16) + credential
        response = {
            "clientDataJSON": base64url(self._client_data("webauthn.create", challenge, self.origin)),
            "attestationObject": base64url(cbor({"fmt": "none", "attStmt": {}, "authData": data})),
            "transports": ["internal"],
        }
        return self._credential(response)

    def sign(
        self,
        challenge: bytes,
        *,
        user_verified: bool = True,
        origin: str | None = None,
        kind: str = "webauthn.get",
    ) -> dict[str, object]:
        """The answer to `credentials.get` over `challenge`; the keywords make it wrong on purpose."""
        data = self._authenticator_data(PRESENT | (VERIFIED if user_verified else 0))
        client = self._client_data(kind, challenge, origin or self.origin)
        response = {
            "clientDataJSON": base64url(client),
            "authenticatorData": base64url(data),
            "signature": base64url(self._sign(data + sha256(client).digest())),
            "userHandle": base64url(self.user_handle),
        }
        return self._credential(response)

    def cose_key(self) -> bytes:
        """The public key as COSE (RFC 9053)."""
        public = self.private_key.public_key()
        if isinstance(public, ec.EllipticCurvePublicKey):
            numbers = public.public_numbers()
            x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
            return cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        if isinstance(public, ed25519.Ed25519PublicKey):
            return cbor({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        modulus = public.public_numbers().n
        return cbor({1: 3, 3: -257, -1: modulus.to_bytes(public.key_size // 8, "big"), -2: b"\x01\x00\x01"})

    def _authenticator_data(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + bytes(4)

    def _client_data(self, kind: str, challenge: bytes, origin: str) -> bytes:
        data = {"type": kind, "challenge": base64url(challenge), "origin": origin, "crossOrigin": False}
        return json.dumps(data, separators=(",", ":")).encode()

    def _sign(self, message: bytes) -> bytes:
        key = self.private_key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(message, ec.ECDSA(SHA256(), deterministic_signing=True))
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(message)
        return key.sign(message, padding.PKCS1v15(), SHA256())

    def _credential(self, response: Mapping[str, object]) -> dict[str, object]:
        name = base64url(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": dict(response),
        }
