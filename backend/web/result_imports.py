"""Results of an inspection from the file of an instrument: tried first, then recorded, all or none (RES-9)."""

from __future__ import annotations

from typing import Literal

import msgspec
from litestar import post
from litestar.params import JSONBody

from backend.actions.record_results import from_file, record_results
from backend.domain.answering import Recorded
from backend.domain.instrument_csv import DecimalSign, Role
from backend.domain.result_imports import ImportTrial, to_record
from backend.domain.sessions import CommandRecord
from backend.views.result_imports import import_trial
from backend.web.asking import Has, Id, Me
from backend.web.files import bytes_of
from backend.web.parts import Parts
from backend.web.session import SignedIn


class FileBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`file`: its bytes, base64. `columns`: headers by what they hold, where they are not known by name."""

    file: str
    columns: dict[Role, str] = {}
    decimal: DecimalSign = ""


class ImportBody(FileBody, kw_only=True, forbid_unknown_fields=True):
    """`confirmed`: keys of the items whose doubts were looked at; `source`: an instrument wrote it, or somebody did."""

    id: str
    name: str
    confirmed: list[str] = []
    source: Literal["instrument", "import"] = "instrument"
    device_at: str | None = None


@post("/api/inspections/{inspection_id:str}/import/trial", status_code=200, operation_id="get_import_trial")
async def trial(inspection_id: Id, data: JSONBody[FileBody], me: Me, parts: Has) -> ImportTrial:
    """What the file would do: results, cells that are wrong, cells to be confirmed."""
    return await _tried(parts, me, inspection_id, data)


@post("/api/inspections/{inspection_id:str}/import", operation_id="import_results")
async def import_results(inspection_id: Id, data: JSONBody[ImportBody], me: Me, parts: Has) -> Recorded:
    """Record every result of the file, or none."""
    again = await parts.store.read.first(CommandRecord, "id = $1", data.id) is not None
    found = to_record(await _tried(parts, me, inspection_id, data, again), data.confirmed)
    command = from_file(data.id, inspection_id, found, data.name, bytes_of(data.file), data.device_at)
    return await record_results(parts.store, msgspec.structs.replace(me.who, source=data.source), command)


async def _tried(
    parts: Parts, me: SignedIn, inspection_id: str, data: FileBody, again: bool = False
) -> ImportTrial:
    return await import_trial(
        me.reads(parts.store),
        me.who,
        inspection_id,
        bytes_of(data.file),
        today=(await parts.store.today(me.who.site_id)).isoformat(),
        columns=data.columns,
        decimal=data.decimal,
        again=again,
    )


HANDLERS = [trial, import_results]
