"""The log in the database: insert-only rows of canonical event bytes with their leaf hashes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backend.domain.canonical import canonical
from backend.domain.events import Event
from backend.domain.merkle import leaf_hash
from backend.store.database import Writer
from backend.store.tables import ColumnOf
from backend.store.writes import Insert

COLUMNS = (
    "seq",
    "id",
    "at",
    "site_id",
    "person_id",
    "type",
    "subject_kind",
    "subject_id",
    "command_id",
    "body",
    "leaf",
)
INSERT = (
    f"insert into event ({', '.join(COLUMNS)}) values ({', '.join(f'${i + 1}' for i in range(len(COLUMNS)))})"
)


_COLUMNS = tuple(ColumnOf(column, "int" if column == "seq" else "text", str) for column in COLUMNS)


class _Log(NamedTuple):
    """The log as a place to write rows to."""

    name: str = "event"
    columns: tuple[ColumnOf, ...] = _COLUMNS
    insert: str = INSERT


LOG = _Log()


async def append_events(writer: Writer, events: Sequence[Event]) -> list[bytes]:
    """Write events; returns their leaf hashes."""
    leaves: list[bytes] = []
    rows: list[list[object]] = []
    for event in events:
        body = canonical(event)
        leaf = leaf_hash(body)
        leaves.append(leaf)
        rows.append([*columns_of(event, body.decode(), leaf.hex())])
    if rows:
        await writer.write([], [Insert(LOG, rows)])
    return leaves


def columns_of(event: Event, body: str, leaf: str) -> tuple[object, ...]:
    """The row of an event; every column but the last two repeats what the body says."""
    return (
        event.seq,
        event.id,
        event.at,
        event.site,
        event.person,
        event.type,
        event.subject_kind,
        event.subject,
        event.command,
        body,
        leaf,
    )
