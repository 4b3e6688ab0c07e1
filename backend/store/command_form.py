"""What every command must be before the door looks at it: a UUID for its id, text that both engines hold, a
device time that is one. What is not leaves no event: nobody can say what it was meant to be."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

import msgspec

from backend.domain.canonical import NotCanonical, canonical
from backend.domain.errors import Reason, Refused

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET_FIELDS = {"password", "totp", "assertion", "credential", "code"}
MOST_SKEW = 120
"""Seconds between device and server that need no flag (AUD-6)."""
_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")


def digest_of(command: object) -> str:
    """SHA-256 (hex) of a command without its secrets: the same id with other content is no repetition.

    Refuses, all at once, with `command_id_malformed`, `text_unreadable`, `number_out_of_range` and
    `device_time_malformed`.
    """
    reasons = []
    id, device_at = getattr(command, "id", ""), getattr(command, "device_at", None)
    if UUID.fullmatch(id) is None:
        reasons.append(Reason("command_id_malformed", {"id": id[:80]}, "id"))
    if device_at is not None and _moment(device_at) is None:
        reasons.append(Reason("device_time_malformed", {"device_at": device_at[:80]}, "device_at"))
    body = msgspec.to_builtins(command)
    written = b""
    try:
        written = canonical({name: value for name, value in body.items() if name not in SECRET_FIELDS})
    except NotCanonical as error:  # a lone surrogate, or a number that no JSON reader keeps
        reasons.append(Reason("number_out_of_range" if "number" in str(error) else "text_unreadable"))
    if b"\\u0000" in written and _NUL.search(written):  # PostgreSQL holds none; SQLite would
        reasons.append(Reason("text_unreadable"))
    if reasons:
        raise Refused(*reasons)
    return hashlib.sha256(written).hexdigest()


def skew_of(device_at: str | None, now: str) -> int | None:
    """Whole seconds that the device's time is ahead of the server's; None: no more than 120 either way.

    An entry that waited for the network is behind by its waiting: that is to be seen too.
    """
    device = _moment(device_at) if device_at is not None else None
    if device is None:
        return None
    ahead = (device - datetime.fromisoformat(now)).total_seconds()
    return round(ahead) if abs(ahead) > MOST_SKEW else None


def _moment(text: str) -> datetime | None:
    """An ISO 8601 instant with its offset; anything else is None."""
    try:
        moment = datetime.fromisoformat(text) if text.isascii() else None
    except ValueError:
        return None
    return moment if moment is not None and moment.utcoffset() is not None else None
