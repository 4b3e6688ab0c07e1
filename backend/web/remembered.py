"""Sessions that were looked up before, as good as looking again.

The database gives a mark that differs as soon as anything about people and sessions has been committed; what
was read under another mark is forgotten. Without a mark nothing is remembered.
"""

from __future__ import annotations

import time
from typing import Generic, TypeVar

T = TypeVar("T")
LIFE = 5.0
"""Seconds after which it is read anew all the same."""
MOST = 10_000


class Remembered(Generic[T]):
    """What was found, by key, under one mark."""

    def __init__(self) -> None:
        self._mark: object = None
        self._since = 0.0
        self._found: dict[str, T] = {}

    def find(self, mark: object, key: str) -> T | None:
        """What was kept under this mark."""
        if mark is None or mark != self._mark or time.monotonic() - self._since > LIFE:
            self._found.clear()
            self._mark, self._since = mark, time.monotonic()
            return None
        return self._found.get(key)

    def keep(self, mark: object, key: str, found: T) -> None:
        """`mark` was taken before `found` was read."""
        if mark is not None and mark == self._mark and len(self._found) < MOST:
            self._found[key] = found
