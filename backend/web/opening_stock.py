"""Opening stock: what waits to be taken over, a list of it signed at once, one of it inspected instead."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.begin_take_over import BeginTakeOver, begin_take_over
from backend.actions.inspect_opening import InspectOpening, inspect_opening
from backend.actions.sign_take_over import SignTakeOver, TakenOverList, sign_take_over
from backend.domain.opening import OpenedInspection
from backend.views.opening_stock import OpeningStock, opening_stock
from backend.web.asking import Has, Id, Me
from backend.web.releases import SigningRequestView, signing_request

Skip = FromQuery[Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]]


class ReasonBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    id: str
    reason: str
    device_at: str | None = None


class ListRequestView(msgspec.Struct):
    """The list's record to sign, and the records that its root is made of."""

    request: SigningRequestView
    records: list[dict[str, Any]]


@get("/api/opening-stock", operation_id="get_opening_stock")
async def waiting(me: Me, parts: Has, skip: Skip = 0) -> OpeningStock:
    """What was released on paper and waits, with what stands in the way of each."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await opening_stock(me.reads(parts.store), me.who, today, skip)


@post("/api/opening-stock/signing", operation_id="begin_take_over")
async def begin(
    data: JSONBody[BeginTakeOver], request: Request[Any, Any, Any], me: Me, parts: Has
) -> ListRequestView:
    """Choose the lots; get the record of each, that of the list, and a one-time nonce."""
    begun = await begin_take_over(parts.store, me.who, data)
    view = signing_request(begun.request, parts.party(request.headers.get("host", "")))
    return ListRequestView(view, begun.records)


@post("/api/opening-stock", operation_id="sign_take_over")
async def sign(
    data: JSONBody[SignTakeOver], request: Request[Any, Any, Any], me: Me, parts: Has
) -> TakenOverList:
    """Sign the list; each of its lots gets a decision of its own."""
    return await sign_take_over(parts.store, me.who, data, parts.party(request.headers.get("host", "")))


@post("/api/receipts/{receipt_id:str}/inspection", operation_id="inspect_opening")
async def inspect(receipt_id: Id, data: JSONBody[ReasonBody], me: Me, parts: Has) -> OpenedInspection:
    """The paper is not enough: what was taken over is inspected here, and decided by that."""
    command = InspectOpening(receipt_id=receipt_id, **msgspec.structs.asdict(data))
    return await inspect_opening(parts.store, me.who, command)


HANDLERS = [waiting, begin, sign, inspect]
