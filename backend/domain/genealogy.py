"""What went into what: edges from a consumed lot to the lot made of it, and the graph they span."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.words import Words


class Consumption(msgspec.Struct, frozen=True):
    """A quantity of a parent lot's portion that went into a child lot (time runs parent to child).

    `kind`: None where it was consumed, `split` or `merged` where the stock itself goes on under another number.
    """

    id: str
    site_id: str
    parent_lot_id: str
    child_lot_id: str
    portion_id: str
    quantity: Decimal
    person_id: str
    at: str
    kind: Literal["split", "merged"] | None = None


class TraceNode(msgspec.Struct, frozen=True, gc=False):
    """A lot in a trace; `depth` is its distance from the lot asked for, negative towards raw materials."""

    lot_id: str
    number: str
    item_code: str
    item_name: Words
    status: str
    supplier: str | None
    supplier_lot: str | None
    expires_on: str | None
    depth: int
    unit: str
    on_hand: Decimal


class TraceEdge(msgspec.Struct, frozen=True, gc=False):
    """A parent that went into a child, all quantities of the pair of one kind added up, in the parent's unit.

    `kind`: `consumed`, or as what the stock itself goes on (`split`, `merged`, ...).
    """

    parent: str
    child: str
    quantity: Decimal
    kind: str


class TraceShipment(msgspec.Struct, frozen=True):
    """What of a lot went to a consignee with one shipment, and what of it came back."""

    lot_id: str
    consignee: str
    name: str
    shipment: str
    shipped_at: str
    quantity: Decimal
    returned: Decimal


class Trace(msgspec.Struct, frozen=True):
    """The graph around one lot, or around several (`starts`); `lot_id` is the first of them.

    `complete` False: it has more edges than are shown, and nothing may be concluded from what is not here.
    """

    lot_id: str
    direction: Literal["both", "up", "down"]
    nodes: list[TraceNode]
    edges: list[TraceEdge]
    starts: list[str]
    shipments: list[TraceShipment]
    complete: bool
