"""Nonconformity reports: the line in a list, and the whole report with what was read and what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from backend.domain.errors import NotFound, Reason
from backend.domain.inspections import Inspection
from backend.domain.ncrs import FollowUp, Ncr
from backend.domain.plan_versions import PlanVersion
from backend.domain.reworks import Rework
from backend.domain.words import Words
from backend.store.database import Row
from backend.store.reader import Reader
from backend.views.inspections import ReadingView, reading_of_id
from backend.views.lot_cards import Moment, moment
from backend.views.lots import ItemRef, item_ref
from backend.views.people import printed_names
from backend.views.similar_ncrs import Similar, similar_to


class NcrLine(msgspec.Struct, frozen=True):
    """One NCR in a list; quantity in the item's unit."""

    id: str
    number: str
    lot_number: str
    item: ItemRef
    characteristic: Words | None
    """None where a person reported it: `what` says it then."""
    severity: str
    status: str
    quantity: Decimal
    unit: str
    owner: str | None
    due_on: str
    opened_at: str
    version: int
    source: str | None
    what: str | None


class PersonRef(msgspec.Struct, frozen=True):
    """Somebody to choose."""

    id: str
    name: str


class FollowUpLine(msgspec.Struct, frozen=True):
    """A promise."""

    id: str
    what: str
    owner: PersonRef
    due_on: str
    done_at: str | None
    outcome: str | None
    asked_by: str | None = None
    """Id of who may take it back: they sent a release back for it."""


def promised(each: FollowUp, names: Mapping[str, str]) -> FollowUpLine:
    """With its owner's name."""
    owner = PersonRef(each.owner_id, names.get(each.owner_id, ""))
    return FollowUpLine(each.id, each.what, owner, each.due_on, each.done_at, each.outcome, each.asked_by)


class ReworkView(msgspec.Struct, frozen=True):
    """The rework that a report asked for; quantities in the item's stock unit."""

    id: str
    number: str
    status: str
    instruction: str
    quantity: Decimal
    done: str | None
    reworked: Decimal | None
    line: str | None
    equipment: str | None
    done_by: str | None
    done_at: str | None


class LimitsView(msgspec.Struct, frozen=True):
    """What the reading was judged by."""

    lower: Decimal | None
    upper: Decimal | None
    unit: str


class NcrReport(NcrLine, frozen=True):
    """The whole report: the line, and what stands behind it."""

    containment: str | None
    disposition: str | None
    justification: str | None
    reading: ReadingView | None
    limits: LimitsView | None
    attachments: list[str]
    opened_by: str | None
    similar: list[Similar]
    rework: ReworkView | None
    follow_ups: list[FollowUpLine]
    people: list[PersonRef]
    timeline: list[Moment]
    about_kind: str | None
    about_id: str | None
    """The audit exception that it was opened from."""


_SELECT = (
    "select ncr.id, ncr.number, lot.number, item.id, item.code, item.name, item.unit, item.kind, "
    "ncr.characteristic, inspection.plan_version_id, ncr.severity, ncr.status, ncr.quantity, "
    "person.printed_name, ncr.due_on, ncr.opened_at, ncr.version, ncr.source, ncr.what from ncr "
    "join lot on lot.id = ncr.lot_id join item on item.id = lot.item_id "
    "left join inspection on inspection.id = ncr.inspection_id "
    "left join person on person.id = ncr.owner_id"
)


async def list_ncrs(read: Reader, site_id: str, open_only: bool = False) -> list[NcrLine]:
    """Those that are not closed first, by due day."""
    condition = " and ncr.status <> 'closed'" if open_only else ""
    rows = await read.rows(
        f"{_SELECT} where ncr.site_id = $1{condition} "
        "order by case when ncr.status = 'closed' then 1 else 0 end, ncr.due_on, ncr.number limit 200",
        site_id,
    )
    return await _lines(read, rows)


