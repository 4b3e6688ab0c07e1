"""Lots: what a scan shows, the card, lists, trace, history."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from backend.domain.genealogy import Trace
from backend.views.log import EventDetail, lot_history
from backend.views.lot_cards import LotCard, lot_card
from backend.views.lots import LotFilter, LotPage, ScannedLot, list_lots, scanned_lot
from backend.views.traces import Direction, trace
from backend.web.asking import Has, Id, Me

Text = FromQuery[str | None]


@get("/api/lots", operation_id="list_lots")
async def lots(
    me: Me,
    parts: Has,
    supplier: Text = None,
    status: Text = None,
    item: Text = None,
    made_from: Text = None,
    made_to: Text = None,
    search: Text = None,
    after: Text = None,
) -> LotPage:
    """Fifty a page, the newest first; `after` continues."""
    wanted = LotFilter(supplier, status, item, made_from, made_to, search, after)
    return await list_lots(parts.store.read, me.who.site_id, wanted)


@get("/api/lots/{number:str}", operation_id="get_lot")
async def lot(number: Id, me: Me, parts: Has) -> ScannedLot:
    """What it is, and whether it may be used."""
    return await scanned_lot(parts.store.read, me.who.site_id, number)


@get("/api/lots/{number:str}/card", operation_id="get_lot_card")
async def card(number: Id, me: Me, parts: Has) -> LotCard:
    """Everything about it on one screen."""
    return await lot_card(parts.store.read, me.who.site_id, number)


@get("/api/lots/{number:str}/trace", operation_id="trace_lot")
async def traced(number: Id, me: Me, parts: Has, direction: FromQuery[Direction] = "both") -> Trace:
    """What went into it, and what it went into."""
    return await trace(parts.store.read_long, me.who.site_id, number, direction)


@get("/api/lots/{number:str}/history", operation_id="lot_history")
async def history(number: Id, me: Me, parts: Has) -> list[EventDetail]:
    """Every event with old and new values."""
    return await lot_history(parts.store.read, me.who.site_id, number)


HANDLERS = [lots, lot, card, traced, history]
