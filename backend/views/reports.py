"""Reports by what they are about, each as one list of fields (AUD-4)."""

from __future__ import annotations

from backend.domain.errors import Refused
from backend.domain.record_exports import Kind, RecordExport
from backend.domain.reports import REPORTS, Filters, against_filters
from backend.store.reader import Reader
from backend.views.audit_extracts import Prove, audit_extract
from backend.views.batch_records import batch_record
from backend.views.lot_lists import lot_list
from backend.views.recall_reports import recall_fields
from backend.views.record_exports import lot_export
from backend.views.supplier_reports import supplier_report
from backend.views.trace_lists import trace_list


async def report(
    read: Reader, prove: Prove, site_id: str, kind: Kind, filters: Filters, at: str, by: str
) -> RecordExport:
    """The report at the instant `at` for somebody of that printed name. Refuses filters that it has no use for."""
    if reasons := against_filters(kind, filters):
        raise Refused(*reasons)
    if kind == "lot_history":
        return await lot_export(read, site_id, filters.lot or "", at, by)
    match kind:
        case "batch_record":
            fields = await batch_record(read, site_id, filters.order or "", at)
        case "supplier_report":
            fields = await supplier_report(read, site_id, filters, at)
        case "audit_extract":
            fields = await audit_extract(read, site_id, filters, prove)
        case "trace_list":
            fields = await trace_list(read, site_id, filters)
        case "recall_report" | "mock_recall_report":
            mock = kind == "mock_recall_report"
            fields = await recall_fields(read, site_id, filters.recall or "", mock)
        case _:
            fields = await lot_list(read, site_id, filters)
    zone = (await read.rows("select zone from site where id = $1", site_id))[0][0]
    about = getattr(filters, REPORTS[kind].needs or "", None)
    return RecordExport(kind, about or at[:10], zone, at, by, fields)
