"""`./run bench imports`: a spreadsheet of 100 000 materials, read, held against what is there, written; then again.

On SQLite with synchronous writes, the demo factory beside it. CPU seconds of this process, rows a second of them, and
the whole once more where nothing changes.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.demo.factory import load_demo
from backend.domain.imports import read_import
from backend.domain.people import Person, Who
from backend.domain.signing import instant
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.sqlite import SqliteDatabase

HEAD = "物料编码,物料名称,物料类别,单位,保质期,产品标识"


def now() -> str:
    """The real clock."""
    return instant(datetime.now(UTC))


def new_id() -> str:
    """A fresh id."""
    import uuid_utils

    return str(uuid_utils.uuid7())


def sheet_of(rows: int) -> bytes:
    """A CSV file in the encoding that Chinese spreadsheets write."""
    lines = (f"MAT-{each:06},导管 {each},原料,件,730," for each in range(rows))
    return "\n".join([HEAD, *lines]).encode("gb18030")


async def measure(rows: int) -> None:
    """Print a line for each step."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "bench.db")
        store = Store(database, now, new_id)
        await store.open()
        await migrate(database)
        await load_demo(store, lambda: datetime.now(UTC))
        person = await store.read.first(Person, "login = $1", "zhou")
        assert person is not None
        who = Who(
            person.id, person.site_id, "zhou", person.printed_name, "zh", ("quality_manager",), "import"
        )
        data = sheet_of(rows)
        print(f"| {rows} rows | CPU s | rows a second |\n|---|---:|---:|")
        for step in ("new", "the same again"):
            begin = time.process_time()
            sheet = read_import("materials", read_table(data))
            read = time.process_time()
            sha256 = hashlib.sha256(data).hexdigest()
            done = await import_sheet(
                store, who, ImportSheet(id=new_id(), sheet=sheet, name="b.csv", sha256=sha256)
            )
            end = time.process_time()
            assert (done.new, done.same) == ((rows, 0) if step == "new" else (0, rows))
            print(f"| {step}: read | {read - begin:.2f} | {rows / (read - begin):.0f} |")
            print(
                f"| {step}: held against what is there, written | {end - read:.2f} | {rows / (end - read):.0f} |"
            )
            print(f"| {step}: whole | {end - begin:.2f} | {rows / (end - begin):.0f} |")
        await store.close()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="./run bench imports", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    asyncio.run(measure(parser.parse_args().rows))


if __name__ == "__main__":
    main()
