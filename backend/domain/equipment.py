"""Lines and machines: what may be worked on today, and when it is next serviced (LOT-12; ISO 13485 6.3, 7.5.1).

stored status      by whom                                  may be worked on?
in_use             added, serviced, or returned             until its due day is over, then overdue
out_of_order       whoever stopped it, with a reason        no, until it is serviced or returned
retired            a person, with a reason                  never again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple

import msgspec

from backend.domain.days import is_day
from backend.domain.errors import Reason
from backend.domain.steps import Step
from backend.domain.words import Words

EquipmentKind = Literal["line", "equipment"]
"""As in the facts of a lot's making: a line, or a machine of one."""
EquipmentStatus = Literal["in_use", "out_of_order", "retired"]

SOON = timedelta(days=14)
"""Equipment whose service is due within these days is shown as due soon."""


class Equipment(msgspec.Struct, frozen=True):
    """A line or a machine. `interval_days`: between services, None for what needs none; days are ISO."""

    id: str
    site_id: str
    kind: EquipmentKind
    code: str
    name: Words
    line: str | None
    """Code of the line that a machine stands in."""
    interval_days: int | None
    status: EquipmentStatus
    serviced_on: str | None
    due_on: str | None
    ended_at: str | None = None
    """When it was stopped or retired: what was begun before is not refused."""
    version: int = 1


class Service(msgspec.Struct, frozen=True):
    """What was done to it on the day `done_on`, and until when it is good for use."""

    id: str
    site_id: str
    equipment_id: str
    kind: Literal["planned", "repair"]
    done_on: str
    done: str
    attachments: list[str]
    due_on: str | None
    person_id: str
    at: str


# step, from, to
EQUIPMENT_STEPS = (
    Step("stop", ("in_use",), "out_of_order"),
    Step("return", ("out_of_order",), "in_use"),
    Step("service", ("in_use", "out_of_order"), "in_use"),
    Step("retire", ("in_use", "out_of_order"), "retired"),
)


def standing(equipment: Equipment, today: str) -> str:
    """What a person reads: the stored status, or of what is in use that its service is due soon or overdue."""
    if equipment.status != "in_use" or equipment.due_on is None:
        return equipment.status
    if is_overdue(equipment, today):
        return "overdue"
    soon = (date.fromisoformat(today) + SOON).isoformat()
    return "due_soon" if equipment.due_on <= soon else "in_use"


def is_overdue(equipment: Equipment, day: str) -> bool:
    """Whether its service was due before a day."""
    return equipment.due_on is not None and equipment.due_on < day


class Use(NamedTuple):
    """What is worked on, since which instant (UTC, ISO) and day at the site; `field` of what was entered."""

    kind: EquipmentKind
    code: str
    begun_at: str
    begun_on: str
    field: str


def against_use(use: Use, kept: Iterable[Equipment]) -> list[Reason]:
    """Why it may not be worked on. Where a site keeps none of a kind, codes are taken as they are written."""
    kind, code, field = use.kind, use.code, use.field
    known = {each.code: each for each in kept if each.kind == kind}
    if not known:
        return []
    found = known.get(code)
    if found is None:
        near = get_close_matches(code, known, n=3, cutoff=0.4)
        return [Reason("equipment_unknown", {"code": code, "known": near or sorted(known)[:5]}, field)]
    if found.ended_at is not None and found.ended_at <= use.begun_at:
        return [Reason("equipment_not_in_use", {"code": code, "status": found.status}, field)]
    if is_overdue(found, use.begun_on):
        return [Reason("equipment_overdue", {"code": code, "due_on": found.due_on}, field)]
    return []


def against_adding(equipment: Equipment, taken: bool, lines: Sequence[str], today: date) -> list[Reason]:
    """All that keeps it from being added."""
    texts = {"code": equipment.code, "name.en": equipment.name.en, "name.zh": equipment.name.zh}
    reasons = [Reason("text_missing", field=field) for field, text in texts.items() if not text.strip()]
    if taken:
        reasons.append(Reason("equipment_code_taken", {"code": equipment.code}, "code"))
    if equipment.line is not None and equipment.line not in lines:
        reasons.append(Reason("equipment_unknown", {"code": equipment.line, "known": list(lines)}, "line"))
    if equipment.interval_days is None:
        return reasons
    if not 1 <= equipment.interval_days <= 3660:
        reasons.append(Reason("interval_invalid", {"days": equipment.interval_days}, "interval_days"))
    if equipment.serviced_on is None:
        return [*reasons, Reason("service_day_missing", field="serviced_on")]
    return reasons + against_day(equipment.serviced_on, today, "serviced_on")


def against_day(done_on: str, today: date, field: str = "done_on") -> list[Reason]:
    """A service was done on a day up to today."""
    if is_day(done_on) and done_on <= today.isoformat():
        return []
    return [Reason("service_day_wrong", {"done_on": done_on[:20]}, field)]


def due_after(done_on: str | None, interval_days: int | None) -> str | None:
    """The last day on which what was serviced on a day may be worked on; None where no interval is set."""
    if done_on is None or interval_days is None:
        return None
    return (date.fromisoformat(done_on) + timedelta(days=interval_days)).isoformat()
