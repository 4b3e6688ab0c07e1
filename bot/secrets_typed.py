"""Texts that look like a secret, after somebody was asked to sign: they are answered, deleted and not kept
(SIG-7)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

ASKED_LATELY = timedelta(minutes=30)
_CODE = re.compile(r"\d{3}[ -]?\d{3}")
_LOT_NUMBER = re.compile(r"[A-Za-z]\d{2}-\d{6}")
_SHORTEST = 8


def looks_secret(text: str) -> bool:
    """A six-digit code, or one word of eight or more signs that is no lot number."""
    text = text.strip()
    if _CODE.fullmatch(text):
        return True
    return len(text) >= _SHORTEST and not re.search(r"\s", text) and not _LOT_NUMBER.fullmatch(text)


def asked_lately(asked_at: str | None, last_turn: str, now: str) -> bool:
    """Whether a signing notice is the last thing that happened in this chat, not long ago."""
    if asked_at is None or asked_at <= last_turn:
        return False
    return datetime.fromisoformat(now) - datetime.fromisoformat(asked_at) <= ASKED_LATELY
