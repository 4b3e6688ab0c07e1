"""The genealogy's indexes hold all that a trace reads of an edge: it never turns to the rows behind them."""

from __future__ import annotations

EDGES = (
    ("consumption_parent", "parent_lot_id", "child_lot_id"),
    ("consumption_child", "child_lot_id", "parent_lot_id"),
)


def up(dialect: str) -> list[str]:
    """From a lot down and up, with quantity and kind; what they take the place of goes."""
    also = " include (quantity, kind)" if dialect == "postgres" else ""
    inside = "" if dialect == "postgres" else ", quantity, kind"
    return [
        statement
        for name, here, there in EDGES
        for statement in (
            f"drop index {name}",
            f"create index {name} on consumption ({here}, {there}{inside}){also}",
        )
    ]


def down(_dialect: str) -> list[str]:
    """The ends alone."""
    return [
        statement
        for name, here, there in EDGES
        for statement in (f"drop index {name}", f"create index {name} on consumption ({here}, {there})")
    ]
