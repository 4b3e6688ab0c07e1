"""A private key in a file of its own: made once, with mode 0600 from its first byte; one that others can read is
refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

Key = TypeVar("Key", Ed25519PrivateKey, EllipticCurvePrivateKey)


class UnsafeKeyFile(RuntimeError):
    """The key file can be read or written by others, or holds another kind of key."""


def kept_key(path: Path, fresh: Key, word: str) -> Key:
    """The key of this file; `fresh` becomes it where there is none yet. `word`: what kind it has to be, for people."""
    if not path.exists():
        _write(path, fresh)
    if path.stat().st_mode & 0o077:
        raise UnsafeKeyFile(f"{path.name} can be read by others: chmod 600 {path.name}")
    private = load_pem_private_key(path.read_bytes(), None)
    kind = Ed25519PrivateKey if isinstance(fresh, Ed25519PrivateKey) else EllipticCurvePrivateKey
    if not isinstance(private, kind):
        raise UnsafeKeyFile(f"{path.name} holds no {word} key")
    return private


def _write(path: Path, private: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
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
        pass
    finally:
        fresh.unlink()
