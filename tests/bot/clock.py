"""A clock that stands until it is moved."""

from __future__ import annotations

from datetime import timedelta

from backend.domain.signing import later


class Clock:
    """Put in the place of a store's clock."""

    def __init__(self, at: str) -> None:
        self.at = at

    def __call__(self) -> str:
        self.at = later(self.at, timedelta(microseconds=1))  # no two moments are the same
        return self.at

    def to(self, at: str) -> None:
        """Set it."""
        self.at = at

    def on(self, **span: float) -> None:
        """Move it on."""
        self.at = later(self.at, timedelta(**span))
