"""Which of several inspections about the same question stands: a person says so and why, in the decision (SMP-6).

"The latest wins" is no rule here: without a word about each question that was asked twice nothing is signed.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.errors import Reason
from backend.domain.inspections import Inspection


class Stand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The inspection that stands, by its number, and why it and not the others."""

    inspection: str
    reason: str


def families(inspections: Sequence[Inspection]) -> list[list[Inspection]]:
    """Inspections in force by the question that they answer, each family oldest first."""
    found: dict[str, list[Inspection]] = {}
    for each in sorted(inspections, key=lambda one: (one.opened_at, one.number)):
        found.setdefault(each.again_of or each.id, []).append(each)
    return list(found.values())


def asked_twice(inspections: Sequence[Inspection]) -> list[list[Inspection]]:
    """Those of which somebody has to say which stands."""
    return [family for family in families(inspections) if len(family) > 1]


def check_stands(inspections: Sequence[Inspection], stands: Sequence[Stand]) -> list[Reason]:
    """What is not said, said twice or said of nothing."""
    twice = asked_twice(inspections)
    numbers = {each.number: place for place, family in enumerate(twice) for each in family}
    found, said = [], set[int]()
    for place, stand in enumerate(stands):
        family = numbers.get(stand.inspection)
        if family is None or family in said:
            found.append(
                Reason("stand_unknown", {"inspection": stand.inspection}, f"stands.{place}.inspection")
            )
            continue
        said.add(family)
        if not stand.reason.strip():
            found.append(Reason("reason_missing", field=f"stands.{place}.reason"))
    found += [
        Reason("stand_unsaid", {"inspections": [each.number for each in family], "rule": "SMP-6"}, "stands")
        for place, family in enumerate(twice)
        if place not in said
    ]
    return found


def standing(inspections: Sequence[Inspection], stands: Sequence[Stand] | None) -> list[Inspection]:
    """What is judged. `stands` None: nobody has chosen yet; then of each family one that passed, if there is one."""
    chosen = {stand.inspection for stand in stands or ()}
    found = []
    for family in families(inspections):
        named = [each for each in family if each.number in chosen]
        passed = [each for each in family if each.status == "passed"] if stands is None else []
        found += named or passed[:1] or family
    return found
