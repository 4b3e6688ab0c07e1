"""A page of numbers for each role; each number opens the records that it was counted from."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from backend.domain.dashboards import Page
from backend.views.dashboards import DashboardView, RecordsView, dashboard, records_behind
from backend.web.asking import Has, Me, ask_right

Days = FromQuery[Annotated[int, msgspec.Meta(ge=1, le=3660)]]


@get("/api/dashboards/{page:str}", operation_id="get_dashboard")
async def page_of(page: FromPath[Page], me: Me, parts: Has, days: Days = 90) -> DashboardView:
    """All figures of a page. What is said about people asks for the log's right."""
    if page == "compliance":
        await ask_right(me, parts, "read_log")
    today = await parts.store.today(me.who.site_id)
    return await dashboard(parts.store.read_long, me.who.site_id, page, days, today)


@get("/api/dashboards/{page:str}/{code:str}", operation_id="get_dashboard_records")
async def records(
    page: FromPath[Page],
    code: FromPath[str],
    me: Me,
    parts: Has,
    key: FromQuery[str | None] = None,
    days: Days = 90,
) -> RecordsView:
    """What one number, or one bar of it, was counted from."""
    if page == "compliance":
        await ask_right(me, parts, "read_log")
    today = await parts.store.today(me.who.site_id)
    return await records_behind(parts.store.read_long, me.who.site_id, page, code, key, days, today)


HANDLERS = [page_of, records]
