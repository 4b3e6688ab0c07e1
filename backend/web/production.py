"""Production: start, consume, finish."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from backend.actions.consume_lot import ConsumeLot, consume_lot
from backend.actions.finish_production import FinishProduction, finish_production
from backend.actions.start_production import StartProduction, start_production
from backend.views.lots import LotLine, lot_line
from backend.views.production import ProductionLot, list_production, production_lot
from backend.web.asking import Has, Id, Me
from backend.web.receiving import ReceivedView, received_view


class ConsumeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How much of which lot."""

    id: str
    parent_number: str
    quantity: str
    device_at: str | None = None


class FinishBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was made."""

    id: str
    quantity: str
    made_on: str
    expires_on: str | None = None
    device_at: str | None = None


class ConsumedView(msgspec.Struct):
    """Both lots as they are now."""

    child: ProductionLot
    parent: LotLine


@get("/api/production", operation_id="list_production")
async def in_production(me: Me, parts: Has) -> list[ProductionLot]:
    """Lots being made."""
    return await list_production(parts.store.read, me.who.site_id)


@post("/api/production", operation_id="start_production")
async def start(data: JSONBody[StartProduction], me: Me, parts: Has) -> ProductionLot:
    """Open a lot of a finished item."""
    lot = await start_production(parts.store, me.who, data)
    return await production_lot(parts.store.read, lot.id)


@post("/api/production/{lot_id:str}/consumptions", operation_id="consume_lot")
async def consume(lot_id: Id, data: JSONBody[ConsumeBody], me: Me, parts: Has) -> ConsumedView:
    """Take from a released lot."""
    command = ConsumeLot(
        id=data.id,
        lot_id=lot_id,
        parent_number=data.parent_number,
        quantity=data.quantity,
        device_at=data.device_at,
    )
    consumed = await consume_lot(parts.store, me.who, command)
    read = parts.store.read
    return ConsumedView(
        await production_lot(read, consumed.child.id), await lot_line(read, consumed.parent.id)
    )


@post("/api/production/{lot_id:str}/finish", operation_id="finish_production")
async def finish(lot_id: Id, data: JSONBody[FinishBody], me: Me, parts: Has) -> ReceivedView:
    """Enter it into stock; its final inspection opens."""
    command = FinishProduction(
        id=data.id,
        lot_id=lot_id,
        quantity=data.quantity,
        made_on=data.made_on,
        expires_on=data.expires_on,
        device_at=data.device_at,
    )
    received = await finish_production(parts.store, me.who, command)
    return await received_view(parts, me.who.site_id, received)


HANDLERS = [in_production, start, consume, finish]
