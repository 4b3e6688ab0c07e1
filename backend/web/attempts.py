"""How often something may fail from one place: sign-ins by login and address, worthless sessions by address.

A try is counted when it begins, so that many at once are no way around the limit. Kept in this process's
memory: what is refused here is refused before any password is looked at.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(minutes=10)
MOST_KEYS = 10_000


class Limit(NamedTuple):
    """At most so many of a kind from one place in a WINDOW."""

    kind: str
    most: int


LOGIN = Limit("login", 8)
ADDRESS = Limit("address", 100)
"""A factory's phones may all come from one address."""
UNKNOWN_SESSION = Limit("unknown session", 50)
"""After these the log has seen enough of an address; it still gets nothing."""


class Attempts:
    """Times of tries by kind and place."""

    def __init__(self) -> None:
        self._tries: dict[tuple[str, str], list[datetime]] = {}

    def count(self, limit: Limit, place: str, now: str) -> int:
        """Count a try; returns 0 within the limit, 1 for the first over it, 2 for every later one."""
        moment, key = datetime.fromisoformat(now), (limit.kind, place)
        if key not in self._tries and len(self._tries) >= MOST_KEYS:
            self._forget(moment)
        recent = [at for at in self._tries.get(key, []) if moment - at < WINDOW]
        if len(recent) < limit.most + 2:
            recent.append(moment)
        self._tries[key] = recent
        return max(0, len(recent) - limit.most)

    def minutes_left(self, limit: Limit, place: str, now: str) -> int:
        """Until the oldest try no longer counts, at least 1."""
        tries = self._tries.get((limit.kind, place))
        left = WINDOW - (datetime.fromisoformat(now) - tries[0]) if tries else timedelta(0)
        return max(1, -(-int(left.total_seconds()) // 60))

    def succeeded(self, limit: Limit, place: str) -> None:
        """Forget the tries of a place."""
        self._tries.pop((limit.kind, place), None)

    def take_back(self, limit: Limit, place: str) -> None:
        """The last try was a good one."""
        tries = self._tries.get((limit.kind, place))
        if tries:
            tries.pop()

    def _forget(self, now: datetime) -> None:
        """Drop what is over; where even that leaves too many, the oldest half."""
        held = {key: tries for key, tries in self._tries.items() if tries and now - tries[-1] < WINDOW}
        if len(held) >= MOST_KEYS:
            newest = sorted(held, key=lambda key: held[key][-1])[MOST_KEYS // 2 :]
            held = {key: held[key] for key in newest}
        self._tries = held
