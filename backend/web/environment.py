"""Values of sensors on their way in: as JSON, or as a CSV file."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.record_environment import EnvironmentRecorded, RecordEnvironment, record_environment
from backend.actions.set_environment_limit import SetEnvironmentLimit, set_environment_limit
from backend.domain.environment import EnvironmentLimit, SensorSummary
from backend.domain.environment_csv import stated_of
from backend.domain.errors import Refused
from backend.domain.lots import Lot
from backend.domain.sheets import csv_table
from backend.views.environment import environment_of, limits_at
from backend.web.asking import Has, Id, Me

LIMIT = 2**20
NAMES = uuid.UUID("0b1f9a0e-6f5e-5d0c-8b2b-7d3b1a6c2f44")


@post("/api/environment-values", operation_id="record_environment")
async def values(data: JSONBody[RecordEnvironment], me: Me, parts: Has) -> EnvironmentRecorded:
    """At most a thousand at once; all of them, or none."""
    return await record_environment(parts.store, me.who, data)


@post("/api/environment-values/csv", operation_id="record_environment_csv", request_max_body_size=LIMIT)
async def file(request: Request[Any, Any, Any], me: Me, parts: Has) -> EnvironmentRecorded:
    """The body is the file: place, quantity, unit, time, value under a header. Sent again it is the same command."""
    body = await request.body()
    id = str(uuid.uuid5(NAMES, f"{me.who.site_id}\n{me.who.person_id}\n{body.hex()}"))
    stated = stated_of(csv_table(body))
    try:
        return await record_environment(parts.store, me.who, RecordEnvironment(id=id, values=stated.values))
    except Refused as refused:
        raise Refused(*stated.placed(refused.reasons)) from None


@get("/api/environment-limits", operation_id="list_environment_limits")
async def limits(me: Me, parts: Has, place: FromQuery[str] = "") -> list[EnvironmentLimit]:
    """Of one place."""
    return await limits_at(parts.store.read, me.who.site_id, place)


@post("/api/environment-limits", operation_id="set_environment_limit")
async def limit(data: JSONBody[SetEnvironmentLimit], me: Me, parts: Has) -> list[EnvironmentLimit]:
    """Answers with all of the place."""
    kept = await set_environment_limit(parts.store, me.who, data)
    return await limits_at(parts.store.read, me.who.site_id, kept.place)


@get("/api/production/{lot_id:str}/environment", operation_id="get_lot_environment")
async def of_lot(lot_id: Id, me: Me, parts: Has) -> list[SensorSummary]:
    """By sensor, while the lot was made, or until now."""
    read = me.reads(parts.store)
    return await environment_of(read, await read.get(Lot, lot_id), parts.store.clock())


HANDLERS = [values, file, limits, limit, of_lot]
