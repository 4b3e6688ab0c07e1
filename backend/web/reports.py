"""Reports on the way out, on paper and for machines; each is noted in the log (AUD-4, AUD-9)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from backend.actions.note_report import NoteReport, note_report
from backend.domain.certificates import Language
from backend.domain.record_exports import Format, Kind, RecordExport
from backend.domain.reports import REPORTS, Filters
from backend.store.witness import Witness
from backend.views.audit_extracts import Prove, Proved
from backend.views.reports import report
from backend.web.asking import Has, Me, ask_right
from backend.web.record_exports import MEDIA, written

Text = FromQuery[str | None]


@get("/api/reports/{kind:str}", operation_id="export_report")
async def export(
    kind: FromPath[Kind],
    me: Me,
    parts: Has,
    form: FromQuery[Format] = "pdf",
    language: FromQuery[Language] = "en",
    since: Text = None,
    until: Text = None,
    lot: Text = None,
    order: Text = None,
    supplier: Text = None,
    item: Text = None,
    line: Text = None,
    equipment: Text = None,
    person: Text = None,
    type: Text = None,
    recall: Text = None,
) -> Response[bytes]:
    """One report: the same fields in each form. What holds events of the log asks for the log's right."""
    filters = Filters(since, until, lot, order, supplier, item, line, equipment, person, type, recall)
    if (right := REPORTS[kind].right) is not None:
        await ask_right(me, parts, right)
    read, now = parts.store.read_long, parts.store.clock()
    found = await report(read, prover(parts.log), me.who.site_id, kind, filters, now, me.who.printed_name)
    body = await written(parts, found, form, language)
    sha256 = hashlib.sha256(body).hexdigest()
    command = NoteReport(id=parts.store.new_id(), kind=kind, filters=filters, format=form, sha256=sha256)
    await note_report(parts.store, me.who, command)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(found)}.{form}"'}
    return Response(body, media_type=MEDIA[form], headers=headers)


def prover(log: Witness) -> Prove:
    """What proves events by the log's own tree."""

    async def prove(seqs: Sequence[int]) -> Proved:
        paths, checkpoint = await log.proofs(seqs)
        return Proved(paths, checkpoint, log.vkey)

    return prove


def file_name(found: RecordExport) -> str:
    """`batch_record-PO-100`: what any file system takes."""
    return f"{found.kind}-{re.sub(r'[^A-Za-z0-9._-]+', '_', found.number)[:60]}"


HANDLERS = [export]
