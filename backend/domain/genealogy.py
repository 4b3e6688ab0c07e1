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


class TraceNode(msgspec.Struct, frozen=True):
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


class TraceEdge(msgspec.Struct, frozen=True):
    """A parent consumed into a child, all quantities of the pair added up."""

    parent: str
    child: str
    quantity: Decimal


class Trace(msgspec.Struct, frozen=True):
    """The graph around one lot."""

    lot_id: str
    direction: Literal["both", "up", "down"]
    nodes: list[TraceNode]
    edges: list[TraceEdge]
