"""`./run bench imports`: a spreadsheet of 100 000 materials, read, held against what is there, written; then again.
`--kind stock`: 10 000 lots that lay here before Lotgate, the same; then a list of them taken over by one signature.

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

import pyotp

from backend.actions.begin_take_over import BeginTakeOver, begin_take_over
from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.actions.sign_in import sign_in
from backend.actions.sign_take_over import SignTakeOver, sign_take_over
from backend.demo.factory import load_demo
from backend.demo.people import BY_LOGIN
from backend.domain.canonical import canonical
from backend.domain.import_kinds import ImportKind
from backend.domain.imports import read_import
from backend.domain.people import Person, Who
from backend.domain.signing import instant
from backend.identity.passkeys import RelyingParty
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.store.migrate import migrate
from backend.store.sqlite import SqliteDatabase
from backend.views.opening_stock import opening_stock

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


STOCK = "物料编码,批号,供应商,供应商批号,数量,单位,有效期至,状态,放行人,放行日期,放行单号"


def stock_of(rows: int, item: str, supplier: str, unit: str) -> bytes:
    """Eight of ten released on paper, one in quarantine, one blocked."""
    said = {8: "待检,,,", 9: "冻结,,,"}
    lines = (
        f"{item},ALT-{each:06},{supplier},V-{each:06},120,{unit},2029-01-09,"
        + said.get(each % 10, f"已放行,陈一,2026-03-02,QR-{each}")
        for each in range(rows)
    )
    return "\n".join([STOCK, *lines]).encode("gb18030")


async def sold(store: Store) -> list[str]:
    """A raw material, a supplier who delivers it, its unit."""
    rows = await store.read.rows(
        "select item.code, supplier.code, item.unit from order_line join item on item.id = item_id "
        "join supplier on supplier.id = order_line.supplier_id where item.kind = 'raw' limit 1"
    )
    return list(rows[0])


async def take_over(store: Store) -> None:
    """A list of the most lots that one may have: shown, then each decided by the gate and written."""
    person = await store.read.first(Person, "login = $1", "sun")
    assert person is not None
    who = (await sign_in(store, person.site_id, "sun", BY_LOGIN["sun"].password)).who
    begin = time.perf_counter()
    listed = await opening_stock(store.read, who, now()[:10])
    shown = time.perf_counter()
    receipts = [each.receipt_id for each in listed.lines]
    begun = await begin_take_over(store, who, BeginTakeOver(id=new_id(), receipt_ids=receipts, passkey=False))
    asked = time.perf_counter()
    command = SignTakeOver(
        id=new_id(),
        receipt_ids=receipts,
        nonce=begun.request.nonce,
        digest=hashlib.sha256(canonical(begun.request.record)).hexdigest(),
        password=BY_LOGIN["sun"].password,
        totp=pyotp.TOTP(BY_LOGIN["sun"].totp_secret or "").now(),
        accountability_accepted=True,
    )
    done = await sign_take_over(store, who, command, RelyingParty("localhost", ("http://localhost:8000",)))
    end = time.perf_counter()
    assert (done.taken, done.left) == (len(receipts), [])
    print(f"\n| {done.taken} lots of {listed.waiting} | seconds |\n|---|---:|")
    for what, span in (
        ("listed", shown - begin),
        ("records to sign", asked - shown),
        ("signed", end - asked),
    ):
        print(f"| {what} | {span:.2f} |")


async def measure(kind: ImportKind, rows: int) -> None:
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
        data = sheet_of(rows) if kind == "materials" else stock_of(rows, *await sold(store))
        print(f"| {rows} rows | CPU s | rows a second |\n|---|---:|---:|")
        for step in ("new", "the same again"):
            begin = time.process_time()
            sheet = read_import(kind, read_table(data))
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
        if kind == "stock":
            await take_over(store)
        await store.close()


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="./run bench imports", description=__doc__)
    parser.add_argument("--kind", choices=("materials", "stock"), default="materials")
    parser.add_argument("--rows", type=int, help="100 000 materials, 10 000 of stock")
    args = parser.parse_args()
    asyncio.run(measure(args.kind, args.rows or (100_000 if args.kind == "materials" else 10_000)))


if __name__ == "__main__":
    main()
