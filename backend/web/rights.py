"""The rights table: shown to everybody, changed by signature."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post, put
from litestar.params import JSONBody

from backend.actions.begin_right_change import BeginRightChange, begin_right_change
from backend.actions.change_right import ChangeRight, change_right
from backend.views.people import RightsTable, list_rights
from backend.web.asking import Has, Id, Me
from backend.web.releases import SignatureBody, SigningRequestView, signing_request


class RightWishBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether the role may take the action from then on; `passkey` False: password and one-time code instead."""

    id: str
    allowed: bool
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


@get("/api/rights", operation_id="list_rights")
async def rights(me: Me, parts: Has) -> RightsTable:
    """The table that every door reads."""
    return await list_rights(parts.store.read, me.who.site_id)


@post("/api/rights/{right_id:str}/signing", operation_id="begin_right_change")
async def begin(
    right_id: Id, data: JSONBody[RightWishBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """Choose what the cell shall say; get the record, old beside new, and a one-time nonce."""
    command = BeginRightChange(right_id=right_id, **msgspec.structs.asdict(data))
    begun = await begin_right_change(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@put("/api/rights/{right_id:str}", operation_id="change_right")
async def change(
    right_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> RightsTable:
    """Sign; the answer is the table as it now stands."""
    command = ChangeRight(right_id=right_id, **msgspec.structs.asdict(data))
    await change_right(parts.store, me.who, command, parts.party(request.headers.get("host", "")))
    return await list_rights(parts.store.read, me.who.site_id)


HANDLERS = [rights, begin, change]
