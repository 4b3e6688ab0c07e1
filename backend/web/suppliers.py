"""Suppliers: qualifications, certificates, change notices, blocks (QUA-5, LOT-13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.add_supplier_certificate import AddSupplierCertificate, add_supplier_certificate
from backend.actions.block_supplier import BlockSupplier, block_supplier
from backend.actions.note_supplier_change import NoteSupplierChange, note_supplier_change
from backend.actions.qualify_supplier import QualifySupplier, qualify_supplier
from backend.actions.re_evaluate_supplier_change import ReEvaluateSupplierChange, re_evaluate_supplier_change
from backend.actions.suspend_qualification import SuspendQualification, suspend_qualification
from backend.actions.unblock_supplier import UnblockSupplier, unblock_supplier
from backend.domain.items import Supplier
from backend.domain.qualifications import ReEvaluation
from backend.domain.signing import later
from backend.store.qualifying import SuspendedStock
from backend.views.scorecards import Scorecard, scorecard_of
from backend.views.suppliers import SuppliersPage, SupplierView, list_suppliers, supplier_view
from backend.web.asking import Has, Id, Me
from backend.web.parts import Parts
from backend.web.session import SignedIn

Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]


class QualificationBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For which material, until when, on what ground."""

    id: str
    item_id: str
    expires_on: str
    reason: str
    device_at: str | None = None


class SuspensionBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For a while or for good, and why."""

    id: str
    step: Literal["suspend", "withdraw"]
    reason: str
    device_at: str | None = None


class CertificateBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A paper of a supplier."""

    id: str
    kind: str
    number: str
    valid_until: str
    file: str | None = None
    device_at: str | None = None


class ChangeNoticeBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What they change, when they said it, of which materials."""

    id: str
    what: str
    said_on: str
    item_ids: list[str] = []
    device_at: str | None = None


class ReEvaluationBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What was found."""

    id: str
    result: ReEvaluation
    finding: str
    device_at: str | None = None


class BlockBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    id: str
    reason: str
    device_at: str | None = None


@get("/api/suppliers", operation_id="list_suppliers")
async def suppliers(me: Me, parts: Has) -> SuppliersPage:
    """How each of them stands today."""
    return await list_suppliers(parts.store.read, me.who.site_id, await _today(me, parts))


@get("/api/suppliers/{supplier_id:str}", operation_id="get_supplier")
async def supplier(supplier_id: Id, me: Me, parts: Has) -> SupplierView:
    """All that is known of one."""
    return await supplier_view(me.reads(parts.store), supplier_id, await _today(me, parts))


@get("/api/suppliers/{supplier_id:str}/scorecard", operation_id="get_scorecard")
async def card(supplier_id: Id, me: Me, parts: Has, days: FromQuery[Days] = 365) -> Scorecard:
    """Of what was delivered in so many days until now."""
    await me.reads(parts.store).get(Supplier, supplier_id)
    since = later(parts.store.clock(), -timedelta(days=days))
    return await scorecard_of(parts.store.read_long, supplier_id, since)


@post("/api/suppliers/{supplier_id:str}/qualifications", operation_id="qualify_supplier")
async def qualify(supplier_id: Id, data: JSONBody[QualificationBody], me: Me, parts: Has) -> SupplierView:
    """It may deliver this material until that day."""
    await qualify_supplier(parts.store, me.who, QualifySupplier(supplier_id=supplier_id, **_fields(data)))
    return await supplier_view(me.reads(parts.store), supplier_id, await _today(me, parts))


@post("/api/qualifications/{qualification_id:str}/suspension", operation_id="suspend_qualification")
async def suspend(qualification_id: Id, data: JSONBody[SuspensionBody], me: Me, parts: Has) -> SuspendedStock:
    """Its open lots are held; answers with them and with the past ones."""
    command = SuspendQualification(qualification_id=qualification_id, **_fields(data))
    return await suspend_qualification(parts.store, me.who, command)


@post("/api/suppliers/{supplier_id:str}/certificates", operation_id="add_supplier_certificate")
async def certificate(supplier_id: Id, data: JSONBody[CertificateBody], me: Me, parts: Has) -> SupplierView:
    """Beside the older ones."""
    command = AddSupplierCertificate(supplier_id=supplier_id, **_fields(data))
    await add_supplier_certificate(parts.store, me.who, command)
    return await supplier_view(me.reads(parts.store), supplier_id, await _today(me, parts))


@post("/api/suppliers/{supplier_id:str}/changes", operation_id="note_supplier_change")
async def change(supplier_id: Id, data: JSONBody[ChangeNoticeBody], me: Me, parts: Has) -> SupplierView:
    """What arrives of it is held from now on."""
    command = NoteSupplierChange(supplier_id=supplier_id, **_fields(data))
    await note_supplier_change(parts.store, me.who, command)
    return await supplier_view(me.reads(parts.store), supplier_id, await _today(me, parts))


@post("/api/supplier-changes/{change_id:str}/re-evaluation", operation_id="re_evaluate_supplier_change")
async def evaluate(change_id: Id, data: JSONBody[ReEvaluationBody], me: Me, parts: Has) -> SuspendedStock:
    """Qualified still, or suspended with what lies here."""
    command = ReEvaluateSupplierChange(change_id=change_id, **_fields(data))
    return await re_evaluate_supplier_change(parts.store, me.who, command)


@post("/api/suppliers/{supplier_id:str}/block", operation_id="block_supplier")
async def block(supplier_id: Id, data: JSONBody[BlockBody], me: Me, parts: Has) -> SuspendedStock:
    """For all that it delivers."""
    return await block_supplier(parts.store, me.who, BlockSupplier(supplier_id=supplier_id, **_fields(data)))


@post("/api/suppliers/{supplier_id:str}/unblock", operation_id="unblock_supplier")
async def unblock(supplier_id: Id, data: JSONBody[BlockBody], me: Me, parts: Has) -> SupplierView:
    """What it is qualified for stands as it did."""
    await unblock_supplier(parts.store, me.who, UnblockSupplier(supplier_id=supplier_id, **_fields(data)))
    return await supplier_view(me.reads(parts.store), supplier_id, await _today(me, parts))


async def _today(me: SignedIn, parts: Parts) -> str:
    return (await parts.store.today(me.who.site_id)).isoformat()


def _fields(data: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(data)


HANDLERS = [suppliers, supplier, card, qualify, suspend, certificate, change, evaluate, block, unblock]
