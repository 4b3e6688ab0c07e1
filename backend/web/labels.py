"""Labels of our own lots: print them, say what became of them."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody

from backend.actions.accept_missing_labels import AcceptMissingLabels, accept_missing_labels
from backend.actions.print_labels import PrintLabels, print_labels
from backend.actions.reconcile_labels import ReconcileLabels, reconcile_labels
from backend.domain.label_counts import LabelBalance
from backend.domain.lot_labels import MEDIA, Media, media_named
from backend.views.lot_labels import lot_label
from backend.web.asking import Has, Id, Me


class PrintBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How many, on what; `quantity` is what is to stand on each."""

    id: str
    copies: int
    media: str
    format: str = "pdf"
    dpi: int = 203
    quantity: str | None = None
    device_at: str | None = None


class ReconcileBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What became of them, beside what was counted before."""

    id: str
    used: int = 0
    destroyed: int = 0
    returned: int = 0
    missing: int = 0
    reason: str | None = None
    device_at: str | None = None


class AcceptBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How many were shown as missing, and why that may be."""

    id: str
    count: int
    reason: str
    device_at: str | None = None


@get("/api/label-media", operation_id="list_label_media")
async def media(me: Me) -> list[Media]:
    """What labels can be printed on."""
    return list(MEDIA)


@post("/api/lots/{number:str}/labels", operation_id="print_labels", status_code=200)
async def print_them(number: Id, data: JSONBody[PrintBody], me: Me, parts: Has) -> Response[bytes]:
    """The file to print; counted as printed, once a command however often it is asked for."""
    command = PrintLabels(lot_number=number, **msgspec.structs.asdict(data))
    await print_labels(parts.store, me.who, command)
    label = await lot_label(parts.store.read, me.who.site_id, number, data.quantity, parts.store.clock())
    on = media_named(data.media, data.format, data.copies, data.dpi)
    made = await asyncio.to_thread(parts.draw_labels, [label], on, data.copies, data.format, data.dpi)
    kind = "application/pdf" if data.format == "pdf" else "application/octet-stream"
    headers = {"content-disposition": f'inline; filename="{label.number}-labels.{data.format}"'}
    return Response(made, media_type=kind, headers=headers)


@post("/api/lots/{lot_id:str}/label-counts", operation_id="reconcile_labels")
async def reconcile(lot_id: Id, data: JSONBody[ReconcileBody], me: Me, parts: Has) -> LabelBalance:
    """Used, destroyed, returned, missing."""
    command = ReconcileLabels(lot_id=lot_id, **msgspec.structs.asdict(data))
    return await reconcile_labels(parts.store, me.who, command)


@post("/api/lots/{lot_id:str}/missing-labels", operation_id="accept_missing_labels")
async def accept_missing(lot_id: Id, data: JSONBody[AcceptBody], me: Me, parts: Has) -> LabelBalance:
    """A second person accepts them."""
    command = AcceptMissingLabels(lot_id=lot_id, **msgspec.structs.asdict(data))
    return await accept_missing_labels(parts.store, me.who, command)


HANDLERS = [media, print_them, reconcile, accept_missing]
