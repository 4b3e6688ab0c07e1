"""What is bought and made: items, the codes that name them, suppliers, expected deliveries."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.material_units import Converted
from backend.domain.words import Words


class Item(msgspec.Struct, frozen=True):
    """A material or product. `unit` is its stock unit; quantities of its lots are in it."""

    id: str
    site_id: str
    code: str
    name: Words
    kind: Literal["raw", "finished"]
    unit: str
    shelf_life_days: int | None = None
    retest_days: int | None = None
    """Days after which what is left of a lot is inspected again (REL-8)."""
    contract_maker_id: str | None = None
    """The organisation that makes it for us: its own production release comes before market release (REL-9)."""
    inspection_unit: str | None = None
    """What sampling counts; None: stock units (LOT-8)."""


class ItemIdentifier(msgspec.Struct, frozen=True):
    """A device identifier (GTIN-14, HIBC, MA) that names an item, from one supplier or from us."""

    id: str
    site_id: str
    item_id: str
    scheme: str
    value: str
    supplier_id: str | None = None


class Supplier(msgspec.Struct, frozen=True):
    """Who sells to us; a blocked supplier's lots are not released (REL-2)."""

    id: str
    site_id: str
    code: str
    name: str
    status: Literal["approved", "blocked"]


class OrderLine(msgspec.Struct, frozen=True):
    """One line of a purchase order: the delivery that the warehouse expects."""

    id: str
    site_id: str
    purchase_order: str
    line: int
    item_id: str
    supplier_id: str
    quantity: Decimal
    received: Decimal
    carrier: str
    transport_batch: str
    expected_on: str
    status: Literal["open", "complete"] = "open"
    version: int = 1
    entered: Converted | None = None
    """As it was ordered, where that was in another unit; `quantity` is in stock units."""
