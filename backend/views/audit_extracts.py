"""An extract of the audit trail: who did what to what, from what to what, and what makes it checkable (AUD-1, AUD-3).

Each event has its place in the log and its leaf, SHA-256 of a zero byte and of `body`, as RFC 6962 hashes a leaf. The
proof leads from the leaf to the root of the signed checkpoint: a stranger who has the checkpoint from elsewhere needs
nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from backend.domain.events import Event, RowChange
from backend.domain.record_exports import Field, fields_of, listed
from backend.domain.reports import MOST_EVENTS, Filters, too_long
from backend.store.reader import Reader
from backend.views.lot_lists import person_id
from backend.views.lots import scanned_lot
from backend.views.people import printed_names
from backend.views.record_exports import EVENTS_OF_LOT


class Proved(NamedTuple):
    """Audit paths of events into the one signed checkpoint (C2SP); `vkey`: what it is signed with, for comparing."""

    paths: list[list[bytes]]
    checkpoint: bytes
    vkey: str


Prove = Callable[[Sequence[int]], Awaitable[Proved]]
"""By the events' places in the log."""
RULE = "leaf = SHA-256(00 || body), RFC 6962; proof: leaf -> root of the checkpoint"
_EVENT = msgspec.json.Decoder(Event)


async def audit_extract(read: Reader, site_id: str, filters: Filters, prove: Prove) -> list[Field]:
    """In the order of the log. Refuses more events than one report holds."""
    bodies = await _asked(read, site_id, filters)
    names = await printed_names(read, site_id)
    events = [_EVENT.decode(body) for _, body, _ in bodies]
    paths, checkpoint, vkey = await prove([seq for seq, _, _ in bodies])
    fields = listed("asked", [filters.given()])
    fields += listed("log", [{
        "events": len(events), "checkpoint": checkpoint.decode(), "vkey": vkey, "rule": RULE,
    }])  # fmt: skip
    for place, event in enumerate(events, start=1):
        fields += _said(f"event.{place}", event, names)
    return fields + listed("leaf", [
        {"position": seq, "leaf": leaf, "body": body, "proof": " ".join(each.hex() for each in path)}
        for (seq, body, leaf), path in zip(bodies, paths, strict=True)
    ])  # fmt: skip


def _said(path: str, event: Event, names: dict[str, str]) -> list[Field]:
    """An event as people read it; what a row was stands beside what it is."""
    head = {
        "position": event.seq, "at": event.at, "device_at": event.device_at,
        "person": names.get(event.person or "", event.person), "source": event.source, "type": event.type,
        "subject_kind": event.subject_kind, "subject": event.subject, "reason": event.reason, "facts": event.facts,
    }  # fmt: skip
    changes = {str(place): _from_to(change) for place, change in enumerate(event.changes, start=1)}
    return [*fields_of(path, head, {}), *fields_of(f"{path}.changes", changes, names)]


def _from_to(change: RowChange) -> dict[str, Any]:
    found: dict[str, Any] = {"table": change.table, "id": change.id}
    for name, value in change.new.items():
        if change.old is not None:
            found[f"{name}.old"] = change.old.get(name)
        found[f"{name}.new"] = value
    return found


async def _asked(read: Reader, site_id: str, filters: Filters) -> list[tuple[int, str, str]]:
    """Place, body and leaf (hex) of each event that the filters leave."""
    conditions, args = list[str](), list[str]()

    def add(condition: str, value: str | None) -> None:
        if value:
            args.append(value)
            conditions.append(condition.format(f"${len(args)}"))

    if filters.lot:  # first, since the condition names it $1
        args.append((await scanned_lot(read, site_id, filters.lot)).lot.id)
        conditions.append(EVENTS_OF_LOT)
    add("site_id = {}", site_id)
    add("at >= {}", filters.since)
    add("at < {}", filters.until)
    add("type = {}", filters.type)
    add("person_id = {}", await person_id(read, site_id, filters.person))
    where = " and ".join(conditions)
    count = (await read.rows(f"select count(*) from event where {where}", *args))[0][0]
    too_long(int(count), MOST_EVENTS)
    rows = await read.rows(f"select seq, body, leaf from event where {where} order by seq", *args)
    return [(int(seq), body, leaf) for seq, body, leaf in rows]
