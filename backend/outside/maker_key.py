"""The maker's Ed25519 key: made once, kept in the data folder, readable by its owner alone.

It signs the log's checkpoints. Whoever reads the file can sign in the maker's name.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backend.domain.notes import Sign, verifier_key
from backend.outside.key_file import kept_key

FILE = "maker.key"


class MakerKey(msgspec.Struct, frozen=True):
    """What the log needs of the key: the public text and a way to sign."""

    vkey: str
    sign: Sign


def maker_key(folder: Path, name: str) -> MakerKey:
    """Load the key from `folder`, or make it; `name` is the log's origin, such as `maker.example/lotgate`."""
    private = kept_key(folder / FILE, Ed25519PrivateKey.generate(), "Ed25519")
    return MakerKey(str(verifier_key(name, private.public_key().public_bytes_raw())), private.sign)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does the signature hold; suits `domain.notes.open_checkpoint`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
