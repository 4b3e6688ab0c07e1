"""What sensors said at the places where a lot was made, while it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from backend.domain.environment import EnvironmentLimit, EnvironmentValue, SensorSummary, summary
from backend.domain.lots import Lot
from backend.store.many import among
from backend.store.reader import Reader

MOST = 200_000
"""Values of one lot that are looked at."""


async def environment_of(read: Reader, lot: Lot, until: str) -> list[SensorSummary]:
    """By sensor: a quantity at a line or machine that the lot names, from its start to its end, or to `until` while it
    is being made. Held against the limits that stand now, which are said beside."""
    places = [
        row[0]
        for row in await read.rows(
            "select distinct code from process_fact where lot_id = $1 and kind in ('line', 'equipment')",
            lot.id,
        )
    ]
    ended = await read.rows(
        "select max(received_at) from receipt where lot_id = $1 and source = 'production'", lot.id
    )
    chosen = among(read, "place", places, 2)
    values = await read.all(
        EnvironmentValue,
        f"site_id = $1 and {chosen.where} and at >= $3 and at <= $4 order by place, quantity, at limit {MOST}",
        lot.site_id,
        chosen.argument,
        lot.created_at,
        ended[0][0] or until,
    )
    limits = await read.all(
        EnvironmentLimit, f"site_id = $1 and {chosen.where}", lot.site_id, chosen.argument
    )
    return _by_sensor(values, limits)


async def limits_at(read: Reader, site_id: str, place: str) -> list[EnvironmentLimit]:
    """Of a place, by quantity."""
    return await read.all(
        EnvironmentLimit, "site_id = $1 and place = $2 order by quantity, unit", site_id, place
    )


def _by_sensor(values: Sequence[EnvironmentValue], limits: Sequence[EnvironmentLimit]) -> list[SensorSummary]:
    sensors = defaultdict[tuple[str, str, str], list[EnvironmentValue]](list)
    for each in values:
        sensors[each.place, each.quantity, each.unit].append(each)
    within = {(each.place, each.quantity, each.unit): each for each in limits}
    return [summary(sensors[key], within.get(key)) for key in sorted(sensors)]
