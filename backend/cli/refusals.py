"""Refusals on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.domain.errors import Reason


def said(reason: Reason) -> str:
    """A code in plain words, its facts behind it."""
    facts = ", ".join(f"{name} {value}" for name, value in reason.facts.items() if value is not None)
    return reason.code.replace("_", " ") + (f" ({facts})" if facts else "")
