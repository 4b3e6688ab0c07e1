"""The graph as rows of the product's own tables, with the events that account for them.

Site, people, plans and rights are made by the product's actions; lots and what belongs to them are written
in bulk, each lot with the one event that its rows rest on, so that `lotgate log verify` is quiet here too.
Beyond LOGGED lots the rest has no events: the tables are what counts then.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec

from backend.app import now
from backend.domain.canonical import canonical
from backend.domain.events import SCHEMA, Event, RowChange
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Reading, Sample
from backend.domain.lots import Lot, Movement, Portion, PortionStatus, Receipt
from backend.domain.merkle import leaf_hash
from backend.store.database import Database
from backend.store.door import Store
from backend.store.log import INSERT, columns_of
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import LOGGED as TABLES
from backend.store.tables import Noun, table_of
from bench.ground import LOGINS, READINGS, Ground, make_ground, new_id
from bench.lot_graph import SUPPLIERS, Graph, LotOf
from tests.postgres import create_database, running_postgres

LOGGED = 100_000
MEASURED = 1_000
"""The newest passed inspections have their readings: enough that the table is no empty one."""
CHUNK = 2_000


class Factory(NamedTuple):
    """What the works ask for: lot numbers, inspections to record, supplier codes, the logins of inspectors."""

    lots: list[str]
    open_inspections: list[str]
    suppliers: list[str]
    logins: list[str]


async def make_factory(path: Path, graph: Graph) -> Factory:
    """A database file with all of it."""
    database = SqliteDatabase(path)
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        ground = await make_ground(store)
        factory = await _write_lots(store, graph, ground)
    finally:
        await store.close()
    return factory


class _Rows(NamedTuple):
    """One lot and what belongs to it."""

    lot: Lot
    receipt: Receipt
    portion: Portion
    movement: Movement
    inspection: Inspection
    sample: Sample
    consumptions: list[Consumption]
    readings: list[Reading]

    def nouns(self) -> list[msgspec.Struct]:
        """All rows."""
        return [*self[:6], *self.consumptions, *self.readings]


def _rows(place: int, of: LotOf, ground: Ground) -> _Rows:
    at = f"{of.made_on.isoformat()}T{place % 24:02d}:{place // 24 % 60:02d}:00.000000Z"
    site, item = ground.site_id, ground.items[of.tier][of.item]
    lot_id, receipt_id, portion_id, inspection_id = new_id(), new_id(), new_id(), new_id()
    quantity = Decimal(of.quantity)
    portion: PortionStatus = "released" if of.status == "consumed" else of.status
    waits = of.status == "quarantine"
    supplier = None if of.supplier is None else ground.suppliers[of.supplier]
    year = f"{of.made_on.year % 100:02d}"
    return _Rows(
        Lot(
            lot_id,
            site,
            f"L{year}-{place:07d}",
            item,
            supplier,
            f"X{place}" if supplier else None,
            None if supplier else f"PO-{place}",
            of.made_on.isoformat(),
            of.made_on.replace(year=of.made_on.year + 9, day=1).isoformat(),
            of.status,
            at,
        ),
        Receipt(
            receipt_id,
            site,
            lot_id,
            "delivery" if supplier else "production",
            None,
            quantity,
            [],
            [],
            ground.person_id,
            at,
            None,
        ),
        Portion(
            portion_id,
            site,
            lot_id,
            receipt_id,
            Decimal(0) if of.status == "consumed" else quantity,
            portion,
            ground.location_id,
        ),
        Movement(
            new_id(),
            site,
            lot_id,
            portion_id,
            "received",
            quantity,
            None,
            ground.location_id,
            ground.person_id,
            at,
        ),
        Inspection(
            inspection_id,
            site,
            f"I{year}-{place:07d}",
            lot_id,
            receipt_id,
            ground.plans[item],
            "incoming" if supplier else "final",
            "open" if waits else "failed" if of.status == "rejected" else "passed",
            of.quantity,
            lot_id.replace("-", ""),
            at,
            finished_at=None if waits else at,
        ),
        Sample(new_id(), site, inspection_id, 1, 1 + place % of.quantity),
        [],
        [],
    )


def _measured(rows: _Rows) -> None:
    """What was read of an inspection that is finished."""
    inspection = rows.inspection
    for place in range(READINGS):
        rows.readings.append(
            Reading(
                new_id(),
                inspection.site_id,
                inspection.id,
                rows.sample.id,
                f"D{place:02d}-1",
                f"D{place:02d}",
                "10.00",
                Decimal("10.00"),
                None,
                "conforming",
                "current",
                rows.receipt.received_by,
                "import",
                inspection.opened_at,
                None,
                [],
            )
        )


def _consumed(made: list[_Rows], graph: Graph, ground: Ground) -> None:
    """What went into each lot."""
    for parent, child, used in zip(graph.parents, graph.children, graph.used, strict=True):
        source, product = made[parent], made[child]
        product.consumptions.append(
            Consumption(
                new_id(),
                ground.site_id,
                source.lot.id,
                product.lot.id,
                source.portion.id,
                Decimal(used),
                ground.person_id,
                product.lot.created_at,
            )
        )


async def _write_lots(store: Store, graph: Graph, ground: Ground) -> Factory:
    made = [_rows(place, of, ground) for place, of in enumerate(graph.lots)]
    _consumed(made, graph, ground)
    for rows in [rows for rows in made if rows.inspection.status == "passed"][-MEASURED:]:
        _measured(rows)
    head = await store.read.rows("select count(*) from event")
    for chunk in _chunks(list(enumerate(made, int(head[0][0]))), CHUNK):
        by_kind: dict[type[msgspec.Struct], list[list[object]]] = {}
        for _, rows in chunk:
            for noun in rows.nouns():
                by_kind.setdefault(type(noun), []).append(table_of(type(noun), "sqlite").encode(noun))
        async with (
            store.database.writing() as writer
        ):  # one after the other: a log of gigabytes is slow to look into
            for kind, encoded in by_kind.items():
                await writer.insert_many(table_of(kind, "sqlite").insert, encoded)
            await writer.insert_many(
                INSERT, [_event(seq, rows, ground) for seq, rows in chunk if seq < LOGGED]
            )
    opened = [rows.inspection.id for rows in made if rows.inspection.status == "open"]
    return Factory(
        [rows.lot.number for rows in made],
        opened,
        [f"S{place:03d}" for place in range(SUPPLIERS)],
        LOGINS,
    )


def _chunks(values: list[tuple[int, _Rows]], size: int) -> Iterator[list[tuple[int, _Rows]]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _event(seq: int, rows: _Rows, ground: Ground) -> tuple[object, ...]:
    changes = [_change(noun) for noun in rows.nouns()]
    event = Event(
        seq=seq,
        id=new_id(),
        at=rows.lot.created_at,
        schema=SCHEMA,
        site=ground.site_id,
        person=ground.person_id,
        source="import",
        type="lot_received",
        subject=rows.lot.id,
        subject_kind="lot",
        command=None,
        answer=None,
        device_at=None,
        reason=None,
        facts={"lot": rows.lot.number},
        changes=changes,
    )
    body = canonical(event)
    return columns_of(event, body.decode(), leaf_hash(body).hex())


def _change(noun: Noun) -> RowChange:
    table = table_of(type(noun), "sqlite")
    return RowChange(table.name, noun.id, None, table.state(noun))  # type: ignore[attr-defined]


async def database_on(engine: str, source: Path, stack: ExitStack) -> Database:
    """The factory of `source` on an engine, not opened yet; a PostgreSQL of its own lives as long as `stack`."""
    if engine == "sqlite":
        return SqliteDatabase(source)
    at = stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-postgres-"))
    address = await create_database(stack.enter_context(running_postgres(Path(at))), "bench")
    await copy_to_postgres(source, address)
    return PostgresDatabase(address)


async def copy_to_postgres(source: Path, url: str) -> None:
    """The same rows in an empty PostgreSQL database."""
    database = PostgresDatabase(url)
    await database.open()
    await migrate(database)
    await database.close()
    sqlite = SqliteDatabase(source)
    await sqlite.open()
    connection = await asyncpg.connect(url, server_settings={"maintenance_work_mem": "1GB"})
    try:
        indexes = await connection.fetch(_INDEXES)
        for name, _ in indexes:
            await connection.execute(f'drop index "{name}"')
        await connection.execute(
            "set session_replication_role = replica"
        )  # names that are searched are copied too
        for noun in TABLES:
            table = table_of(noun, "postgres")
            codecs = [_CODECS.get(column.kind, _as_it_is) for column in table.columns]
            await _copy(sqlite, connection, table.name, [column.name for column in table.columns], codecs)
        for name in ("event", "command_record", "search_name"):
            names = [row[1] for row in await sqlite.fetch(f"pragma table_info({name})") if row[1] != "place"]
            await _copy(sqlite, connection, name, names, [_as_it_is] * len(names))
        for _, definition in indexes:
            await connection.execute(definition)
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()
        await sqlite.close()


_INDEXES = (
    "select indexname, indexdef from pg_indexes where schemaname = 'public' "
    "and indexname not in (select conname from pg_constraint)"
)
"""Those that no constraint needs: made at the end, in one go."""
_CODECS: dict[str, Callable[[Any], Any]] = {"decimal": Decimal, "bool": bool}


def _as_it_is(value: Any) -> Any:
    return value


async def _copy(
    sqlite: SqliteDatabase,
    connection: asyncpg.Connection,
    table: str,
    names: list[str],
    codecs: list[Callable[[Any], Any]],
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    rows = sqlite.reader.execute(f'select {columns} from "{table}"')
    convert = [(place, codec) for place, codec in enumerate(codecs) if codec is not _as_it_is]
    while chunk := list(map(list, itertools.islice(rows, 20_000))):
        for place, codec in convert:
            for row in chunk:
                if row[place] is not None:
                    row[place] = codec(row[place])
        await connection.copy_records_to_table(table, records=chunk, columns=names)
