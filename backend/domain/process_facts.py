"""With what a lot was made: line, equipment, operators, parameters, recipe version (LOT-12, ISO 13485 7.5.9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from backend.domain.errors import Reason

FactKind = Literal["line", "equipment", "operator", "parameter", "recipe"]


class ProcessFact(msgspec.Struct, frozen=True):
    """One fact of a lot's making. `value` is what a parameter was, or the version of a recipe."""

    id: str
    site_id: str
    lot_id: str
    kind: FactKind
    code: str
    value: str
    unit: str
    person_id: str
    at: str


class StatedFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a person states it."""

    kind: FactKind
    code: str
    value: str = ""
    unit: str = ""


def against_stating(facts: Sequence[StatedFact]) -> list[Reason]:
    """What of it says nothing: a parameter needs its value, a recipe its version."""
    found = [] if facts else [Reason("facts_missing", field="facts")]
    for place, fact in enumerate(facts):
        if not fact.code.strip():
            found.append(Reason("code_missing", field=f"facts.{place}.code"))
        if fact.kind in ("parameter", "recipe") and not fact.value.strip():
            found.append(Reason("value_missing", {"code": fact.code}, f"facts.{place}.value"))
    return found
