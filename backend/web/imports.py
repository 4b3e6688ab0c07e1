"""Master data from spreadsheets: tried first, then taken over, all or nothing (IMP-1)."""

from __future__ import annotations

import asyncio
import hashlib

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from backend.actions.import_sheet import Imported, ImportSheet, import_sheet
from backend.domain.import_kinds import ImportKind
from backend.domain.imports import Sheet, read_import
from backend.views.imports import SheetTrial, sheet_trial
from backend.web.asking import Has, Me
from backend.web.files import bytes_of
from backend.web.parts import Parts

Kind = FromPath[ImportKind]
LIMIT = 32 * 2**20
MOST_ROWS = 20_000
"""More at a time are imported on the command line, so that nobody waits for the writer meanwhile."""


class SheetBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`file`: its bytes, base64. `columns`: headers by field, where they are not known by name."""

    file: str
    columns: dict[str, str] = {}


class ImportSheetBody(SheetBody, kw_only=True, forbid_unknown_fields=True):
    """`name`: what the file is called."""

    id: str
    name: str
    device_at: str | None = None


@post(
    "/api/imports/{kind:str}/trial",
    status_code=200,
    operation_id="get_sheet_trial",
    request_max_body_size=LIMIT,
)
async def trial(kind: Kind, data: JSONBody[SheetBody], me: Me, parts: Has) -> SheetTrial:
    """What the file would do: rows that are new, changed, the same; cells that are wrong."""
    sheet, _ = await _read(parts, kind, data)
    today = await parts.store.today(me.who.site_id)
    return await sheet_trial(me.reads(parts.store), me.who, sheet, today)


@post("/api/imports/{kind:str}", operation_id="import_sheet", request_max_body_size=LIMIT)
async def take_over(kind: Kind, data: JSONBody[ImportSheetBody], me: Me, parts: Has) -> Imported:
    """Write every row of the file, or none."""
    sheet, sha256 = await _read(parts, kind, data)
    command = ImportSheet(id=data.id, sheet=sheet, name=data.name, sha256=sha256, device_at=data.device_at)
    return await import_sheet(parts.store, me.who, command)


async def _read(parts: Parts, kind: ImportKind, data: SheetBody) -> tuple[Sheet, str]:
    body = bytes_of(data.file)

    def read() -> Sheet:
        return read_import(kind, parts.read_table(body), data.columns, MOST_ROWS)

    return await asyncio.to_thread(read), hashlib.sha256(body).hexdigest()


HANDLERS = [trial, take_over]
