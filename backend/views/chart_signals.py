"""What control charts told, in lines."""

from __future__ import annotations

import msgspec

from backend.domain.chart_signals import Shown
from backend.domain.words import Words
from backend.store.inspecting import document_of
from backend.store.reader import Reader
from backend.views.lots import SupplierRef

MOST_LISTED = 50
_SIGNALS = (
    "select chart_signal.id, item.code, item.name, chart_signal.stage, chart_signal.characteristic, "
    "inspection.plan_version_id, supplier.id, supplier.code, supplier.name, lot.number, shown, chart_signal.at, "
    "chart_signal.status from chart_signal join item on item.id = chart_signal.item_id "
    "join inspection on inspection.id = chart_signal.inspection_id join lot on lot.id = chart_signal.lot_id "
    "left join supplier on supplier.id = chart_signal.supplier_id "
)
_WORDS = msgspec.json.Decoder(Words)
_SHOWN = msgspec.json.Decoder(list[Shown])


class SignalLine(msgspec.Struct, frozen=True):
    """A signal in a list."""

    id: str
    item: str
    item_name: Words
    stage: str
    characteristic: str
    name: Words
    supplier: SupplierRef | None
    lot: str
    rules: list[int]
    at: str
    status: str


async def signals(read: Reader, where: str, *args: str) -> list[SignalLine]:
    """By a condition, the newest first."""
    rows = await read.rows(
        f"{_SIGNALS}where {where} order by chart_signal.at desc, chart_signal.id desc limit {MOST_LISTED}",
        *args,
    )
    lines = []
    for (
        id,
        item,
        item_name,
        stage,
        code,
        version,
        supplier_id,
        supplier,
        name,
        lot,
        shown,
        at,
        status,
    ) in rows:
        document = await document_of(read, version)
        lines.append(
            SignalLine(
                id=id,
                item=item,
                item_name=_WORDS.decode(item_name),
                stage=stage,
                characteristic=code,
                name=document.name_of(code),
                supplier=SupplierRef(supplier_id, supplier, name) if supplier_id else None,
                lot=lot,
                rules=sorted({each.rule for each in _SHOWN.decode(shown)}),
                at=at,
                status=status,
            )
        )
    return lines