async def _lines(read: Reader, rows: Sequence[Row]) -> list[NcrLine]:
    names: dict[tuple[str, str], Words] = {}
    for version_id in {row[9] for row in rows if row[8] is not None}:
        version = await read.get(PlanVersion, version_id)
        names |= {(version_id, c.code): c.name for c in version.document.characteristics}
    return [
        NcrLine(
            row[0],
            row[1],
            row[2],
            item_ref(row[3:8]),
            names[(row[9], row[8])] if row[8] is not None else None,
            row[10],
            row[11],
            Decimal(row[12]),
            row[6],
            row[13],
            row[14],
            row[15],
            row[16],
            row[17],
            row[18],
        )
        for row in rows
    ]


async def ncr_line(read: Reader, ncr_id: str) -> NcrLine:
    """By id."""
    mine = "($2 = '' or ncr.site_id = $2)"
    rows = await read.rows(f"{_SELECT} where ncr.id = $1 and {mine}", ncr_id, read.site_id)
    if not rows:
        raise NotFound(Reason("not_found", {"kind": "ncr", "id": ncr_id}))
    return (await _lines(read, rows))[0]


async def ncr_report(read: Reader, ncr_id: str) -> NcrReport:
    """By id."""
    line = await ncr_line(read, ncr_id)
    ncr = await read.get(Ncr, ncr_id)
    reading, limits = await _found(read, ncr)
    names = await printed_names(read, ncr.site_id)
    follow_ups = await read.rows(
        "select follow_up.id, what, person.id, printed_name, due_on, done_at, outcome from follow_up "
        "join person on person.id = follow_up.owner_id where ncr_id = $1 order by due_on, follow_up.id",
        ncr_id,
    )
    events = await read.rows(
        "select event.body, person.printed_name from event left join person on person.id = event.person_id "
        "where event.subject_id = $1 order by event.seq",
        ncr_id,
    )
    return NcrReport(
        **msgspec.structs.asdict(line),
        containment=ncr.containment,
        disposition=ncr.disposition,
        justification=ncr.justification,
        reading=reading,
        limits=limits,
        attachments=ncr.attachments or [],
        opened_by=names.get(ncr.opened_by or ""),
        similar=await similar_to(read, ncr),
        rework=await _rework(read, ncr, names),
        follow_ups=[FollowUpLine(f[0], f[1], PersonRef(f[2], f[3]), f[4], f[5], f[6]) for f in follow_ups],
        people=await active_people(read, ncr.site_id),
        timeline=[moment(body, person) for body, person in events],
        about_kind=ncr.about_kind,
        about_id=ncr.about_id,
    )


async def _found(read: Reader, ncr: Ncr) -> tuple[ReadingView | None, LimitsView | None]:
    """The reading that opened it and what it was judged by; a person's report has neither."""
    if ncr.reading_id is None or ncr.inspection_id is None:
        return None, None
    inspection = await read.get(Inspection, ncr.inspection_id)
    version = await read.get(PlanVersion, inspection.plan_version_id)
    characteristic = next(c for c in version.document.characteristics if c.code == ncr.characteristic)
    limits = LimitsView(characteristic.lower, characteristic.upper, characteristic.unit)
    return await reading_of_id(read, ncr.reading_id), limits


async def _rework(read: Reader, ncr: Ncr, names: dict[str, str]) -> ReworkView | None:
    rework = await read.first(Rework, "ncr_id = $1", ncr.id)
    if rework is None:
        return None
    return ReworkView(
        rework.id,
        rework.number,
        rework.status,
        rework.instruction,
        rework.quantity,
        rework.done,
        rework.reworked,
        rework.line,
        rework.equipment,
        names.get(rework.done_by or ""),
        rework.done_at,
    )


async def active_people(read: Reader, site_id: str) -> list[PersonRef]:
    """Everybody who can own something."""
    rows = await read.rows(
        "select id, printed_name from person where site_id = $1 and active order by printed_name", site_id
    )
    return [PersonRef(*row) for row in rows]
