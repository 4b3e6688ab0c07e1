"""What waits for a person, by their roles; and what they were told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from backend.domain.events import Value
from backend.domain.inspections import ClassSampling
from backend.domain.ncrs import Matter
from backend.domain.people import Who
from backend.domain.plans import items
from backend.domain.series import severities_of
from backend.store.inspecting import case_of, document_of
from backend.store.reader import Reader
from backend.views.gauges import AssessmentLine, GaugeLine, assessments, due_gauges
from backend.views.lots import ItemRef, item_ref
from backend.views.ncrs import NcrLine, list_ncrs
from backend.views.stuck import StuckLine, stuck, stuck_webhooks


class InspectionLine(msgspec.Struct, frozen=True):
    """An inspection that waits or is under way."""

    id: str
    number: str
    lot_number: str
    item: ItemRef
    stage: str
    status: str
    answered: int
    total: int
    opened_at: str
    supplier: str | None
    mine: bool = False
    """Handed over to me, or the latest answer in it is mine."""


class ReleaseLine(msgspec.Struct, frozen=True):
    """A receipt whose inspections are done and of which something is undecided: that quantity."""

    receipt_id: str
    lot_number: str
    item: ItemRef
    quantity: Decimal
    unit: str
    ready: bool


class FollowUpLine(msgspec.Struct, frozen=True):
    """A promise of mine that is not kept yet."""

    id: str
    ncr_id: str
    ncr_number: str
    """Of the report, CAPA or change that it belongs to, or the lot; `kind` says which, `ncr_id` is its id."""
    what: str
    due_on: str
    kind: Matter = "ncr"


class Worklist(msgspec.Struct, frozen=True):
    """Everything that waits."""

    inspections: list[InspectionLine]
    ncrs: list[NcrLine]
    releases: list[ReleaseLine]
    follow_ups: list[FollowUpLine]
    assessments: list[AssessmentLine]
    gauges: list[GaugeLine]
    """Due within two weeks, overdue or out of tolerance."""
    notices_unseen: int
    stuck: list[StuckLine] = []
    """For supervisors and managers."""
    inspections_more: int = 0
    """Open inspections that are not listed: the list ends at a hundred."""


class NoticeLine(msgspec.Struct, frozen=True):
    """Something that I was told."""

    id: str
    code: str
    subject_kind: str
    subject_id: str
    facts: dict[str, Value]
    created_at: str
    seen_at: str | None


MOST_LISTED = 100
_SAMPLING = msgspec.json.Decoder(list[ClassSampling])


async def worklist(read: Reader, who: Who, today: date, now: str | None = None) -> Worklist:
    """By the roles that the person holds; `now`: to say what is stuck as well."""
    roles = set(who.roles)
    quality = bool(roles & {"quality_engineer", "quality_manager"})
    unseen = await read.rows(
        "select count(*) from notice where person_id = $1 and seen_at is null", who.person_id
    )
    decides = bool(roles & {"supervisor", "quality_manager"})
    inspections = await open_inspections(read, who) if "inspector" in roles else []
    return Worklist(
        inspections=inspections,
        ncrs=await list_ncrs(read, who.site_id, open_only=True) if quality else [],
        releases=await waiting_releases(read, who.site_id) if decides else [],
        follow_ups=await my_follow_ups(read, who.person_id),
        assessments=await assessments(read, who.site_id, open_only=True) if quality else [],
        gauges=await due_gauges(read, who.site_id, today) if quality else [],
        notices_unseen=int(unseen[0][0]),
        stuck=await _stuck(read, who, now, today) if now else [],
        inspections_more=await _more(read, who.site_id, len(inspections)),
    )


async def _stuck(read: Reader, who: Who, now: str, today: date) -> list[StuckLine]:
    """All of it for whoever decides; to administrators what they have to see to."""
    if {"supervisor", "quality_manager"} & set(who.roles):
        return await stuck(read, who.site_id, now, today.isoformat())
    return await stuck_webhooks(read, who.site_id) if "administrator" in who.roles else []


async def _more(read: Reader, site_id: str, listed: int) -> int:
    """Open inspections beyond a full list."""
    if listed < MOST_LISTED:
        return 0
    ((waiting,),) = await read.rows(
        "select count(*) from inspection where site_id = $1 and status in ('open', 'in_progress')", site_id
    )
    return int(waiting) - listed


async def open_inspections(read: Reader, who: Who) -> list[InspectionLine]:
    """Mine first, then what is under way, then what has not begun; the oldest of each first."""
    rows = await read.rows(
        "select inspection.id, inspection.number, lot.number, item.id, item.code, item.name, item.unit, "
        "item.kind, stage, inspection.status, (select count(*) from reading where reading.inspection_id = "
        "inspection.id and reading.status = 'current' and reading.source <> 'system'), opened_at, "
        "supplier.name, plan_version_id, lot_size, "
        "inspection.sampling, inspection.skipped, "
        "case when inspection.id in (select subject_id from notice where person_id = $2 "
        "and code = 'inspection_handed_over') then 0 when inspection.status = 'open' then 2 "
        "when (select person_id from reading where reading.inspection_id = inspection.id and reading.status = "
        "'current' and reading.source <> 'system' order by reading.id desc limit 1) = $2 then 0 else 1 end as turn "
        "from inspection "
        "join lot on lot.id = inspection.lot_id join item on item.id = lot.item_id "
        "left join supplier on supplier.id = lot.supplier_id "
        "where inspection.site_id = $1 and inspection.status in ('open', 'in_progress') "
        f"order by turn, opened_at, inspection.id limit {MOST_LISTED}",
        who.site_id,
        who.person_id,
    )
    lines = []
    for row in rows:
        severities = severities_of(_SAMPLING.decode(row[15]) if row[15] else None)
        asked = items(await document_of(read, row[13]), row[14], severities, bool(row[16]))
        if any(item.second for item in asked):
            asked = (await case_of(read, row[0])).asked
        total = sum(not item.computed for item in asked)
        lines.append(
            InspectionLine(
                row[0],
                row[1],
                row[2],
                item_ref(row[3:8]),
                stage=row[8],
                status=row[9],
                answered=row[10],
                total=total,
                opened_at=row[11],
                supplier=row[12],
                mine=row[17] == 0,
            )
        )
    return lines


async def waiting_releases(read: Reader, site_id: str) -> list[ReleaseLine]:
    """Receipts with undecided stock whose inspections are finished; ready: nothing holds the lot any more."""
    rows = await read.rows(
        "select receipt.id, lot.number, item.id, item.code, item.name, item.unit, item.kind, "
        "waiting.quantities, (select count(*) from hold where hold.lot_id = lot.id "
        "and hold.lifted_at is null) from receipt join lot on lot.id = receipt.lot_id "
        "join item on item.id = lot.item_id "
        "join (select receipt_id, string_agg(cast(quantity as text), ' ') as quantities from portion "
        "where portion.site_id = $1 and portion.status in "
        "('quarantine', 'inspecting', 'held', 'production_released', 'conditional') "
        "and (cast(portion.quantity as real) > 0 or portion.status = 'conditional') group by receipt_id) waiting "
        "on waiting.receipt_id = receipt.id where receipt.site_id = $1 "
        "and exists (select 1 from inspection "
        "where inspection.receipt_id in (receipt.id, receipt.origin_id) and inspection.status in ('passed', 'failed')) "
        "order by receipt.received_at limit 100",
        site_id,
    )
    return [
        ReleaseLine(
            row[0],
            row[1],
            item_ref(row[2:7]),
            sum(map(Decimal, row[7].split(" ")), Decimal(0)),
            row[5],
            row[8] == 0,
        )
        for row in rows
    ]


async def my_follow_ups(read: Reader, person_id: str) -> list[FollowUpLine]:
    """The soonest first."""
    rows = await read.rows(
        "select follow_up.id, coalesce(follow_up.ncr_id, subject_id), "
        "coalesce(ncr.number, capa.number, change_request.number, lot.number), follow_up.what, follow_up.due_on, "
        "coalesce(subject_kind, 'ncr') from follow_up left join ncr on ncr.id = follow_up.ncr_id "
        "left join capa on capa.id = subject_id left join change_request on change_request.id = subject_id "
        "left join receipt on receipt.id = subject_id left join lot on lot.id = receipt.lot_id "
        "where follow_up.owner_id = $1 and done_at is null "
        "order by follow_up.due_on",
        person_id,
    )
    return [FollowUpLine(*row) for row in rows]


async def notices(read: Reader, person_id: str) -> list[NoticeLine]:
    """The newest first."""
    rows = await read.rows(
        "select id, code, subject_kind, subject_id, facts, created_at, seen_at from notice "
        "where person_id = $1 order by created_at desc, id desc limit 100",
        person_id,
    )
    return [
        NoticeLine(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4]), row[5], row[6])
        for row in rows
    ]
