"""Lots: what a scan shows, the card, lists, trace, history."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.hold_lot import HoldLot, hold_lot
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.merge_lots import MergeLots, merge_lots
from backend.actions.split_lot import SplitLot, split_lot
from backend.actions.take_out import TakeOut, take_out
from backend.domain.genealogy import Trace
from backend.views.log import EventDetail, lot_history
from backend.views.lot_cards import LotCard, lot_card
from backend.views.lots import LotFilter, LotLine, LotPage, ScannedLot, list_lots, lot_line, scanned_lot
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


class SplitView(msgspec.Struct):
    """Both lots as they are now."""

    parent: LotLine
    child: LotLine


@post("/api/lot-splits", operation_id="split_lot")
async def split(data: JSONBody[SplitLot], me: Me, parts: Has) -> SplitView:
    """A part of a lot goes on under a number of its own."""
    done = await split_lot(parts.store, me.who, data)
    read = parts.store.read
    return SplitView(await lot_line(read, done.parent.id), await lot_line(read, done.child.id))


@post("/api/lot-mergers", operation_id="merge_lots")
async def merge(data: JSONBody[MergeLots], me: Me, parts: Has) -> LotLine:
    """Several lots go on under one number."""
    return await lot_line(parts.store.read, (await merge_lots(parts.store, me.who, data)).id)


@post("/api/lot-outs", operation_id="take_out")
async def out(data: JSONBody[TakeOut], me: Me, parts: Has) -> LotLine:
    """Samples, scrap, what goes back to the supplier."""
    return await lot_line(parts.store.read, (await take_out(parts.store, me.who, data)).id)


class HeldView(msgspec.Struct):
    """The lot, how many lots that something of it went into are held with it, how many of all these were shipped."""

    lot: LotLine
    descendants: int
    shipped: int


@post("/api/lot-holds", operation_id="hold_lot")
async def hold(data: JSONBody[HoldLot], me: Me, parts: Has) -> HeldView:
    """Nothing of it may be used, nor of what it went into."""
    held = await hold_lot(parts.store, me.who, data)
    return HeldView(await lot_line(parts.store.read, held.lot.id), held.descendants, held.shipped)


@post("/api/lot-hold-lifts", operation_id="lift_hold")
async def lift(data: JSONBody[LiftHold], me: Me, parts: Has) -> LotLine:
    """It is decided anew."""
    return await lot_line(parts.store.read, (await lift_hold(parts.store, me.who, data)).id)


HANDLERS = [lots, lot, card, traced, history, split, merge, out, hold, lift]
