"""Series: where they stand, and what a person does to them (SMP-4)."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.steer_series import Steered, SteerSeries, steer_series
from backend.domain.plans import Severity
from backend.domain.switching import Act
from backend.views.series import SeriesLine, list_series
from backend.web.asking import Has, Id, Me


class SteerBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is done to which class, and why."""

    id: str
    of: Severity
    act: Act
    reason: str
    device_at: str | None = None


@get("/api/series", operation_id="list_series")
async def series(me: Me, parts: Has) -> list[SeriesLine]:
    """Those that want a person first."""
    return await list_series(me.reads(parts.store), me.who.site_id)


@post("/api/series/{series_id:str}/acts", operation_id="steer_series")
async def steer(series_id: Id, data: JSONBody[SteerBody], me: Me, parts: Has) -> Steered:
    """Leave for reduced inspection, its end, or the supplier's corrective action."""
    command = SteerSeries(series_id=series_id, **msgspec.structs.asdict(data))
    return await steer_series(parts.store, me.who, command)


HANDLERS = [series, steer]
