"""What the demo factory buys and makes, from whom, and the codes that name it.

GTINs begin with 0952, the prefix that GS1 keeps for examples, so that no real product is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from backend.domain.gs1_identifiers import check_digit
from backend.domain.items import Item, ItemIdentifier, Supplier
from backend.domain.material_units import Converted, ItemUnit
from backend.domain.words import Words

SET = "SET-20"


class Material(NamedTuple):
    """A bought item: its stock unit, and how much of it goes into a thousand sets."""

    code: str
    name: Words
    unit: str
    for_thousand: int


MATERIALS = (
    Material("TUB-30", Words("PVC tubing 3.0 × 4.1 mm", "PVC 导管 3.0 × 4.1 mm"), "m", 1500),
    Material("NDL-21", Words("Needle 21G × 25 mm", "输液针 21G × 25 mm"), "pcs", 1000),
    Material("PCH-15", Words("Sterile pouch 150 × 250 mm", "灭菌袋 150 × 250 mm"), "pcs", 1000),
    Material("SPK-02", Words("Vented spike", "带进气口穿刺器"), "pcs", 1000),
    Material("DRC-20", Words("Drip chamber, 20 drops/mL", "滴斗，20 滴/mL"), "pcs", 1000),
    Material("RLC-01", Words("Roller clamp", "流量调节器"), "pcs", 1000),
    Material("LUR-06", Words("Luer lock connector, 6 %", "鲁尔锁定接头 6 %"), "pcs", 1000),
    Material("FLT-15", Words("Solution filter 15 µm", "药液过滤器 15 µm"), "pcs", 1000),
    Material("CAP-04", Words("Protective cap", "保护帽"), "pcs", 1000),
)
BOX = ("RLC-01", "box", 250)
"""Bought in boxes of so many; everything else in its stock unit."""
SUPPLIERS = (
    ("QH", "清禾高分子 Qinghe Polymer"),
    ("BS", "北杉医用针业 Beishan Needle Works"),
    ("SL", "松陵包装 Songlin Packaging"),
)


class Materials(msgspec.Struct):
    """The nouns, ready to be loaded; `item` and `supplier` by code."""

    items: list[Item]
    suppliers: list[Supplier]
    identifiers: list[ItemIdentifier]

    @property
    def item(self) -> dict[str, Item]:
        """Items by code."""
        return {each.code: each for each in self.items}

    @property
    def supplier(self) -> dict[str, Supplier]:
        """Suppliers by code."""
        return {each.code: each for each in self.suppliers}


def box_units(made: Materials, new_id: Callable[[], str], since: str) -> list[ItemUnit]:
    """The factor of what is bought in boxes, from an instant on."""
    code, unit, pieces = BOX
    item = made.item[code]
    return [
        ItemUnit(
            new_id(), item.site_id, item.id, unit, Decimal(1), Decimal(pieces), since, "", "Drawing RLC-01 C"
        )
    ]


def as_ordered(item: str, quantity: Decimal) -> Converted | None:
    """What the purchase order says, where it says boxes."""
    code, unit, pieces = BOX
    boxes, loose = divmod(quantity, pieces)
    return Converted(boxes, unit, quantity, pieces, 1) if item == code and not loose else None


def gtin(item: str, supplier: str | None = None) -> str:
    """The GTIN-14 of an item from a supplier; our own where there is none."""
    codes = [None, *(code for code, _ in SUPPLIERS)]
    numbers = [SET, *(material.code for material in MATERIALS)]
    payload = f"0952{7100 + codes.index(supplier):04}{numbers.index(item):05}"
    return payload + check_digit(payload)


def materials(site_id: str, new_id: Callable[[], str]) -> Materials:
    """All of it at a site; every supplier offers every material under a GTIN of its own."""
    finished = Item(
        new_id(),
        site_id,
        SET,
        Words("Infusion set 20 drops/mL", "一次性使用输液器 20 滴/mL"),
        "finished",
        "pcs",
        1095,
    )
    bought = [Item(new_id(), site_id, each.code, each.name, "raw", each.unit) for each in MATERIALS]
    suppliers = [Supplier(new_id(), site_id, code, name, "approved") for code, name in SUPPLIERS]
    identifiers = [ItemIdentifier(new_id(), site_id, finished.id, "gtin", gtin(SET))]
    identifiers += [
        ItemIdentifier(new_id(), site_id, item.id, "gtin", gtin(item.code, supplier.code), supplier.id)
        for supplier in suppliers
        for item in bought
    ]
    return Materials([*bought, finished], suppliers, identifiers)
