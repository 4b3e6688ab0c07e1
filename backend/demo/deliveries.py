"""The purchase orders of the demo factory, and the label that stands on each delivery.

A label is worked out of its order line alone, so page, camera and tests print the same one at any time.
Tubing bears the same lot number whoever sends it: three suppliers, three lots (LOT-1), and a second delivery
from one of them is a second receipt of the first (LOT-2).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.demo.materials import Materials, as_ordered
from backend.domain.gs1 import FNC1
from backend.domain.items import Item, ItemIdentifier, OrderLine, Supplier
from backend.store.reader import Reader

SYMBOLOGY = "]d2"
"""GS1 DataMatrix."""
MADE_BEFORE = timedelta(days=45)


class Order(NamedTuple):
    """A purchase order: days from today to its delivery, and (item, quantity) a line."""

    number: str
    supplier: str
    days: int
    carrier: str
    lines: tuple[tuple[str, str], ...]


PAST = (
    Order("0401", "QH", -10, "Nanling Freight", (("TUB-30", "10000"), ("LUR-06", "8000"))),
    Order("0402", "BS", -10, "Jianghe Line Haul", (("NDL-21", "5000"), ("DRC-20", "6000"))),
    Order("0403", "SL", -9, "Nanling Freight", (("PCH-15", "5000"), ("TUB-30", "2400"))),
    Order("0404", "QH", -5, "Jianghe Line Haul", (("NDL-21", "2000"), ("PCH-15", "3000"))),
    Order("0405", "SL", -3, "Nanling Freight", (("NDL-21", "3000"), ("SPK-02", "2000"))),
    Order("0406", "BS", -2, "Jianghe Line Haul", (("TUB-30", "1800"), ("CAP-04", "6000"))),
)
OPEN = (
    Order("0411", "QH", 0, "Nanling Freight", (("TUB-30", "3000"), ("DRC-20", "2000"), ("CAP-04", "5000"))),
    Order("0412", "BS", 0, "Jianghe Line Haul", (("TUB-30", "1500"), ("NDL-21", "4000"), ("RLC-01", "2000"))),
    Order("0413", "SL", 0, "Nanling Freight", (("PCH-15", "5000"), ("TUB-30", "2400"), ("FLT-15", "2000"))),
    Order("0414", "QH", 0, "Jianghe Line Haul", (("TUB-30", "1200"), ("SPK-02", "2000"), ("LUR-06", "4000"))),
    Order("0415", "BS", 1, "Nanling Freight", (("NDL-21", "2000"), ("PCH-15", "3000"), ("SPK-02", "1500"))),
    Order("0416", "SL", 1, "Jianghe Line Haul", (("NDL-21", "2500"), ("SPK-02", "1000"), ("DRC-20", "1000"))),
    Order("0417", "QH", 2, "Nanling Freight", (("NDL-21", "3000"), ("PCH-15", "2000"), ("RLC-01", "3000"))),
    Order("0418", "BS", 2, "Jianghe Line Haul", (("DRC-20", "2500"), ("LUR-06", "2000"), ("FLT-15", "1500"))),
    Order("0419", "SL", 3, "Nanling Freight", (("RLC-01", "1500"), ("LUR-06", "2500"), ("CAP-04", "4000"))),
    Order("0420", "QH", 4, "Jianghe Line Haul", (("FLT-15", "2500"), ("PCH-15", "4000"))),
    Order("0421", "BS", 5, "Nanling Freight", (("CAP-04", "3000"), ("NDL-21", "4000"))),
)


def order_lines(
    orders: tuple[Order, ...], made: Materials, new_id: Callable[[], str], today: date
) -> list[OrderLine]:
    """The lines of these orders, nothing received yet."""
    return [
        OrderLine(
            id=new_id(),
            site_id=made.item[item].site_id,
            purchase_order=f"PO-{today:%y}-{order.number}",
            line=place,
            item_id=made.item[item].id,
            supplier_id=made.supplier[order.supplier].id,
            quantity=Decimal(quantity),
            received=Decimal(0),
            carrier=order.carrier,
            transport_batch=f"{order.carrier[0]}{order.number}-{today + timedelta(order.days - 2):%m%d}",
            expected_on=(today + timedelta(order.days)).isoformat(),
            entered=as_ordered(item, Decimal(quantity)),
        )
        for order in orders
        for place, (item, quantity) in enumerate(order.lines, start=1)
    ]


class DemoLabel(msgspec.Struct, frozen=True):
    """What is printed beside and inside the code of one delivery. `text` is raw, FNC1 as \\x1d."""

    order_line_id: str
    order: str
    item: str
    supplier: str
    gtin: str
    lot: str
    made_on: str
    expires_on: str
    quantity: str
    unit: str
    text: str


def label_of(line: OrderLine, item: Item, supplier: Supplier, gtin: str) -> DemoLabel:
    """The label of an order line: GTIN, dates, lot, and the quantity as a count or a length (AI 30, 3110)."""
    expected = date.fromisoformat(line.expected_on)
    _, year, number = line.purchase_order.split("-")
    lot = f"T{year}{number[:3]}" if item.code == "TUB-30" else f"{supplier.code}{number}-{line.line}A"
    made = expected - MADE_BEFORE
    expires = date(expected.year + 2, expected.month, monthrange(expected.year + 2, expected.month)[1])
    quantity = format(line.quantity, "f")
    amount = f"3110{quantity:0>6}10{lot}" if item.unit == "m" else f"10{lot}{FNC1}30{quantity}"
    return DemoLabel(
        order_line_id=line.id,
        order=f"{line.purchase_order}/{line.line}",
        item=item.code,
        supplier=supplier.code,
        gtin=gtin,
        lot=lot,
        made_on=made.isoformat(),
        expires_on=expires.isoformat(),
        quantity=quantity,
        unit=item.unit,
        text=f"01{gtin}11{made:%y%m%d}17{expires:%y%m}00{amount}",
    )


async def demo_labels(read: Reader, status: str = "open") -> list[DemoLabel]:
    """A label for each order line that is still open, in the order of the purchase orders."""
    lines = await read.all(OrderLine, "status = $1 order by purchase_order, line", status)
    labels = []
    for line in lines:
        item = await read.get(Item, line.item_id)
        supplier = await read.get(Supplier, line.supplier_id)
        named = await read.first(
            ItemIdentifier, "item_id = $1 and supplier_id = $2 order by value", item.id, supplier.id
        )
        if named is not None:
            labels.append(label_of(line, item, supplier, named.value))
    return labels
