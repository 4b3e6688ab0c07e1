"""The measures of each role's page, read from their records: a table of code, form and statement.

Each statement gives kind, id, number, text, instant, group, hit; `$1` the site, `$2` the first day of the period.
What is open is counted whatever its age.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, get_args

import msgspec

from backend.domain.dashboards import Form, KeyFigure, Page, Record, Reported, Tally, behind, figure
from backend.domain.errors import NotFound, Reason
from backend.domain.lots import LotStatus
from backend.domain.ncrs import Ncr
from backend.store.many import among
from backend.store.reader import Reader

PERIODS = (30, 90, 365)
MOST_RECORDS = 200
ON_TIME = timedelta(hours=24)
"""An inspection that is finished within a day of its opening was done on time."""


class Counted(NamedTuple):
    """One measure: how it is counted, and from which records."""

    code: str
    form: Form
    sql: str


class DashboardView(msgspec.Struct, frozen=True):
    """A page: its figures, counted from `since` to `today`; lots by state are as they stand now."""

    page: Page
    days: int
    since: str
    today: str
    figures: list[KeyFigure]
    lots: list[StateCount]


class StateCount(msgspec.Struct, frozen=True):
    """How many lots stand so."""

    status: str
    count: int


class RecordsView(msgspec.Struct, frozen=True):
    """The records behind a number; `more`: how many are not shown."""

    code: str
    key: str | None
    records: list[Record]
    more: int


_LOT_OF_INSPECTION = "(select lot.number from lot where lot.id = inspection.lot_id)"
_FINISHED = (
    "select 'inspection' as kind, inspection.id as id, inspection.number as number, "
    f"{_LOT_OF_INSPECTION} as text, "
    "inspection.finished_at as at, '' as \"group\", {hit} as hit from inspection where inspection.site_id = $1 "
    "and inspection.finished_at is not null and substr(inspection.finished_at, 1, 10) >= $2"
)
_PASSED = _FINISHED.format(hit="case when inspection.status = 'passed' then 1 else 0 end") + (
    " and inspection.repeats is null and inspection.purpose is null"
)
_NCR = (
    "select 'ncr' as kind, ncr.id as id, ncr.number as number, coalesce(ncr.what, ncr.characteristic) as text, "
    'ncr.opened_at as at, {group} as "group", 1 as hit from ncr '
    "join lot on lot.id = ncr.lot_id join item on item.id = lot.item_id "
    "left join supplier on supplier.id = lot.supplier_id where ncr.site_id = $1 and ncr.opened_at >= $2"
)
_OPEN = (
    "select '{kind}' as kind, id, number, {text} as text, opened_at as at, '' as \"group\", 1 as hit from {table} "
    "where site_id = $1 and status not in ({done}) and $2 <> ''"
)
_RECEIVED = (
    "select 'lot' as kind, receipt.lot_id as id, (select lot.number from lot where lot.id = receipt.lot_id) as number, "
    "(select item.code from lot join item on item.id = lot.item_id where lot.id = receipt.lot_id) as text, "
    "receipt.received_at as at, '' as \"group\", 1 as hit from receipt "
    "where receipt.site_id = $1 and receipt.source = '{source}' and substr(receipt.received_at, 1, 10) >= $2"
)
_MADE = (
    "select 'lot' as kind, lot.id as id, lot.number as number, item.code as text, receipt.received_at as at, "
    'process_fact.code as "group", 1 as hit from receipt '
    "join lot on lot.id = receipt.lot_id join item on item.id = lot.item_id "
    "join process_fact on process_fact.lot_id = lot.id and process_fact.kind = '{kind}' "
    "where receipt.site_id = $1 and receipt.source = 'production' and substr(receipt.received_at, 1, 10) >= $2"
)
_EVENT = (
    "select 'event' as kind, event.id as id, cast(event.seq as text) as number, "
    "coalesce(person.printed_name, '') as text, event.at as at, {group} as \"group\", 1 as hit "
    "from event left join person on person.id = event.person_id "
    "where event.site_id = $1 and event.at >= $2 and event.type in ({types})"
)
PAGES: dict[Page, tuple[Counted, ...]] = {
    "quality": (
        Counted("first_pass_yield", "share_by_week", _PASSED),
        Counted("ncr_trend", "by_week", _NCR.format(group="''")),
        Counted(
            "ncr_pareto", "pareto", _NCR.format(group="item.code || ' · ' || coalesce(ncr.characteristic, '!')")
        ),
        Counted("ncr_supplier", "pareto", _NCR.format(group="coalesce(supplier.name, '-')")),
        Counted(
            "ncr_open", "ages", _OPEN.format(kind="ncr", table="ncr", text="coalesce(what, characteristic)",
                                             done="'closed'"),
        ),
        Counted(
            "capa_open", "ages", _OPEN.format(kind="capa", table="capa", text="title",
                                              done="'closed', 'withdrawn'"),
        ),
        Counted(
            "complaint_open", "ages", _OPEN.format(kind="complaint", table="complaint", text="described",
                                                   done="'closed'"),
        ),
        Counted(
            "recall_exposure", "pareto",
            "select 'recall' as kind, recall.id as id, recall.number as number, lot.number as text, "
            "recall.first_at as at, consignee.name as \"group\", 1 as hit "
            "from recall_line join recall on recall.id = recall_line.recall_id "
            "join lot on lot.id = recall_line.lot_id join consignee on consignee.id = recall_line.consignee_id "
            "where recall.site_id = $1 and recall.status = 'in_force' and recall_line.fate is null and $2 <> ''",
        ),
    ),
    "production": (
        Counted(
            "on_time", "share_by_week",
            _FINISHED.format(
                hit="case when substr(inspection.finished_at, 1, 10) = substr(inspection.opened_at, 1, 10) then 1 "
                "when inspection.finished_at <= {later} then 1 else 0 end"
            ),
        ),
        Counted(
            "rework_rate", "share",
            _FINISHED.format(
                hit="case when inspection.id in (select ncr.inspection_id from ncr where ncr.disposition = 'rework' "
                "and ncr.inspection_id is not null union select rework.inspection_id from rework "
                "where rework.inspection_id is not null) then 1 else 0 end"
            ),
        ),
        Counted(
            "received", "by_week",
            _RECEIVED.format(source="delivery"),
        ),
        Counted(
            "made", "by_week",
            _RECEIVED.format(source="production"),
        ),
        Counted("made_on_line", "pareto", _MADE.format(kind="line")),
        Counted("made_on_equipment", "pareto", _MADE.format(kind="equipment")),
        Counted(
            "waiting", "ages",
            "select 'inspection' as kind, inspection.id as id, inspection.number as number, "
            f"{_LOT_OF_INSPECTION} as text, inspection.opened_at as at, '' as \"group\", 1 as hit from inspection "
            "where inspection.site_id = $1 and inspection.status in ('open', 'in_progress') "
            "and inspection.opened_at > '' and $2 <> ''",
        ),
    ),
    "compliance": (
        Counted(
            "signatures", "pareto",
            "select 'signature' as kind, id, printed_name as number, subject_kind as text, signed_at as at, "
            "meaning as \"group\", 1 as hit from signature "
            "where site_id = $1 and signed_at >= $2",
        ),
        Counted("refusals", "pareto", _EVENT.format(group="coalesce(person.printed_name, '-')", types="'refused'")),
        Counted(
            "security", "by_week",
            _EVENT.format(group="''", types="'signing_failed', 'security'"),
        ),
        Counted(
            "corrections", "by_week",
            "select 'inspection' as kind, inspection.id as id, inspection.number as number, "
            "reading.characteristic as text, reading.at as at, '' as \"group\", 1 as hit from reading "
            "join inspection on inspection.id = reading.inspection_id "
            "where reading.site_id = $1 and reading.corrects is not null and reading.at >= $2",
        ),
        Counted("exports", "pareto", _EVENT.format(group="coalesce(person.printed_name, '-')",
                                                   types="'record_exported'")),
        Counted(
            "access_changes", "by_week",
            _EVENT.format(group="''", types="'person_added', 'roles_set', 'person_deactivated', 'right_changed'"),
        ),
        Counted(
            "promises_open", "ages",
            "select 'follow_up' as kind, coalesce(ncr_id, subject_id) as id, person.printed_name as number, "
            "what as text, due_on as at, '' as \"group\", 1 as hit "
            "from follow_up join person on person.id = follow_up.owner_id "
            "where follow_up.site_id = $1 and done_at is null and due_on >= '' and $2 <> ''",
        ),
        Counted(
            "change_open", "ages",
            _OPEN.format(kind="change_request", table="change_request", text="title", done="'closed', 'withdrawn'"),
        ),
    ),
}  # fmt: skip

_AS_THEY_STAND = " union all ".join(
    f"select '{status}', (select count(*) from lot where site_id = $1 and status = '{status}')"
    for status in sorted(get_args(LotStatus))
)
"""One range of an index a state: to group a million lots takes twice as long."""


async def dashboard(read: Reader, site_id: str, page: Page, days: int, today: date) -> DashboardView:
    """All figures of a page, tallied where the records lie."""
    since = today - timedelta(days=days - 1)
    figures = []
    for each in PAGES[page]:
        by_day = each.form != "pareto"
        shown, by = ("substr(at, 1, 10), ''", "substr(at, 1, 10)") if by_day else ("'', \"group\"", '"group"')
        sql = f"select {shown}, count(*), sum(hit) from ({_sql(read, each)}) as counted group by {by}"
        tallies = []
        for day, group, count, hits in await read.rows(sql, site_id, since.isoformat()):
            tallies += [Tally(day, group, True, int(hits)), Tally(day, group, False, int(count - hits))]
        figures.append(figure(each.code, each.form, tallies, since, today))
    rows = await read.rows(_AS_THEY_STAND, site_id) if page == "production" else []
    lots = [StateCount(status, int(count)) for status, count in rows if count]
    return DashboardView(page, days, since.isoformat(), today.isoformat(), figures, lots)


async def records_behind(
    read: Reader, site_id: str, page: Page, code: str, key: str | None, days: int, today: date
) -> RecordsView:
    """What one number, or one bar of it, was counted from."""
    counted = next((each for each in PAGES[page] if each.code == code), None)
    if counted is None:
        raise NotFound(Reason("not_found", {"kind": "measure", "id": code}))
    since = (today - timedelta(days=days - 1)).isoformat()
    rows = await read.rows(
        f'select kind, id, number, text, at, "group", hit from ({_sql(read, counted)}) as counted',
        site_id,
        since,
    )
    records = [
        Record(kind, id, number, text or "", at, group, bool(hit))
        for kind, id, number, text, at, group, hit in rows
    ]
    found = behind(counted.form, records, key, today)
    shown = found[:MOST_RECORDS]
    if page == "compliance":
        known = await _reported(read, [each.id for each in shown])
        shown = [msgspec.structs.replace(each, reported=known.get((each.kind, each.id))) for each in shown]
    return RecordsView(code, key, shown, max(0, len(found) - MOST_RECORDS))


async def _reported(read: Reader, ids: Sequence[str]) -> dict[tuple[str, str], Reported]:
    """The latest report of each exception, by its kind and id."""
    which = among(read, "about_id", ids)
    reports = await read.all(Ncr, f"{which.where} order by opened_at, id", which.argument)
    return {
        (each.about_kind or "", each.about_id or ""): Reported(each.id, each.number, each.status != "closed")
        for each in reports
    }


def _sql(read: Reader, counted: Counted) -> str:
    """In the engine's own words."""
    return counted.sql.replace("{later}", _later(read.dialect))


def _later(dialect: str) -> str:
    """A day after the opening, in the one text form of instants."""
    if dialect == "sqlite":
        return "strftime('%Y-%m-%dT%H:%M:%f', inspection.opened_at, '+1 day')"
    return (
        "to_char((inspection.opened_at::timestamptz + interval '1 day') at time zone 'utc', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS.MS')"
    )
