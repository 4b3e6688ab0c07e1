"""What every command must be before the door looks at it: a UUID for its id, text that both engines hold, a
device time that is one. What is not leaves no event: nobody can say what it was meant to be."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from backend.domain.errors import Reason, Refused

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_SKEW = 120
"""Seconds between device and server that need no flag (AUD-6)."""
_NUL = re.compile(rb"(?<!\\)(\\\\)*\\u0000")


def check_form(command: object) -> None:
    """Refuses with `command_id_malformed`, `text_unreadable` and `device_time_malformed`, all at once."""
    reasons = []
    id, device_at = getattr(command, "id", ""), getattr(command, "device_at", None)
    if UUID.fullmatch(id) is None:
        reasons.append(Reason("command_id_malformed", {"id": id[:80]}, "id"))
    if not _can_be_stored(command):
        reasons.append(Reason("text_unreadable"))
    if device_at is not None and _moment(device_at) is None:
        reasons.append(Reason("device_time_malformed", {"device_at": device_at[:80]}, "device_at"))
    if reasons:
        raise Refused(*reasons)


def _can_be_stored(command: object) -> bool:
    """PostgreSQL holds no NUL; SQLite would."""
    try:
        return _NUL.search(msgspec.json.encode(command)) is None
    except UnicodeEncodeError:  # a lone surrogate
        return False


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
