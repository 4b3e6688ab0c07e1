"""Passwords (argon2id) and one-time codes (RFC 6238). A check costs tens of milliseconds: call it in a thread."""

from __future__ import annotations

import hashlib
import secrets

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST = 12
_STEP_SECONDS = 30


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _HASHER.hash(password)


def password_holds(stored: str, password: str) -> bool:
    """Whether the password is the one stored; a damaged hash holds for nothing."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Checked where the login is unknown, so that the answer takes as long."""


def new_totp_secret() -> str:
    """A fresh base32 secret of 160 bits."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str) -> str:
    """What an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Lotgate")


def totp_step(secret: str, code: str, epoch: int) -> int | None:
    """The time step that the code belongs to, one step of clock skew allowed either way; None: wrong.

    The caller refuses a step that is not later than the last one used, so that a code works once.
    """
    totp = pyotp.TOTP(secret)
    now = epoch // _STEP_SECONDS
    for step in (now, now - 1, now + 1):
        if secrets.compare_digest(totp.at(step * _STEP_SECONDS).encode(), code.strip().encode()):
            return step
    return None


def secret_id(secret: str) -> str:
    """How a bearer secret (session cookie, binding code) is stored: its SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, base64url."""
    return secrets.token_urlsafe(32)
