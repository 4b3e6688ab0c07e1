"""Events that others send (EPCIS 2.0): captured, listed, given back as they came."""

from __future__ import annotations

import uuid
from typing import Any

from litestar import MediaType, Request, Response, get, post
from litestar.params import FromQuery

from backend.actions.capture_epcis import CaptureDone, CaptureEpcis, capture_epcis
from backend.domain.errors import Reason, Refused
from backend.views.epcis_events import EpcisPage, epcis_event, epcis_events
from backend.web.asking import Has, Id, Me

LIMIT = 2 * 2**20
NAMES = uuid.UUID("6f1f7b0e-8a0c-5e0a-9d2b-3f1a5c7e9b21")


@post("/api/epcis/capture", status_code=200, operation_id="capture_epcis", request_max_body_size=LIMIT)
async def capture(request: Request[Any, Any, Any], me: Me, parts: Has) -> CaptureDone:
    """The body is the document. Sent again by the same person it is the same command, and answered alike."""
    body = await request.body()
    try:
        document = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(Reason("epcis_not_json", {"detail": error.reason})) from None
    id = str(uuid.uuid5(NAMES, f"{me.who.site_id}\n{me.who.person_id}\n{document}"))
    command = CaptureEpcis(id=id, document=document, base=str(request.base_url))
    return await capture_epcis(parts.store, me.who, command)


@get("/api/epcis/events", operation_id="list_epcis_events")
async def listed(
    me: Me, parts: Has, lot: FromQuery[str | None] = None, after: FromQuery[str | None] = None
) -> EpcisPage:
    """Fifty a page, the newest capture first; `lot`: what was said about it."""
    return await epcis_events(parts.store.read_long, me.who.site_id, lot, after)


@get("/api/epcis/events/{id:str}", operation_id="get_epcis_event", media_type=MediaType.JSON)
async def as_it_came(id: Id, me: Me, parts: Has) -> Response[bytes]:
    """Byte for byte."""
    event = await epcis_event(me.reads(parts.store), id)
    return Response(event.body.encode(), media_type="application/ld+json")


HANDLERS = [capture, listed, as_it_came]
