"""State machines as tables, and the one function that reads them."""

from __future__ import annotations

from typing import NamedTuple

from backend.domain.errors import Reason, Refused


class Step(NamedTuple):
    """One allowed step: its name, from which states it starts, where it leads."""

    name: str
    sources: tuple[str, ...]
    target: str


def take(table: tuple[Step, ...], name: str, state: str) -> str:
    """The state after a step; a step that the table does not hold is refused with what would be allowed."""
    for step in table:
        if step.name == name and state in step.sources:
            return step.target
    allowed = sorted({step.name for step in table if state in step.sources})
    raise Refused(Reason("step_not_allowed", {"step": name, "state": state, "allowed": allowed}))
