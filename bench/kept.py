"""Factories for the benches: made anew for a run, or once, where `--keep FOLDER` says, and read again from there.

./run bench recall --lots 1000000 --keep /var/tmp/factories       made (minutes), then measured
./run bench dashboards --lots 1000000 --keep /var/tmp/factories   measured on the same
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from backend.store.database import Database
from backend.store.migrate import migrate
from backend.store.postgres import PostgresDatabase
from backend.store.sqlite import SqliteDatabase
from bench.factory import copy_to_postgres, make_factory
from bench.lot_graph import lot_graph
from bench.shipped import ship
from tests.postgres import create_database, running_postgres

SIZES = (10_000, 100_000)
NAME = "factory"


class Kept(NamedTuple):
    """A factory on an engine, its database not opened yet."""

    lots: int
    engine: str
    database: Database

    @property
    def title(self) -> str:
        """As a table's head says it: `1 000 000 lots; sqlite`."""
        return f"{self.lots:,} lots; {self.engine}".replace(",", " ")


def arguments(name: str, doc: str | None) -> argparse.Namespace:
    """What all of these benches are asked with."""
    parser = argparse.ArgumentParser(prog=f"./run bench {name}", description=(doc or "").splitlines()[0])
    parser.add_argument("--lots", type=int, action="append", help="size of the factory; several may be given")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="one of them only")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="folder in which factories are kept for the next run")
    return parser.parse_args()


def factories(args: argparse.Namespace) -> Iterator[Kept]:
    """One after the other; the load of the machine is said beside each."""
    for lots in args.lots or SIZES:
        with ExitStack() as stack:
            folder: Path | None = args.keep and args.keep.resolve()
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotgate-bench-")))
                folder.chmod(0o711)
            source = _sqlite(folder / f"{lots}-{args.seed}", lots, args.seed)
            for engine in [args.engine] if args.engine else ["sqlite", "postgres"]:
                database: Database = SqliteDatabase(source)
                if engine == "postgres":
                    database = PostgresDatabase(_postgres(source, stack))
                asyncio.run(_up_to_date(database))
                before = os.getloadavg()[0]
                yield Kept(lots, engine, database)
                _say(f"load average before and after: {before:.1f}, {os.getloadavg()[0]:.1f}")


def _sqlite(folder: Path, lots: int, seed: int) -> Path:
    made, source = folder / "made", folder / f"{NAME}.sqlite3"
    if not made.exists():
        begun = time.perf_counter()
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
        source.unlink(missing_ok=True)
        asyncio.run(make_factory(source, lot_graph(lots, 0, seed)))
        asyncio.run(ship(source))
        made.touch()
        _say(f"{lots} lots made in {time.perf_counter() - begun:.0f} s")
    return source


def _postgres(source: Path, stack: ExitStack) -> str:
    """The address of the same rows; its server runs as long as `stack`."""
    folder = source.parent / "postgres"
    made = source.parent / "copied"
    server = stack.enter_context(running_postgres(folder))
    if not made.exists():
        begun = time.perf_counter()
        asyncio.run(copy_to_postgres(source, asyncio.run(create_database(server, NAME))))
        made.touch()
        _say(f"copied to PostgreSQL in {time.perf_counter() - begun:.0f} s")
    return f"{server.rpartition('/')[0]}/{NAME}"


async def _up_to_date(database: Database) -> None:
    """A kept factory may be older than the newest migration."""
    await database.open()
    try:
        await migrate(database)
    finally:
        await database.close()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
