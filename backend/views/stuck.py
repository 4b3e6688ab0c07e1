"""What does not move, and with whom it lies: for whoever has to see that it moves again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from backend.domain.signing import instant
from backend.store.exchanging import in_trouble
from backend.store.reader import Reader
from backend.views.lots import ItemRef, item_ref

RESTING = timedelta(hours=2)
"""An inspection that was begun is stuck when nobody has answered for so long."""
WAITING = timedelta(hours=8)
"""A shift: one that nobody has begun."""
MOST = 20


class StuckLine(msgspec.Struct, frozen=True):
    """`kind`: a release that was sent back, a report without a decision, a promise that is overdue, an inspection that
    rests or was not begun, a CAPA, change or complaint past its day. `place`: the page's folder of the subject, where
    it is not the kind's own. `with_whom` None: with nobody yet; `since`: an instant, or the day by which it was
    promised or on which it was sent back. `webhook`: another system that takes nothing more, `folder`: the watched
    folder, `what`: why."""

    kind: Literal[
        "ncr",
        "follow_up",
        "begun",
        "waiting",
        "capa",
        "change",
        "complaint",
        "sent_back",
        "webhook",
        "folder",
    ]
    subject_id: str
    number: str
    lot_number: str | None
    item: ItemRef | None
    since: str
    with_whom: str | None
    what: str | None = None
    place: str | None = None


async def stuck(read: Reader, site_id: str, now: str, today: str) -> list[StuckLine]:
    """The longest first; what is overdue before all."""
    at = datetime.fromisoformat(now)
    lines = [
        *await _follow_ups(read, site_id, today),
        *await _loop(read, site_id, today),
        *await _ncrs(read, site_id),
        *await _inspections(read, site_id, instant(at - RESTING), instant(at - WAITING)),
        *await stuck_webhooks(read, site_id),
    ]
    order = {
        "follow_up": 0,
        "capa": 0,
        "change": 0,
        "complaint": 0,
        "sent_back": 1,
        "ncr": 1,
        "webhook": 1,
        "folder": 1,
        "begun": 2,
        "waiting": 3,
    }
    return sorted(lines, key=lambda line: (order[line.kind], line.since))[:MOST]


PLACES = {
    "ncr": "ncrs",
    "capa": "capas",
    "change_request": "changes",
    "complaint": "complaints",
    "receipt": "receipts",
}
_LOOP: tuple[tuple[Literal["capa", "change", "complaint"], str, str, str, str], ...] = (
    ("capa", "capa", "capa.owner_id", "title", "'waiting', 'closed', 'withdrawn'"),
    ("change", "change_request", "change_request.owner_id", "title", "'closed', 'withdrawn'"),
    ("complaint", "complaint", "complaint.owner_id", "described", "'answered', 'closed'"),
)


async def stuck_webhooks(read: Reader, site_id: str) -> list[StuckLine]:
    """Endpoints for which something was given up and nothing was taken since, and those whose address is gone (410)
    until one of those who were told has seen it. One that a person turned off is not stuck."""
    rows = await read.rows(
        "select webhook_endpoint.id, name, webhook_endpoint.active, printed_name, "
        "(select max(sent_at) from outgoing where channel_id = webhook_endpoint.id and seq is not null "
        "and state = 'sent') from webhook_endpoint join person on person.id = added_by "
        "where webhook_endpoint.site_id = $1 order by added_at, webhook_endpoint.id",
        site_id,
    )
    found = []
    for id, name, active, owner, taken in rows:
        last = await read.rows(
            "select type, at, body from event where subject_id = $1 and type in ('webhook_given_up', 'webhook_gone') "
            "order by seq desc limit 1",
            id,
        )
        if not last or last[0][1] <= (taken or ""):
            continue
        gone = last[0][0] == "webhook_gone"
        unseen = gone and not await read.rows(
            "select 1 from notice where code = 'webhook_gone' and subject_id = $1 and seen_at >= $2 limit 1",
            id,
            last[0][1],
        )
        if unseen or (active and not gone):
            found.append(
                StuckLine("webhook", id, name, None, None, last[0][1], owner, _why(last[0][2]), "webhooks")
            )
    return [*found, *await _folders(read, site_id)]


async def _folders(read: Reader, site_id: str) -> list[StuckLine]:
    """Watched folders of the server from which nothing is taken."""
    return [
        StuckLine("folder", each.subject, each.folder, None, None, each.at, None, each.reason, "partners")
        for each in await in_trouble(read, site_id)
    ]


def _why(body: str) -> str:
    return msgspec.json.decode(body, type=_Reasoned).reason or ""


class _Reasoned(msgspec.Struct):
    reason: str | None = None


_ITEM = "item.id, item.code, item.name, item.unit, item.kind"


async def _follow_ups(read: Reader, site_id: str, today: str) -> list[StuckLine]:
    rows = await read.rows(
        "select coalesce(ncr.id, subject_id), "
        "coalesce(ncr.number, capa.number, change_request.number, lot.number), lot.number, "
        f"{_ITEM}, follow_up.due_on, person.printed_name, follow_up.what, subject_kind "
        "from follow_up left join ncr on ncr.id = follow_up.ncr_id left join receipt on receipt.id = subject_id "
        "left join lot on lot.id = coalesce(ncr.lot_id, receipt.lot_id) "
        "left join item on item.id = lot.item_id left join capa on capa.id = subject_id "
        "left join change_request on change_request.id = subject_id "
        "join person on person.id = follow_up.owner_id "
        "where follow_up.site_id = $1 and done_at is null "
        "and (follow_up.due_on < $2 or subject_kind = 'receipt')",
        site_id,
        today,
    )
    return [
        StuckLine(
            "sent_back" if row[11] == "receipt" else "follow_up",
            row[0],
            row[1],
            row[2],
            item_ref(row[3:8]) if row[3] is not None else None,
            row[8],
            row[9],
            row[10],
            PLACES[row[11] or "ncr"],
        )
        for row in rows
    ]


async def _loop(read: Reader, site_id: str, today: str) -> list[StuckLine]:
    """CAPAs, changes and complaints past their day; what waits for its effect is not stuck."""
    found = []
    for kind, table, owner, title, done in _LOOP:
        rows = await read.rows(
            f"select {table}.id, number, due_on, person.printed_name, {title} from {table} "
            f"left join person on person.id = {owner} "
            f"where {table}.site_id = $1 and due_on < $2 and status not in ({done})",
            site_id,
            today,
        )
        found += [
            StuckLine(kind, row[0], row[1], None, None, row[2], row[3], row[4], PLACES[table]) for row in rows
        ]
    return found


async def _ncrs(read: Reader, site_id: str) -> list[StuckLine]:
    rows = await read.rows(
        f"select ncr.id, ncr.number, lot.number, {_ITEM}, ncr.opened_at, person.printed_name from ncr "
        "join lot on lot.id = ncr.lot_id join item on item.id = lot.item_id "
        "left join person on person.id = ncr.owner_id "
        "where ncr.site_id = $1 and ncr.status in ('open', 'contained')",
        site_id,
    )
    return [StuckLine("ncr", row[0], row[1], row[2], item_ref(row[3:8]), row[8], row[9]) for row in rows]


async def _inspections(read: Reader, site_id: str, resting: str, waiting: str) -> list[StuckLine]:
    rows = await read.rows(
        f"select inspection.id, inspection.number, lot.number, {_ITEM}, opened_at, last.at, "
        "(select printed_name from reading join person on person.id = reading.person_id "
        "where reading.inspection_id = inspection.id and reading.at = last.at order by reading.id limit 1) "
        "from inspection join lot on lot.id = inspection.lot_id join item on item.id = lot.item_id "
        "left join (select inspection_id, max(at) as at from reading where source <> 'system' "
        "group by inspection_id) last on last.inspection_id = inspection.id "
        "where inspection.site_id = $1 and inspection.status in ('open', 'in_progress') "
        "and (last.at < $2 or (last.at is null and opened_at < $3)) order by opened_at limit 40",
        site_id,
        resting,
        waiting,
    )
    return [
        StuckLine(
            "waiting" if row[9] is None else "begun",
            row[0],
            row[1],
            row[2],
            item_ref(row[3:8]),
            row[9] or row[8],
            row[10],
        )
        for row in rows
    ]
