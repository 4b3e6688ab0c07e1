"""Records on the way out, on paper and for machines; each export is noted in the log (AUD-4, AUD-9)."""

from __future__ import annotations

import asyncio
import hashlib

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, JSONBody

from backend.actions.lift_legal_hold import LiftLegalHold, lift_legal_hold
from backend.actions.note_export import NoteExport, note_export
from backend.actions.set_legal_hold import SetLegalHold, set_legal_hold
from backend.domain.certificates import Language
from backend.domain.record_exports import Format, RecordExport, as_csv, as_json
from backend.domain.retention import Keeping, LegalHold
from backend.views.record_exports import lot_export
from backend.views.retention import keeping
from backend.web.asking import Has, Id, Me, ask_right
from backend.web.parts import Parts

MEDIA: dict[Format, str] = {
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@get("/api/lots/{number:str}/export", operation_id="export_lot")
async def export(
    number: Id, me: Me, parts: Has, form: FromQuery[Format] = "pdf", language: FromQuery[Language] = "en"
) -> Response[bytes]:
    """Its whole history: the same fields in each form. Its events are the log's, so it asks for the log's right."""
    await ask_right(me, parts, "read_log")
    found = await lot_export(
        parts.store.read_long, me.who.site_id, number, parts.store.clock(), me.who.printed_name
    )
    body = await written(parts, found, form, language)
    digest = hashlib.sha256(body).hexdigest()
    command = NoteExport(id=parts.store.new_id(), lot_number=found.number, format=form, sha256=digest)
    await note_export(parts.store, me.who, command)
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.{form}"'}
    return Response(body, media_type=MEDIA[form], headers=headers)


async def written(parts: Parts, found: RecordExport, form: Format, language: Language) -> bytes:
    """The file, made beside the loop."""
    return await asyncio.to_thread(_written, parts, found, form, language)


def _written(parts: Parts, found: RecordExport, form: Format, language: Language) -> bytes:
    if form == "json":
        return as_json(found)
    return as_csv(found) if form == "csv" else parts.print_record(found, form, language)


@get("/api/lots/{number:str}/keeping", operation_id="lot_keeping")
async def kept_until(number: Id, me: Me, parts: Has) -> Keeping:
    """Until which day its record is kept, and which rules say so (AUD-10)."""
    return await keeping(parts.store.read_long, me.who.site_id, number)


class LegalHoldBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why."""

    id: str
    reason: str
    device_at: str | None = None


@post("/api/lots/{number:str}/legal-holds", operation_id="set_legal_hold")
async def set_hold(number: Id, data: JSONBody[LegalHoldBody], me: Me, parts: Has) -> Keeping:
    """Nothing of it is removed until the hold is lifted."""
    command = SetLegalHold(lot_number=number, **msgspec.structs.asdict(data))
    await set_legal_hold(parts.store, me.who, command)
    return await keeping(parts.store.read_long, me.who.site_id, number)


@post("/api/legal-holds/{hold_id:str}/lift", operation_id="lift_legal_hold")
async def lift_hold(hold_id: Id, data: JSONBody[LegalHoldBody], me: Me, parts: Has) -> LegalHold:
    """The time of keeping counts again."""
    command = LiftLegalHold(hold_id=hold_id, **msgspec.structs.asdict(data))
    return await lift_legal_hold(parts.store, me.who, command)


HANDLERS = [export, kept_until, set_hold, lift_hold]
