"""`./run bench history`: a lot's whole history of two hundred pages, from the database to the file. CPU time and clock.

One lot with as many inspections of ten results, each recorded by the action, as fill so many pages; its export is
gathered and written in every form. SQLite and PostgreSQL.
"""

from __future__ import annotations

import asyncio
import io
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pypdf

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.app import now
from backend.domain.inspections import Inspection
from backend.domain.lots import Lot, Receipt
from backend.domain.people import Who
from backend.domain.record_exports import HEAD, as_csv, as_json, rows_of
from backend.domain.signing import instant
from backend.outside.record_pdf import record_pdf
from backend.outside.sheet_out import xlsx
from backend.store.database import Database
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import Noun, table_of
from backend.views.record_exports import lot_export
from bench.ground import READINGS, Ground, make_ground, new_id
from tests.postgres import create_database, running_postgres

INSPECTIONS = 37
"""Of ten results each: a little more than two hundred pages."""
TIMES = 3


class Taken(NamedTuple):
    """Seconds of CPU and by the clock, the best of some."""

    cpu: float
    clock: float


async def measured(database: Database) -> tuple[int, int, dict[str, Taken]]:
    """Fields, pages, and what each form takes, the gathering included."""
    store = Store(database, now, new_id)
    await store.open()
    try:
        await migrate(database)
        ground = await make_ground(store)
        number = await _write(store, ground)
        pages, fields, found = 0, 0, dict[str, Taken]()
        for form in ("pdf", "xlsx", "csv", "json"):
            taken = []
            for _ in range(TIMES):
                cpu, clock = time.process_time(), time.perf_counter()
                export = await lot_export(store.read_long, ground.site_id, number, now(), "Quinn")
                match form:
                    case "pdf":
                        body = record_pdf(export, "en")
                    case "xlsx":
                        body = xlsx(HEAD, rows_of(export))
                    case "csv":
                        body = as_csv(export)
                    case _:
                        body = as_json(export)
                taken.append(Taken(time.process_time() - cpu, time.perf_counter() - clock))
            if form == "pdf":
                pages, fields = len(pypdf.PdfReader(io.BytesIO(body)).pages), len(export.fields)
            found[form] = min(taken)
    finally:
        await store.close()
    return fields, pages, found


async def _write(store: Store, ground: Ground) -> str:
    """One lot with its inspections, each recorded."""
    at = instant(datetime.now(UTC))
    item, supplier = ground.items[0][0], ground.suppliers[0]
    lot = Lot(new_id(), ground.site_id, "L26-1", item, supplier, "X1", None, None, None, "quarantine", at)
    receipt = Receipt(
        new_id(), ground.site_id, lot.id, "delivery", None, Decimal(500), [], [], ground.person_id, at, None
    )
    inspections = [
        Inspection(
            new_id(), ground.site_id, f"I26-{place:06d}", lot.id, receipt.id, ground.plans[item], "incoming", "open",
            500, "00" * 32, at,
        )
        for place in range(INSPECTIONS)
    ]  # fmt: skip
    await _insert(store, [lot])
    await _insert(store, [receipt])
    await _insert(store, inspections)
    who = Who(ground.person_id, ground.site_id, "inspector0", "", "en", ("inspector",), "phone")
    chosen = random.Random(7)
    for inspection in inspections:
        entries = [
            Entry(item_key=f"D{place:02d}-1", entered=f"{chosen.uniform(9.9, 10.1):.3f}", confirmed=True)
            for place in range(READINGS)
        ]
        command = RecordResults(id=new_id(), inspection_id=inspection.id, entries=entries)
        await record_results(store, who, command)
    return lot.number


async def _insert(store: Store, nouns: Sequence[Noun]) -> None:
    table = table_of(type(nouns[0]), store.database.dialect)
    async with store.database.writing() as writer:
        await writer.insert_many(table.insert, [table.encode(noun) for noun in nouns])


def main() -> int:
    """Print the table."""
    print("| engine | fields | pages | form | CPU s | clock s |")
    print("|---|---:|---:|---|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="lotgate-history-") as at:
        _print("SQLite", *asyncio.run(measured(SqliteDatabase(Path(at) / "history.db"))))
    with tempfile.TemporaryDirectory(prefix="lotgate-postgres-") as at, running_postgres(Path(at)) as server:
        url = asyncio.run(create_database(server, "history"))
        _print("PostgreSQL", *asyncio.run(measured(PostgresDatabase(url))))
    return 0


def _print(engine: str, fields: int, pages: int, found: dict[str, Taken]) -> None:
    for form, taken in found.items():
        print(
            f"| {engine} | {fields:,} | {pages} | {form} | {taken.cpu:.2f} | {taken.clock:.2f} |", flush=True
        )


if __name__ == "__main__":
    sys.exit(main())
