"""The log for people: events by person, type and record; the history of a lot with old and new."""

from __future__ import annotations

import msgspec

from backend.domain.events import Event, RowChange, Value
from backend.store.reader import Reader
from backend.views.lots import scanned_lot

PAGE = 100
_EVENT = msgspec.json.Decoder(Event)


class EventLine(msgspec.Struct, frozen=True):
    """One event."""

    seq: int
    at: str
    device_at: str | None
    person: str | None
    source: str
    type: str
    subject_kind: str
    subject: str
    reason: str | None
    facts: dict[str, Value]


class EventDetail(EventLine, frozen=True):
    """One event with every row before and after (AUD-1)."""

    changes: list[RowChange]


def _line(body: str, person: str | None) -> EventLine:
    event = _EVENT.decode(body)
    return _of(event, person)


def _of(event: Event, person: str | None) -> EventLine:
    return EventLine(
        event.seq,
        event.at,
        event.device_at,
        person,
        event.source,
        event.type,
        event.subject_kind,
        event.subject,
        event.reason,
        event.facts,
    )


async def list_events(
    read: Reader,
    site_id: str,
    person: str | None = None,
    type: str | None = None,
    subject: str | None = None,
    before: int | None = None,
) -> list[EventLine]:
    """The newest first; continue with `before` the last one's seq."""
    conditions, args = ["event.site_id = $1"], [site_id]
    asked: tuple[tuple[str, str | int | None], ...] = (
        ("person.login = {}", person),
        ("event.type = {}", type),
        ("event.subject_id = {}", subject),
        ("event.seq < {}", before),
    )
    for condition, value in asked:
        if value is not None and value != "":
            args.append(value)  # type: ignore[arg-type]
            conditions.append(condition.format(f"${len(args)}"))
    rows = await read.rows(
        "select event.body, person.printed_name from event left join person on person.id = event.person_id "
        f"where {' and '.join(conditions)} order by event.seq desc limit {PAGE}",
        *args,
    )
    return [_line(body, name) for body, name in rows]


async def lot_history(read: Reader, site_id: str, number: str) -> list[EventDetail]:
    """Every event of the lot and of what hangs on it, with old and new values."""
    lot = (await scanned_lot(read, site_id, number)).lot
    rows = await read.rows(
        "select event.body, person.printed_name from event left join person on person.id = event.person_id "
        "where event.subject_id = $1 or event.subject_id in (select id from inspection where lot_id = $1) "
        "or event.subject_id in (select id from ncr where lot_id = $1) "
        'or event.subject_id in (select id from "release" where lot_id = $1) order by event.seq',
        lot.id,
    )
    events = [(_EVENT.decode(body), name) for body, name in rows]
    return [
        EventDetail(**msgspec.structs.asdict(_of(event, name)), changes=event.changes)
        for event, name in events
    ]
