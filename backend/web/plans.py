"""Plans: written, tried, reviewed, signed; inspections moved to the version in force."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromQuery, JSONBody

from backend.actions.add_plan import AddPlan, add_plan
from backend.actions.approve_plan import ApprovePlan, approve_plan
from backend.actions.begin_inspection_move import BeginInspectionMove, begin_inspection_move
from backend.actions.begin_plan_approval import BeginPlanApproval, begin_plan_approval
from backend.actions.keep_plan_draft import KeepPlanDraft, keep_plan_draft
from backend.actions.move_inspection import Moved, MoveInspection, move_inspection
from backend.actions.open_plan_draft import OpenPlanDraft, open_plan_draft
from backend.actions.return_plan_draft import ReturnPlanDraft, return_plan_draft
from backend.actions.submit_plan_draft import SubmitPlanDraft, submit_plan_draft
from backend.actions.try_plan_draft import TryPlanDraft, try_plan_draft
from backend.domain.plan_curves import RuleCurve, curve_of
from backend.domain.plans import Characteristic, PlanDocument
from backend.store.planning import PlanDraft
from backend.views.plan_moves import MoveSheet, move_sheet
from backend.views.plan_trials import TrialPart, trial_part
from backend.views.plans import PlanCard, PlanLine, PlanSheet, list_plans, plan_card, plan_sheet
from backend.web.asking import Has, Id, Me
from backend.web.releases import SignatureBody, SigningRequestView, signing_request


class DraftBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The number of the version to begin, and of which one it is a copy."""

    id: str
    number: int
    from_version_id: str | None = None
    device_at: str | None = None


class DocumentBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the draft says now, written on the row's `version`."""

    id: str
    version: int
    document: PlanDocument
    device_at: str | None = None


class TrialBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which state of the draft is tried."""

    id: str
    version: int
    device_at: str | None = None


class SubmissionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is new, and why."""

    id: str
    version: int
    change: str
    device_at: str | None = None


class ReturnBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What has to be better."""

    id: str
    version: int
    reason: str
    device_at: str | None = None


class SigningWishBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`passkey` False: password and one-time code instead."""

    id: str
    passkey: bool | None = None
    language: str | None = None
    device_at: str | None = None


class CurveBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A characteristic as it stands in the editor, and a lot to try it on."""

    characteristic: Characteristic
    lot_size: int


@get("/api/plans", operation_id="list_plans")
async def plans(me: Me, parts: Has) -> list[PlanLine]:
    """Every plan of the site."""
    return await list_plans(parts.store.read, me.who.site_id)


@post("/api/plans", operation_id="add_plan")
async def add(data: JSONBody[AddPlan], me: Me, parts: Has) -> PlanDraft:
    """A plan for an item at a stage, with its first draft."""
    return await add_plan(parts.store, me.who, data)


@get("/api/plans/{plan_id:str}", operation_id="get_plan")
async def plan(plan_id: Id, me: Me, parts: Has) -> PlanCard:
    """Its versions, and open inspections under older ones."""
    return await plan_card(me.reads(parts.store), plan_id)


@post("/api/plans/{plan_id:str}/drafts", operation_id="open_plan_draft")
async def open_draft(plan_id: Id, data: JSONBody[DraftBody], me: Me, parts: Has) -> PlanDraft:
    """Begin the next version."""
    return await open_plan_draft(
        parts.store, me.who, OpenPlanDraft(plan_id=plan_id, **msgspec.structs.asdict(data))
    )


@get("/api/plan-versions/{version_id:str}", operation_id="get_plan_version")
async def version(version_id: Id, me: Me, parts: Has) -> PlanSheet:
    """All that it says, what changed, what stands against it."""
    return await plan_sheet(me.reads(parts.store), version_id, me.who.person_id)


@put("/api/plan-versions/{version_id:str}/document", operation_id="keep_plan_draft")
async def keep(version_id: Id, data: JSONBody[DocumentBody], me: Me, parts: Has) -> PlanDraft:
    """Keep what was written."""
    command = KeepPlanDraft(
        id=data.id,
        version_id=version_id,
        version=data.version,
        document=data.document,
        device_at=data.device_at,
    )
    return await keep_plan_draft(parts.store, me.who, command)


@get("/api/plan-versions/{version_id:str}/trial", operation_id="get_plan_trial")
async def trial(version_id: Id, me: Me, parts: Has, before: FromQuery[str | None] = None) -> TrialPart:
    """Try it on a chunk of past results."""
    return await trial_part(me.reads(parts.store), version_id, before)


@post("/api/plan-versions/{version_id:str}/trial", operation_id="try_plan_draft")
async def keep_trial(version_id: Id, data: JSONBody[TrialBody], me: Me, parts: Has) -> PlanDraft:
    """Try it on all of them, and keep what was counted on the draft."""
    return await try_plan_draft(
        parts.store, me.who, TryPlanDraft(version_id=version_id, **msgspec.structs.asdict(data))
    )


@post("/api/plan-versions/{version_id:str}/submission", operation_id="submit_plan_draft")
async def submit(version_id: Id, data: JSONBody[SubmissionBody], me: Me, parts: Has) -> PlanDraft:
    """Put it under review."""
    return await submit_plan_draft(
        parts.store, me.who, SubmitPlanDraft(version_id=version_id, **msgspec.structs.asdict(data))
    )


@post("/api/plan-versions/{version_id:str}/return", operation_id="return_plan_draft")
async def send_back(version_id: Id, data: JSONBody[ReturnBody], me: Me, parts: Has) -> PlanDraft:
    """Back to its authors."""
    return await return_plan_draft(
        parts.store, me.who, ReturnPlanDraft(version_id=version_id, **msgspec.structs.asdict(data))
    )


@post("/api/plan-versions/{version_id:str}/signing", operation_id="begin_plan_approval")
async def begin_approval(
    version_id: Id, data: JSONBody[SigningWishBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """The record that will be signed, and a one-time nonce."""
    command = BeginPlanApproval(version_id=version_id, **msgspec.structs.asdict(data))
    begun = await begin_plan_approval(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/plan-versions/{version_id:str}/approval", operation_id="approve_plan")
async def approve(
    version_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> PlanDraft:
    """Sign: it is effective, the one before it obsolete."""
    command = ApprovePlan(version_id=version_id, **msgspec.structs.asdict(data))
    return await approve_plan(parts.store, me.who, command, parts.party(request.headers.get("host", "")))


@post("/api/sampling-curve", status_code=200, operation_id="get_sampling_curve")
async def curve(data: JSONBody[CurveBody], me: Me) -> RuleCurve:
    """n, Ac, Re and what the rule lets pass, of a characteristic as it is being written."""
    return curve_of(data.characteristic, data.lot_size)


@get("/api/inspections/{inspection_id:str}/move", operation_id="get_inspection_move")
async def move(inspection_id: Id, me: Me, parts: Has) -> MoveSheet:
    """Its readings under the version it has and under the one in force."""
    return await move_sheet(me.reads(parts.store), inspection_id)


@post("/api/inspections/{inspection_id:str}/move/signing", operation_id="begin_inspection_move")
async def begin_move(
    inspection_id: Id, data: JSONBody[SigningWishBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """The record that will be signed, and a one-time nonce."""
    command = BeginInspectionMove(inspection_id=inspection_id, **msgspec.structs.asdict(data))
    begun = await begin_inspection_move(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/inspections/{inspection_id:str}/move", operation_id="move_inspection")
async def sign_move(
    inspection_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> Moved:
    """Sign: the inspection goes on under the version in force."""
    command = MoveInspection(inspection_id=inspection_id, **msgspec.structs.asdict(data))
    return await move_inspection(parts.store, me.who, command, parts.party(request.headers.get("host", "")))


HANDLERS = [
    plans,
    add,
    plan,
    open_draft,
    version,
    keep,
    trial,
    keep_trial,
    submit,
    send_back,
    begin_approval,
    approve,
    curve,
    move,
    begin_move,
    sign_move,
]
