"""Corrective and preventive actions: opened, analysed, planned, carried out, judged, closed under signature (QUA-2)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from backend.actions.analyse_capa import AnalyseCapa, analyse_capa
from backend.actions.begin_capa_close import BeginCapaClose, begin_capa_close
from backend.actions.carry_out_capa import CarryOutCapa, carry_out_capa
from backend.actions.close_capa import CloseCapa, close_capa
from backend.actions.judge_capa import JudgeCapa, judge_capa
from backend.actions.open_capa import OpenCapa, open_capa
from backend.actions.plan_capa import PlanCapa, plan_capa
from backend.actions.withdraw_capa import WithdrawCapa, withdraw_capa
from backend.domain.capas import Cause
from backend.domain.ncrs import PlannedFollowUp
from backend.views.loop import CapaView, LoopLine, capa_view, list_capas
from backend.web.asking import Has, Id, Me
from backend.web.looping import Body, SigningWish, WhyBody
from backend.web.parts import Parts
from backend.web.releases import SignatureBody, SigningRequestView, signing_request
from backend.web.session import SignedIn


class CauseBody(Body, kw_only=True, forbid_unknown_fields=True):
    """The cause and what it was found by."""

    whys: list[str]
    causes: list[Cause]
    root_cause: str


class CapaPlanBody(Body, kw_only=True, forbid_unknown_fields=True):
    """Actions, and how it will be seen that they worked."""

    actions: list[PlannedFollowUp]
    adverse: str
    criterion: str
    waits_until: str


class EffectBody(Body, kw_only=True, forbid_unknown_fields=True):
    """Whether it worked, by what evidence."""

    effective: bool
    evidence: str
    attachments: list[str]


async def _seen(capa_id: str, me: SignedIn, parts: Parts) -> CapaView:
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await capa_view(me.reads(parts.store), capa_id, today)


@get("/api/capas", operation_id="list_capas")
async def capas(me: Me, parts: Has) -> list[LoopLine]:
    """Open ones first."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_capas(parts.store.read, me.who.site_id, today)


@get("/api/capas/{capa_id:str}", operation_id="get_capa")
async def capa(capa_id: Id, me: Me, parts: Has) -> CapaView:
    """All of it."""
    return await _seen(capa_id, me, parts)


@post("/api/capas", operation_id="open_capa")
async def open_one(data: JSONBody[OpenCapa], me: Me, parts: Has) -> CapaView:
    """Open one."""
    opened = await open_capa(parts.store, me.who, data)
    return await _seen(opened.id, me, parts)


@post("/api/capas/{capa_id:str}/cause", operation_id="analyse_capa")
async def analyse(capa_id: Id, data: JSONBody[CauseBody], me: Me, parts: Has) -> CapaView:
    """Say what the cause is."""
    await analyse_capa(parts.store, me.who, AnalyseCapa(capa_id=capa_id, **msgspec.structs.asdict(data)))
    return await _seen(capa_id, me, parts)


@post("/api/capas/{capa_id:str}/plan", operation_id="plan_capa")
async def plan(capa_id: Id, data: JSONBody[CapaPlanBody], me: Me, parts: Has) -> CapaView:
    """Plan it."""
    await plan_capa(parts.store, me.who, PlanCapa(capa_id=capa_id, **msgspec.structs.asdict(data)))
    return await _seen(capa_id, me, parts)


@post("/api/capas/{capa_id:str}/carrying-out", operation_id="carry_out_capa")
async def carry_out(capa_id: Id, data: JSONBody[Body], me: Me, parts: Has) -> CapaView:
    """All of it is done."""
    await carry_out_capa(parts.store, me.who, CarryOutCapa(capa_id=capa_id, **msgspec.structs.asdict(data)))
    return await _seen(capa_id, me, parts)


@post("/api/capas/{capa_id:str}/effect", operation_id="judge_capa")
async def judge(capa_id: Id, data: JSONBody[EffectBody], me: Me, parts: Has) -> CapaView:
    """Whether it has worked."""
    await judge_capa(parts.store, me.who, JudgeCapa(capa_id=capa_id, **msgspec.structs.asdict(data)))
    return await _seen(capa_id, me, parts)


@post("/api/capas/{capa_id:str}/withdrawal", operation_id="withdraw_capa")
async def withdraw(capa_id: Id, data: JSONBody[WhyBody], me: Me, parts: Has) -> CapaView:
    """It is not needed."""
    await withdraw_capa(parts.store, me.who, WithdrawCapa(capa_id=capa_id, **msgspec.structs.asdict(data)))
    return await _seen(capa_id, me, parts)


@post("/api/capas/{capa_id:str}/signing", operation_id="begin_capa_close")
async def begin(
    capa_id: Id, data: JSONBody[SigningWish], request: Request[Any, Any, Any], me: Me, parts: Has
) -> SigningRequestView:
    """What will be signed, with a one-time nonce."""
    command = BeginCapaClose(capa_id=capa_id, **msgspec.structs.asdict(data))
    begun = await begin_capa_close(parts.store, me.who, command)
    return signing_request(begun, parts.party(request.headers.get("host", "")))


@post("/api/capas/{capa_id:str}/close", operation_id="close_capa")
async def close(
    capa_id: Id, data: JSONBody[SignatureBody], request: Request[Any, Any, Any], me: Me, parts: Has
) -> CapaView:
    """Sign its close."""
    command = CloseCapa(capa_id=capa_id, **msgspec.structs.asdict(data))
    await close_capa(parts.store, me.who, command, parts.party(request.headers.get("host", "")))
    return await _seen(capa_id, me, parts)


HANDLERS = [capas, capa, open_one, analyse, plan, carry_out, judge, withdraw, begin, close]
