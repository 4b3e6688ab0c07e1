"""A material that two sheets have brought under two codes, with a delivery on order under the older one."""

from __future__ import annotations

from typing import Any

from backend.actions.import_sheet import ImportSheet, import_sheet
from backend.demo.shift import Shift
from backend.domain.gs1 import FNC1
from backend.domain.gs1_identifiers import check_digit
from backend.domain.imports import read_import
from backend.domain.items import Item
from backend.domain.sheets import Table
from tests.pwa.house import House

KEPT, OLD = "CLP-01", "CLP-OLD"
_PAYLOAD = "0952999900017"
CODE = _PAYLOAD + check_digit(_PAYLOAD)
LABEL = f"01{CODE}1731013110CL-7{FNC1}30100"
MATERIALS = [
    ["code", "namezh", "name", "kind", "unit", "gtin"],
    [KEPT, "管夹", "Tube clamp", "raw", "pcs", ""],
    [OLD, "管夹", "Clamp for tubes, blue", "raw", "pcs", CODE],
]
ORDERS = [
    ["purchaseorder", "line", "item", "supplier", "quantity", "due"],
    ["PO-CLAMP", "1", OLD, "SL", "100", "2031-01-01"],
]


async def play_item_doubles(house: House) -> None:
    """Once; whoever asks again finds it there."""
    await house.play(_play)


async def _play(shift: Shift) -> None:
    if await shift.store.read.first(Item, "code = $1", OLD) is None:
        await _imported(shift, "materials", MATERIALS)
        await _imported(shift, "orders", ORDERS)


async def _imported(shift: Shift, kind: Any, rows: list[list[str]]) -> None:
    sheet = read_import(kind, Table(list(enumerate(rows, 1))))
    command = ImportSheet(id=shift.store.new_id(), sheet=sheet, name=f"{kind}.csv", sha256="0" * 64)
    await import_sheet(shift.store, await shift.who("novak"), command)
