"""The log that the actions leave: who, when, what, old, new; and that no statement takes any of it back (AUD-1)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import asyncpg
import msgspec
import pytest

from backend.actions.receive_lot import receive_lot
from backend.domain.canonical import canonical
from backend.domain.events import Event
from backend.domain.merkle import leaf_hash
from backend.store.database import Conflict
from backend.store.tables import LOGGED, table_of
from tests.actions.floor import Floor, on_record

REFUSED = (Conflict, asyncpg.RaiseError)
ALTERED = (
    "update event set body = '{}'",
    "update event set at = at where seq = 0",
    "delete from event",
    "delete from event where seq = (select max(seq) from event)",
)


async def events_of(floor: Floor) -> list[Event]:
    rows = await floor.store.read.rows("select body from event order by seq")
    return [msgspec.json.decode(body, type=Event) for (body,) in rows]


@pytest.mark.proves("AUD-1", "AUD-6")
async def test_every_event_says_who_when_and_what(floor: Floor) -> None:
    people = {row[0] for row in await floor.store.read.rows("select id from person")}
    events = await events_of(floor)
    assert [event.seq for event in events] == list(range(len(events)))
    assert [event.at for event in events] == sorted(event.at for event in events)
    for event in events:
        assert event.type and event.subject_kind and event.site == floor.site_id
        assert event.person in people or (event.person is None and event.source == "system")
        assert event.at.endswith("Z") and len(event.at) == 27


@pytest.mark.proves("AUD-1")
async def test_the_events_alone_make_every_business_row(floor: Floor) -> None:
    """Play old and new of all events over nothing: what comes out are the tables, to the last column."""
    built: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for event in await events_of(floor):
        for change in event.changes:
            rows = built[change.table]
            if change.old is None:
                assert change.id not in rows
                rows[change.id] = dict(change.new)
            else:
                assert {name: rows[change.id][name] for name in change.old} == change.old
                assert change.old.keys() == change.new.keys()
                rows[change.id] |= change.new
    stored = await on_record(floor.store)
    assert {name: sorted(rows.values(), key=lambda row: str(row["id"])) for name, rows in built.items()} == {
        name: rows for name, rows in stored.items() if rows
    }
    assert built["lot"] and built["release"] and built["reading"]


@pytest.mark.proves("AUD-1")
async def test_bodies_are_canonical_and_leaves_their_hashes(floor: Floor) -> None:
    for body, leaf in await floor.store.read.rows("select body, leaf from event order by seq"):
        assert canonical(msgspec.json.decode(body)).decode() == body
        assert leaf_hash(body.encode()).hex() == leaf


@pytest.mark.proves("AUD-1")
async def test_no_secret_stands_in_the_log(floor: Floor) -> None:
    rows = await floor.store.read.rows("select password_hash, totp_secret from person")
    secrets = [value for row in rows for value in row if value is not None]
    assert len(secrets) == 10
    for (body,) in await floor.store.read.rows("select body from event"):
        assert not any(secret in body for secret in secrets)
    for (answer,) in await floor.store.read.rows("select answer from command_record"):
        assert not any(secret in answer for secret in secrets)


@pytest.mark.proves("AUD-1")
async def test_no_statement_changes_or_deletes_an_event_and_the_store_goes_on(floor: Floor) -> None:
    before = await floor.store.read.rows("select * from event order by seq")
    for statement in ALTERED:
        with pytest.raises(REFUSED, match="append-only"):
            async with floor.store.database.writing() as writer:
                await writer.fetch(statement)
    after = await floor.store.read.rows("select * from event order by seq")
    assert [tuple(row) for row in after] == [tuple(row) for row in before]
    received = await floor.receive("0411/1")
    assert (await floor.lot(received)).status == "quarantine"


@pytest.mark.proves("AUD-1")
async def test_the_log_cannot_be_truncated(floor: Floor) -> None:
    word = {"sqlite": "delete from", "postgres": "truncate"}[floor.store.database.dialect]
    with pytest.raises(REFUSED, match="append-only"):
        async with floor.store.database.writing() as writer:
            await writer.fetch(f"{word} event")


def test_every_business_noun_is_logged_once() -> None:
    names = [table_of(noun, "sqlite").name for noun in LOGGED]
    assert len(names) == len(set(names))


@pytest.mark.proves("AUD-6")
async def test_device_time_stands_beside_server_time(floor: Floor) -> None:
    device = "2031-01-01T00:00:00.000000Z"
    await receive_lot(floor.store, await floor.who("wang"), floor.scan("0411/1", device_at=device))
    event = (await events_of(floor))[-1]
    assert event.device_at == device and event.at < device
