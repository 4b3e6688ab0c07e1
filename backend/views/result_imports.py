"""A file of results held against an inspection, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping

from backend.domain.gauges import Gauge
from backend.domain.instrument_csv import DecimalSign, Role, read_sheet
from backend.domain.people import Who
from backend.domain.result_imports import Ground, ImportTrial, try_import
from backend.store.gauging import remembered
from backend.store.inspecting import Case, case_of
from backend.store.reader import Reader


async def import_trial(
    read: Reader,
    who: Who,
    inspection_id: str,
    data: bytes,
    *,
    today: str,
    columns: Mapping[Role, str] | None = None,
    decimal: DecimalSign = "",
    again: bool = False,
) -> ImportTrial:
    """What the file would do. Refuses what can't be read as a table at all.

    `again`: a command that was carried out is repeated, so its own answers do not stand in the way.
    """
    sheet = read_sheet(data, columns)
    case = await case_of(read, inspection_id)
    gauges = await read.all(Gauge, "site_id = $1 and status <> 'retired' order by code", who.site_id)
    ground = Ground(
        case.document,
        case.asked,
        frozenset(() if again else (reading.item_key for reading in case.readings)),
        {gauge.code.casefold(): gauge for gauge in gauges},
        _remembered(case, gauges, who.person_id),
        today,
    )
    return try_import(sheet, ground, decimal)


def _remembered(case: Case, gauges: list[Gauge], person_id: str) -> dict[str, Gauge]:
    """By type, the gauge that this person used last in this inspection."""
    by_id = {gauge.id: gauge for gauge in gauges}
    types = {each.instrument_type for each in case.document.characteristics if each.instrument_type}
    found = {}
    for wanted in types:
        gauge = by_id.get(remembered(case.document, case.readings, person_id, wanted) or "")
        if gauge is not None:
            found[wanted] = gauge
    return found
