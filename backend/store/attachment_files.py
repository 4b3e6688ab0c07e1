"""Bytes of attachments in the data folder, named by what they are."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder / sha256[:2] / sha256


def write_bytes(folder: Path, body: bytes) -> str:
    """Store under the hash, durable before anything refers to it; returns the hash (hex)."""
    sha256 = hashlib.sha256(body).hexdigest()
    path = path_of(folder, sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.{id(body)}.new")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return sha256
