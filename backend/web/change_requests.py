"""Change requests: drafted, reviewed, approved under signature before anything takes effect, closed (QUA-3)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from backend.actions.approve_change_request import ApproveChangeRequest, approve_change_request
from backend.actions.begin_change_approval import BeginChangeApproval, begin_change_approval
from backend.actions.close_change_request import CloseChangeRequest, close_change_request
from backend.actions.keep_change_request import KeepChangeRequest, keep_change_request
from backend.actions.open_change_request import OpenChangeRequest, open_change_request
from backend.actions.return_change_request import ReturnChangeRequest, return_change_request
from backend.actions.submit_change_request import SubmitChangeRequest, submit_change_request
from backend.actions.withdraw_change_request import WithdrawChangeRequest, withdraw_change_request
from backend.domain.change_requests import Affected
from backend.domain.ncrs import PlannedFollowUp
from backend.domain.people import Role
from backend.views.loop import ChangeView, LoopLine, change_view, list_changes
from backend.web.asking import Has, Id, Me
from backend.web.looping import Body, SigningWish, WhyBody
from backend.web.releases import SignatureBody, SigningRequestView, signing_request


class ChangeDraftBody(Body, kw_only=True, forbid_unknown_fields=True):
    """All of the draft."""

    title: str
    why: str
    risk: str
    affected: list[Affected]
    told: list[Role]
    trained: list[Role]
    due_on: str


class ChangeSubmissionBody(Body, kw_only=True, forbid_unknown_fields=True):
    """The actions that come to it."""

    actions: list[PlannedFollowUp]


class ConclusionBody(Body, kw_only=True, forbid_unknown_fields=True):
    """What came of it."""

    conclusion: str


@get("/api/changes", operation_id="list_change_requests")
async def changes(me: Me, parts: Has) -> list[LoopLine]:
    """Open ones first."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_changes(parts.store.read, me.who.site_id, today)


@get("/api/changes/{change_id:str}", operation_id="get_change_request")
async def change(change_id: Id, me: Me, parts: Has) -> ChangeView:
    """All of it."""
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes", operation_id="open_change_request")
async def open_one(data: JSONBody[OpenChangeRequest], me: Me, parts: Has) -> ChangeView:
    """Open a draft."""
    opened = await open_change_request(parts.store, me.who, data)
    return await change_view(me.reads(parts.store), opened.id)


@post("/api/changes/{change_id:str}/draft", operation_id="keep_change_request")
async def keep(change_id: Id, data: JSONBody[ChangeDraftBody], me: Me, parts: Has) -> ChangeView:
    """Keep the draft."""
    command = KeepChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await keep_change_request(parts.store, me.who, command)
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes/{change_id:str}/submission", operation_id="submit_change_request")
async def submit(change_id: Id, data: JSONBody[ChangeSubmissionBody], me: Me, parts: Has) -> ChangeView:
    """Hand it in."""
    command = SubmitChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await submit_change_request(parts.store, me.who, command)
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes/{change_id:str}/return", operation_id="return_change_request")
async def give_back(change_id: Id, data: JSONBody[WhyBody], me: Me, parts: Has) -> ChangeView:
    """Back to its author."""
    command = ReturnChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await return_change_request(parts.store, me.who, command)
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes/{change_id:str}/withdrawal", operation_id="withdraw_change_request")
async def withdraw(change_id: Id, data: JSONBody[WhyBody], me: Me, parts: Has) -> ChangeView:
    """Given up."""
    command = WithdrawChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await withdraw_change_request(parts.store, me.who, command)
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes/{change_id:str}/signing", operation_id="begin_change_approval")
async def begin(
    change_id: Id, data: JSONBody[SigningWish], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """What will be signed, with a one-time nonce."""
    command = BeginChangeApproval(change_id=change_id, **msgspec.structs.asdict(data))
    begun = await begin_change_approval(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/changes/{change_id:str}/approval", operation_id="approve_change_request")
async def approve(
    change_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> ChangeView:
    """Sign its approval."""
    command = ApproveChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await approve_change_request(parts.store, me.who, command, parts.party(request.headers.get("host", "")))
    return await change_view(me.reads(parts.store), change_id)


@post("/api/changes/{change_id:str}/close", operation_id="close_change_request")
async def close(change_id: Id, data: JSONBody[ConclusionBody], me: Me, parts: Has) -> ChangeView:
    """Everything that it takes is done."""
    command = CloseChangeRequest(change_id=change_id, **msgspec.structs.asdict(data))
    await close_change_request(parts.store, me.who, command)
    return await change_view(me.reads(parts.store), change_id)


HANDLERS = [changes, change, open_one, keep, submit, give_back, withdraw, begin, approve, close]
