"""Consignees, shipments, what comes back, and with what a lot was made."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.keep_consignee import KeepConsignee, keep_consignee
from backend.actions.ship_lots import ShipLots, ship_lots
from backend.actions.state_process import StateProcess, state_process
from backend.actions.take_return import TakeReturn, take_return
from backend.domain.consignees import Consignee
from backend.domain.process_facts import StatedFact
from backend.domain.shipments import ShipmentLine
from backend.views.shipments import (
    ProcessFactLine,
    ShipmentRow,
    ShipmentView,
    list_consignees,
    list_shipments,
    process_facts,
    shipment_view,
)
from backend.web.asking import Has, Id, Me


class ReturnBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How much came back, and why."""

    id: str
    quantity: str
    reason: str
    device_at: str | None = None


class FactsBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """With what a lot was made."""

    id: str
    facts: list[StatedFact]
    device_at: str | None = None


@get("/api/consignees", operation_id="list_consignees")
async def consignees(me: Me, parts: Has) -> list[Consignee]:
    """By code."""
    return await list_consignees(parts.store.read, me.who.site_id)


@post("/api/consignees", operation_id="keep_consignee")
async def keep(data: JSONBody[KeepConsignee], me: Me, parts: Has) -> list[Consignee]:
    """A new one, or changes of one."""
    await keep_consignee(parts.store, me.who, data)
    return await list_consignees(parts.store.read, me.who.site_id)


@get("/api/shipments", operation_id="list_shipments")
async def shipments(
    me: Me, parts: Has, lot: FromQuery[str | None] = None, consignee: FromQuery[str | None] = None
) -> list[ShipmentRow]:
    """The newest first; of a lot or a consignee."""
    return await list_shipments(parts.store.read, me.who.site_id, lot, consignee)


@post("/api/shipments", operation_id="ship_lots")
async def ship(data: JSONBody[ShipLots], me: Me, parts: Has) -> ShipmentView:
    """Only what is released or conceded leaves."""
    shipment = await ship_lots(parts.store, me.who, data)
    return await shipment_view(me.reads(parts.store), shipment.id)


@get("/api/shipments/{shipment_id:str}", operation_id="get_shipment")
async def shipped(shipment_id: Id, me: Me, parts: Has) -> ShipmentView:
    """With its lines and what came back."""
    return await shipment_view(me.reads(parts.store), shipment_id)


@post("/api/shipment-lines/{line_id:str}/returns", operation_id="take_return")
async def take_back(line_id: Id, data: JSONBody[ReturnBody], me: Me, parts: Has) -> ShipmentView:
    """It waits for an inspection of its own."""
    command = TakeReturn(shipment_line_id=line_id, **msgspec.structs.asdict(data))
    await take_return(parts.store, me.who, command)
    line = await me.reads(parts.store).get(ShipmentLine, line_id)
    return await shipment_view(me.reads(parts.store), line.shipment_id)


@get("/api/lots/{number:str}/process", operation_id="list_process")
async def made_with(number: Id, me: Me, parts: Has) -> list[ProcessFactLine]:
    """Line, equipment, operators, parameters, recipe version."""
    return await process_facts(parts.store.read, me.who.site_id, number)


@post("/api/production/{lot_id:str}/process", operation_id="state_process")
async def state(lot_id: Id, data: JSONBody[FactsBody], me: Me, parts: Has) -> list[ProcessFactLine]:
    """What is stated stays; what is stated later stands beside it."""
    command = StateProcess(lot_id=lot_id, **msgspec.structs.asdict(data))
    lot = await state_process(parts.store, me.who, command)
    return await process_facts(parts.store.read, me.who.site_id, lot.number)


HANDLERS = [consignees, keep, shipments, ship, shipped, take_back, made_with, state]
