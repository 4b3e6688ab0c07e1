"""The maker's Ed25519 key: made once, kept in the data folder, readable by its owner alone.

It signs the log's checkpoints. Whoever reads the file can sign in the maker's name, so it is created with
mode 0600 from its first byte, and a file that others can read is refused.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backend.domain.notes import Sign, verifier_key

FILE = "maker.key"


class MakerKey(msgspec.Struct, frozen=True):
    """What the log needs of the key: the public text and a way to sign."""

    vkey: str
    sign: Sign


class UnsafeKeyFile(RuntimeError):
    """The key file can be read or written by others, or holds no Ed25519 key."""


def maker_key(folder: Path, name: str) -> MakerKey:
    """Load the key from `folder`, or make it; `name` is the log's origin, such as `maker.example/lotgate`."""
    path = folder / FILE
    private = _load(path) if path.exists() else _make(path)
    return MakerKey(str(verifier_key(name, private.public_key().public_bytes_raw())), private.sign)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does the signature hold; suits `domain.notes.open_checkpoint`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> Ed25519PrivateKey:
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # refuses to replace a key that another process made meanwhile
    except FileExistsError:
        return _load(path)
    finally:
        fresh.unlink()
    return private


def _load(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & 0o077:
        raise UnsafeKeyFile(f"{path.name} can be read by others: chmod 600 {path.name}")
    private = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise UnsafeKeyFile(f"{path.name} holds no Ed25519 key")
    return private
