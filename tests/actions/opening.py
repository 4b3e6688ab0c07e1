"""Files of opening stock, as the tests of it write and import them."""

from __future__ import annotations

import hashlib
from typing import Any

from backend.actions.import_sheet import Imported, ImportSheet, import_sheet
from backend.demo.shift import Shift
from backend.domain.imports import read_import
from backend.domain.lots import Portion, Receipt
from backend.domain.people import Who
from backend.domain.taken_over import TakenOver
from backend.outside.workbook import read_table
from backend.store.door import Store
from backend.views.imports import SheetTrial, sheet_trial
from tests.actions.floor import Floor

HEAD = "物料编码,批号,供应商,供应商批号,数量,单位,生产日期,有效期至,库位,状态,放行人,放行日期,放行单号,备注"
RELEASED = "已放行,陈一,2026-03-02,QR-0301"

DELIVERED = (
    "select item.code, supplier.code, item.unit from order_line join item on item.id = item_id "
    "join supplier on supplier.id = order_line.supplier_id where item.kind = 'raw' "
    "and supplier.status = 'approved' order by item.code limit 1"
)
"""Codes of a raw material and of a supplier who delivers it in the demo, and its unit."""


def file_of(*rows: str) -> bytes:
    """As Chinese spreadsheets write it."""
    return "\n".join([HEAD, *rows]).encode("gb18030")


async def import_stock(at: Floor | Shift, data: bytes, login: str) -> Imported:
    """Import a file, as this person of the demo."""
    return await import_stock_of(at.store, await at.who(login), data)


async def import_stock_of(store: Store, who: Who, data: bytes) -> Imported:
    """Import a file, as this person."""
    command = ImportSheet(
        id=store.new_id(),
        sheet=read_import("stock", read_table(data)),
        name="期初库存.csv",
        sha256=hashlib.sha256(data).hexdigest(),
    )
    return await import_sheet(store, who, command)


class Stock:
    """Rows of opening stock of a raw material of the demo factory, and their import."""

    def __init__(self, floor: Floor, item: str, supplier: str, unit: str) -> None:
        self.floor, self.item, self.supplier, self.unit = floor, item, supplier, unit

    def row(self, old: str, said: str = RELEASED, quantity: str = "120", **cells: str) -> str:
        """A line of the file; `said`: its status and the release on paper."""
        lot = cells.get("lot", f"V-{old}")
        status, by, on, reference = [*said.split(","), "", "", ""][:4]
        return ",".join([
            cells.get("item", self.item), old, cells.get("supplier", self.supplier), lot, quantity,
            cells.get("unit", self.unit), cells.get("made", "2026-01-10"), cells.get("expires", "2028-01-09"),
            cells.get("location", ""), status, by, on, reference, cells.get("note", ""),
        ])  # fmt: skip

    async def trial(self, *rows: str) -> SheetTrial:
        """What it would do."""
        who = await self.floor.who("novak")
        sheet = read_import("stock", read_table(file_of(*rows)))
        return await sheet_trial(self.floor.store.read, who, sheet, await self.floor.store.today(who.site_id))

    async def take(self, *rows: str, login: str = "novak") -> Imported:
        """Import it."""
        return await import_stock(self.floor, file_of(*rows), login)

    async def taken(self, old: str) -> TakenOver:
        """By its old number."""
        found = await self.floor.store.read.first(TakenOver, "old_number = $1", old)
        assert found is not None
        return found

    async def portion(self, old: str) -> Portion:
        """What lies of it."""
        taken = await self.taken(old)
        found = await self.floor.store.read.first(Portion, "receipt_id = $1 order by id", taken.receipt_id)
        assert found is not None
        return found

    async def receipt(self, old: str) -> Receipt:
        """What it became."""
        return await self.floor.store.read.get(Receipt, (await self.taken(old)).receipt_id)


async def stock_of(floor: Floor) -> Stock:
    """Of a material that a supplier of the demo delivers."""
    row: Any = (await floor.store.read.rows(DELIVERED))[0]
    return Stock(floor, *row)
