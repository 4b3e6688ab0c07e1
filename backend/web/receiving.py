"""Labels, deliveries, receipts."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from backend.actions.move_portion import MovePortion, move_portion
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.errors import Fact, Reason, Refused
from backend.domain.lots import ScannedCode
from backend.domain.printed_fields import Proposal, proposals_of
from backend.domain.receiving import Received
from backend.views.deliveries import (
    ListedItem,
    LocationView,
    OrderLineView,
    list_deliveries,
    list_items,
    list_locations,
)
from backend.views.lots import LotLine, lot_line
from backend.views.scans import Scan, scan
from backend.web.asking import Has, Id, Me
from backend.web.attachments import keep_bytes, whole_body
from backend.web.parts import Parts

PICTURE_LIMIT = 20 * 2**20


class ScanBody(msgspec.Struct, forbid_unknown_fields=True):
    """The codes of one label."""

    codes: list[ScannedCode]


class SeenCode(msgspec.Struct):
    """A code in a picture; corners in pixels."""

    format: str
    text: str
    symbology_id: str
    confirmed: bool
    corners: list[list[int]]


class Picture(msgspec.Struct):
    """What a picture holds; `picture` is its SHA-256. `printed`: what its print proposes, null where it was not
    read."""

    codes: list[SeenCode]
    scan: Scan | None
    picture: str
    printed: list[Proposal] | None = None


class ReceivedView(msgspec.Struct):
    """What has come of a receipt, for the screen."""

    received: Received
    lot: LotLine
    location: LocationView


class MoveBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where to."""

    id: str
    location_id: str
    device_at: str | None = None


@post("/api/scan", status_code=200, operation_id="identify_label")
async def identify_label(data: JSONBody[ScanBody], me: Me, parts: Has) -> Scan:
    """What is it, and may it be received or used?"""
    return await scan(parts.store.read, me.who.site_id, data.codes, await parts.store.today(me.who.site_id))


@post("/api/scan/picture", status_code=200, operation_id="read_picture", request_max_body_size=PICTURE_LIMIT)
async def read_picture(request: Request[Any, Any, Any], me: Me, parts: Has) -> Picture:
    """Read the codes and the print of a photo on the server, in processes of their own; the photo is kept."""
    body = await whole_body(request, PICTURE_LIMIT)
    today = await parts.store.today(me.who.site_id)
    try:
        codes, (printed, unread) = await asyncio.gather(
            parts.read_picture(body), _printed(parts, body, today)
        )
    except Exception as error:
        code = getattr(error, "code", None)
        if code is None:
            raise
        facts: dict[str, Fact] = dict(getattr(error, "facts", {}))
        raise Refused(Reason(code, facts, "picture")) from error
    stored = await keep_bytes(parts, me.who, body, request.headers.get("content-type", "image/jpeg"), printed)
    seen = [
        SeenCode(c.format, c.text, c.symbology_id, c.confirmed, [[int(x), int(y)] for x, y in c.corners])
        for c in codes
    ]
    label = [ScannedCode(c.text, c.symbology_id, stored) for c in codes if c.confirmed][:2]
    answer = await scan(parts.store.read, me.who.site_id, label, today) if label else None
    if answer is not None and unread:
        answer.warnings.append(unread)
    return Picture(seen, answer, stored, printed)


async def _printed(parts: Parts, body: bytes, today: date) -> tuple[list[Proposal] | None, Reason | None]:
    """What the print proposes, None where it is not read here; and why it should have been and was not.

    A picture that can't be opened is told of by its codes."""
    if parts.read_print is None:
        return None, None
    try:
        return proposals_of(await parts.read_print(body), today), None
    except Exception as error:
        if getattr(error, "code", None) is None:
            raise
        return None, Reason("print_unread")


@get("/api/deliveries", operation_id="list_deliveries")
async def deliveries(me: Me, parts: Has) -> list[OrderLineView]:
    """Open order lines."""
    return await list_deliveries(parts.store.read, me.who.site_id)


@get("/api/locations", operation_id="list_locations")
async def locations(me: Me, parts: Has) -> list[LocationView]:
    """Places."""
    return await list_locations(parts.store.read, me.who.site_id)


@get("/api/items", operation_id="list_items")
async def items(me: Me, parts: Has) -> list[ListedItem]:
    """Materials and products."""
    return await list_items(parts.store.read, me.who.site_id)


@post("/api/receipts", operation_id="receive_lot")
async def receive(data: JSONBody[ReceiveLot], me: Me, parts: Has) -> ReceivedView:
    """Receive against an expected delivery; repeated with the same id it gets the first answer."""
    received = await receive_lot(parts.store, me.who, data)
    return await received_view(parts, me.who.site_id, received)


async def received_view(parts: Has, site_id: str, received: Received) -> ReceivedView:
    """With lot and location as they are now."""
    places = await list_locations(parts.store.read, site_id)
    place = next(place for place in places if place.id == received.location_id)
    return ReceivedView(received, await lot_line(parts.store.read, received.lot_id), place)


@post("/api/portions/{portion_id:str}/move", operation_id="move_portion", status_code=200)
async def move(portion_id: Id, data: JSONBody[MoveBody], me: Me, parts: Has) -> LotLine:
    """Move it whole."""
    command = MovePortion(
        id=data.id, portion_id=portion_id, location_id=data.location_id, device_at=data.device_at
    )
    portion = await move_portion(parts.store, me.who, command)
    return await lot_line(parts.store.read, portion.lot_id)


HANDLERS = [identify_label, read_picture, deliveries, locations, items, receive, move]
