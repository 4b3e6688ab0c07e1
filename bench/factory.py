"""The graph as rows of the product's own tables, with the events that account for them.

Site, people, plans and rights are made by the product's actions; lots and what belongs to them are written
in bulk, each lot with the one event that its rows rest on, so that `lotgate log verify` is quiet here too.
Beyond LOGGED lots the rest has no events: the tables are what counts then.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg
import msgspec
import uuid_utils

from backend.actions.found_site import FirstPerson, FoundSite, found_site
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.app import now
from backend.demo.people import LOCATIONS, ORGANISATION, SITE_NAME, ZONE
from backend.domain.canonical import canonical
from backend.domain.events import SCHEMA, Event, RowChange
from backend.domain.genealogy import Consumption
from backend.domain.inspections import Inspection, Plan, Sample
from backend.domain.items import Item, Supplier
from backend.domain.lots import Lot, Movement, Portion, PortionStatus, Receipt
from backend.domain.merkle import leaf_hash
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument
from backend.domain.sampling_rules import Fixed
from backend.domain.security import system
from backend.domain.words import Words
from backend.identity.passwords import hash_password
from backend.store.door import Store
from backend.store.log import INSERT, columns_of
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import LOGGED as TABLES
from backend.store.tables import Noun, table_of
from bench.lot_graph import ITEMS, SUPPLIERS, Graph, LotOf

LOGGED = 100_000
READINGS = 10
CHUNK = 2_000
PASSWORD = "lotgate-bench"
INSPECTORS = 8


class Factory(NamedTuple):
    """What the works ask for: lot numbers, inspections to record, supplier codes, the logins of inspectors."""

    lots: list[str]
    open_inspections: list[str]
    suppliers: list[str]
    logins: list[str]


class Ground(NamedTuple):
    """What every lot refers to."""

    site_id: str
    person_id: str
    location_id: str
    items: list[list[str]]
    suppliers: list[str]
    plans: dict[str, str]
    """Plan version by item."""


def new_id() -> str:
    """UUIDv7."""
    return str(uuid_utils.uuid7())


async def make_factory(path: Path, graph: Graph, seed: int) -> Factory:
    """A database file with all of it."""
    database = SqliteDatabase(path)
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        ground = await _ground(store)
        factory = await _write_lots(store, graph, ground)
        await database.fetch("select 1")
    finally:
        await store.close()
    return factory


async def _ground(store: Store) -> Ground:
    site_id = new_id()
    hashed = hash_password(PASSWORD)
    logins = [f"inspector{place}" for place in range(INSPECTORS)]
    people = [FirstPerson(login, login, "en", ["inspector"], hashed) for login in logins]
    people.append(FirstPerson("supervisor", "supervisor", "en", ["supervisor"], hashed))
    founded = await found_site(
        store,
        system(site_id),
        FoundSite(
            id=new_id(),
            site_id=site_id,
            organisation=ORGANISATION,
            code="BENCH",
            name=SITE_NAME,
            zone=ZONE,
            locations=LOCATIONS,
            people=people,
        ),
    )
    items = [
        [
            Item(new_id(), site_id, f"P{tier}-{n:04d}", Words("Part", "零件"), _kind(tier), "pc")
            for n in range(size)
        ]
        for tier, size in enumerate(ITEMS)
    ]
    suppliers = [
        Supplier(new_id(), site_id, f"S{place:03d}", f"Supplier {place}", "approved")
        for place in range(SUPPLIERS)
    ]
    plans, versions = _plans(site_id, [item for tier in items for item in tier])
    await load_master_data(
        store,
        system(site_id),
        LoadMasterData(
            id=new_id(),
            items=[item for tier in items for item in tier],
            suppliers=suppliers,
            plans=plans,
            plan_versions=versions,
        ),
    )
    location = await store.read.rows("select id from location where kind = 'quarantine' limit 1")
    by_plan = {version.plan_id: version.id for version in versions}
    return Ground(
        site_id,
        founded.people["inspector0"],
        location[0][0],
        [[item.id for item in tier] for tier in items],
        [supplier.id for supplier in suppliers],
        {plan.item_id: by_plan[plan.id] for plan in plans},
    )


def _kind(tier: int) -> Literal["raw", "finished"]:
    return "finished" if tier == len(ITEMS) - 1 else "raw"


def _plans(site_id: str, items: list[Item]) -> tuple[list[Plan], list[PlanVersion]]:
    """Ten measured lengths for every article."""
    document = PlanDocument([_length(place) for place in range(READINGS)])
    plans = [
        Plan(new_id(), site_id, item.id, "incoming", f"QP-{item.code}", Words("Plan", "计划"))
        for item in items
    ]
    return plans, [
        PlanVersion(new_id(), site_id, plan.id, 1, "effective", document, "2023-01-01") for plan in plans
    ]


def _length(place: int) -> Characteristic:
    return Characteristic(
        code=f"D{place:02d}",
        name=Words(f"Length {place}", f"长度 {place}"),
        kind="numeric",
        severity="major",
        method=Method("WI-312", "C"),
        sampling=Fixed(1),
        unit="mm",
        lower=Decimal("9.80"),
        upper=Decimal("10.20"),
        target=Decimal("10.00"),
        resolution=Decimal("0.01"),
        rounding="half_even",
    )


class _Rows(NamedTuple):
    """One lot and what belongs to it."""

    lot: Lot
    receipt: Receipt
    portion: Portion
    movement: Movement
    inspection: Inspection
    sample: Sample
    consumptions: list[Consumption]

    def nouns(self) -> list[msgspec.Struct]:
        """All rows."""
        return [*self[:-1], *self.consumptions]


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
    head = await store.read.rows("select count(*) from event")
    async with store.database.writing() as writer:
        for chunk in _chunks(list(enumerate(made, int(head[0][0]))), CHUNK):
            by_kind: dict[type[msgspec.Struct], list[list[object]]] = {}
            for _, rows in chunk:
                for noun in rows.nouns():
                    by_kind.setdefault(type(noun), []).append(table_of(type(noun), "sqlite").encode(noun))
            for kind, encoded in by_kind.items():
                await writer.insert_many(table_of(kind, "sqlite").insert, encoded)
            events = [_event(seq, rows, ground) for seq, rows in chunk if seq < LOGGED]
            await writer.insert_many(INSERT, events)
    opened = [rows.inspection.id for rows in made if rows.inspection.status == "open"]
    return Factory(
        [rows.lot.number for rows in made],
        opened,
        [f"S{place:03d}" for place in range(SUPPLIERS)],
        [f"inspector{place}" for place in range(INSPECTORS)],
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


async def copy_to_postgres(source: Path, url: str) -> None:
    """The same rows in an empty PostgreSQL database."""
    database = PostgresDatabase(url)
    await database.open()
    await migrate(database)
    await database.close()
    sqlite = SqliteDatabase(source)
    await sqlite.open()
    connection = await asyncpg.connect(url)
    try:
        for noun in TABLES:
            await _copy(sqlite, connection, noun)
        for table in ("event", "command_record"):
            names = [row[1] for row in await sqlite.fetch(f"pragma table_info({table})")]
            rows = await sqlite.fetch(f"select {', '.join(names)} from {table}")
            await connection.copy_records_to_table(table, records=[tuple(row) for row in rows], columns=names)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
        await sqlite.close()


async def _copy(sqlite: SqliteDatabase, connection: asyncpg.Connection, noun: type[Noun]) -> None:
    there, here = table_of(noun, "sqlite"), table_of(noun, "postgres")
    rows = sqlite.reader.execute(there.select)
    names = [column.name for column in here.columns]
    while chunk := list(itertools.islice(rows, 20_000)):
        records = [tuple(here.encode(there.decode(row))) for row in chunk]
        await connection.copy_records_to_table(here.name, records=records, columns=names)
