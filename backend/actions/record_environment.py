"""Take values of sensors: all of them, or none. The same value again is known; another one for the same is refused."""

from __future__ import annotations

import msgspec

from backend.domain.environment import EnvironmentValue, StatedValue, read_values
from backend.domain.errors import Reason, Refused
from backend.domain.people import Who
from backend.store.change import Change
from backend.store.verb import verb

MOST_NAMED = 50


class RecordEnvironment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As they were said."""

    id: str
    values: list[StatedValue]
    device_at: str | None = None


class EnvironmentRecorded(msgspec.Struct, frozen=True):
    """How many are new, and how many were here already."""

    new: int
    known: int


@verb
async def record_environment(tx: Change, who: Who, command: RecordEnvironment) -> EnvironmentRecorded:
    """Write what is new. Refused with what is wrong, the first fifty."""
    zone = (await tx.rows("select zone from site where id = $1", who.site_id))[0][0]
    values, reasons = read_values(command.values, zone, tx.now)
    if reasons:
        raise Refused(*reasons[:MOST_NAMED])
    here = {}
    for place, quantity in sorted({(each.place, each.quantity) for each in values}):
        times = [each.at for each in values if (each.place, each.quantity) == (place, quantity)]
        for known in await tx.all(
            EnvironmentValue,
            "site_id = $1 and place = $2 and quantity = $3 and at >= $4 and at <= $5",
            who.site_id, place, quantity, min(times), max(times),
        ):  # fmt: skip
            here[place, quantity, known.at] = (known.value, known.unit)
    new = 0
    for number, each in enumerate(values):
        key = (each.place, each.quantity, each.at)
        if key not in here:
            tx.insert(
                EnvironmentValue(
                    tx.new_id(), who.site_id, each.place, each.quantity, each.unit, each.value, each.at,
                    who.person_id, tx.now,
                )
            )  # fmt: skip
            here[key] = (each.value, each.unit)
            new += 1
        elif here[key] != (each.value, each.unit):
            facts = {"place": each.place, "quantity": each.quantity, "at": each.at}
            raise Refused(Reason("environment_differs", facts, f"values.{number}.value"))  # type: ignore[arg-type]
    if new:
        tx.record("environment_recorded", "site", who.site_id, values=new)
    return EnvironmentRecorded(new, len(values) - new)
