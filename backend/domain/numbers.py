"""Numbers that people say aloud: kind, year, count (`L26-000123`), counted up a site and year."""

from __future__ import annotations

PREFIX = {
    "lot": "L",
    "inspection": "I",
    "ncr": "N",
    "assessment": "A",
    "revocation": "V",
    "shipment": "S",
    "customer_return": "R",
    "recall": "C",
    "mock_recall": "M",
    "capa": "K",
    "change_request": "E",
    "complaint": "Q",
    "rework": "W",
}
WIDTH = 6


def year_prefix(kind: str, now: str) -> str:
    """`L26-` for a lot numbered in 2026; `now` is an ISO instant."""
    return f"{PREFIX[kind]}{now[2:4]}-"


def next_number(prefix: str, last: str | None) -> str:
    """The number after `last`, or the first."""
    count = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{count:0{WIDTH}d}"
