"""Reports by what they are about, each as one list of fields (AUD-4)."""

from __future__ import annotations

from backend.domain.errors import Refused
from backend.domain.record_exports import Field, Kind, RecordExport
from backend.domain.reports import REPORTS, Filters, against_filters
from backend.store.reader import Reader
from backend.views.batch_records import batch_record
from backend.views.record_exports import lot_export


async def report(read: Reader, site_id: str, kind: Kind, filters: Filters, at: str, by: str) -> RecordExport:
    """The report at the instant `at` for somebody of that printed name. Refuses filters that it has no use for."""
    if reasons := against_filters(kind, filters):
        raise Refused(*reasons)
    if kind == "lot_history":
        return await lot_export(read, site_id, filters.lot or "", at, by)
    fields = await _fields(read, site_id, kind, filters)
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    about = getattr(filters, REPORTS[kind].needs or "", None)
    return RecordExport(kind, about or at[:10], zone, at, by, fields)


async def _fields(read: Reader, site_id: str, kind: Kind, filters: Filters) -> list[Field]:
    return await batch_record(read, site_id, filters.order or "")
