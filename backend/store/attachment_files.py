"""Bytes of attachments in the data folder, named by what they are."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

FRESH = 3600.0
"""Seconds for which bytes that somebody has just handed in are not removed, whoever let go of them."""


def path_of(folder: Path, sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder / sha256[:2] / sha256


def write_bytes(folder: Path, body: bytes) -> str:
    """Store under the hash, durable before anything refers to it; returns the hash (hex)."""
    sha256 = hashlib.sha256(body).hexdigest()
    path = path_of(folder, sha256)
    with suppress(FileNotFoundError):
        os.utime(path)  # wanted anew: see `remove_bytes`
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.{id(body)}.new")
    with fresh.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return sha256


def remove_bytes(folder: Path, sha256: str) -> bool:
    """Remove what nobody names any more; whether it is gone. What somebody has handed in again within the hour stays:
    who names it may not have been written down yet. Killed at any moment it is done again."""
    path = path_of(folder, sha256)
    aside = path.with_suffix(".going")
    if aside.exists() and not path.exists():
        aside.replace(path)
    aside.unlink(missing_ok=True)
    if not path.exists():
        return True
    if _is_fresh(path):
        return False
    path.replace(aside)
    if _is_fresh(aside):  # handed in again between the look and the move
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _is_fresh(path: Path) -> bool:
    return time.time() - path.stat().st_mtime < FRESH
