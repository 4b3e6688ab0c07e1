"""Control charts, their signals, and what people make of them."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from backend.actions.answer_signal import AnswerSignal, answer_signal
from backend.domain.chart_signals import Answer
from backend.domain.inspections import Stage
from backend.views.chart_lists import ChartDesk, ChartMaterial, chart_desk, chart_material
from backend.views.charts import ChartSheet, SignalSheet, chart_sheet, signal_sheet
from backend.views.factors import FactorSheet, factor_sheet
from backend.web.asking import Has, Id, Me

Text = FromQuery[str | None]


class SignalAnswer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the signal was, and why; the number of the report that it is referred to."""

    id: str
    answer: Answer
    reason: str = ""
    ncr: str | None = None
    version: int | None = None
    device_at: str | None = None


@get("/api/charts", operation_id="list_charts")
async def charts(me: Me, parts: Has) -> ChartDesk:
    """Open signals, and what is charted."""
    return await chart_desk(parts.store.read, me.who.site_id, parts.watch)


@get("/api/charts/{item:str}", operation_id="list_item_charts")
async def item_charts(item: Id, me: Me, parts: Has) -> ChartMaterial:
    """The charts of a material, by its code."""
    return await chart_material(parts.store.read, me.who.site_id, item)


@get("/api/charts/{item:str}/{stage:str}/{characteristic:str}", operation_id="get_chart")
async def chart(
    item: Id,
    stage: FromPath[Stage],
    characteristic: Id,
    me: Me,
    parts: Has,
    supplier: Text = None,
    since: Text = None,
    until: Text = None,
) -> ChartSheet:
    """One chart; `supplier`: an id, or `own` for our production; `since` and `until`: ISO days."""
    return await chart_sheet(
        me.reads(parts.store),
        me.who.site_id,
        item,
        stage,
        characteristic,
        parts.watch,
        supplier_id=supplier,
        since=since or "",
        until=until or "",
    )


@get("/api/charts/{item:str}/{stage:str}/{characteristic:str}/factors", operation_id="get_factors")
async def factors(item: Id, stage: FromPath[Stage], characteristic: Id, me: Me, parts: Has) -> FactorSheet:
    """What goes with it, ranked by effect: a hint, no cause."""
    return await factor_sheet(me.reads(parts.store), me.who.site_id, item, stage, characteristic)


@get("/api/chart-signals/{signal_id:str}", operation_id="get_chart_signal")
async def signal(signal_id: Id, me: Me, parts: Has) -> SignalSheet:
    """What was told, with its chart."""
    return await signal_sheet(me.reads(parts.store), signal_id, parts.watch)


@post("/api/chart-signals/{signal_id:str}/answer", operation_id="answer_signal")
async def answer(signal_id: Id, data: JSONBody[SignalAnswer], me: Me, parts: Has) -> SignalSheet:
    """Say what it was."""
    command = AnswerSignal(signal_id=signal_id, **msgspec.structs.asdict(data))
    await answer_signal(parts.store, me.who, command)
    return await signal_sheet(me.reads(parts.store), signal_id, parts.watch)


HANDLERS = [charts, item_charts, chart, factors, signal, answer]
