"""How far in the log each of those has read who look for news."""

from __future__ import annotations

import msgspec


class LogMark(msgspec.Struct, frozen=True):
    """Whose mark, and `seq` of the last event that they have read."""

    id: str
    seq: int
