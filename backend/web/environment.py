"""Values of sensors on their way in: as JSON, or as a CSV file."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import Request, post
from litestar.params import JSONBody

from backend.actions.record_environment import EnvironmentRecorded, RecordEnvironment, record_environment
from backend.domain.environment import stated_of
from backend.domain.sheets import csv_table
from backend.web.asking import Has, Me

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
    command = RecordEnvironment(id=id, values=stated_of(csv_table(body)))
    return await record_environment(parts.store, me.who, command)


HANDLERS = [values, file]
