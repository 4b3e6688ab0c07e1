"""The works that are timed, as HTTP messages to the product and to the yardsticks.

| work | what is asked                                                       | the product's address              |
|------|---------------------------------------------------------------------|------------------------------------|
| W1   | a lot by its number, with product, status, open inspections         | GET /api/lots/{number}             |
| W2   | record an inspection of ten readings, logged and durable            | POST /api/inspections/{id}/readings |
| W4   | lots by supplier, status and dates, fifty a page, newest first      | GET /api/lots?...                  |
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlencode

import msgspec
import uuid_utils

from bench.factory import Factory
from bench.ground import READINGS
from bench.lot_graph import DAYS, START

Work = Literal["W1", "W2", "W4"]
WORKS: tuple[Work, ...] = ("W1", "W4", "W2")
CLIENTS = 8
SAMPLE = 1000
FULL = 10_000


class Seat(NamedTuple):
    """One client's session with the product; empty for a yardstick, which asks nobody who he is."""

    cookie: str = ""
    csrf: str = ""


def message(method: str, path: str, seat: Seat, body: bytes = b"") -> bytes:
    """One HTTP request."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if seat.cookie:
        lines.append(f"cookie: lotgate_session={seat.cookie}")
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
        if seat.csrf:
            lines.append(f"x-lotgate-csrf: {seat.csrf}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def reads(work: Work, factory: Factory, seats: Sequence[Seat], seed: int) -> list[list[bytes]]:
    """W1 or W4: for each client a sample that it goes through again and again."""
    chosen = random.Random(seed)
    paths = [
        f"/api/lots/{chosen.choice(factory.lots)}" if work == "W1" else f"/api/lots?{_query(chosen, factory)}"
        for _ in range(SAMPLE)
    ]
    return [
        [message("GET", path, seat) for path in paths[place :: len(seats)]]
        for place, seat in enumerate(seats)
    ]


def _query(chosen: random.Random, factory: Factory) -> str:
    days = min(DAYS - 1, max(90, DAYS * FULL // len(factory.lots)))  # wide enough that a page can be full
    start = START + timedelta(chosen.randrange(DAYS - days))
    return urlencode(
        {
            "supplier": chosen.choice(factory.suppliers),
            "status": chosen.choice(("released", "consumed")),
            "made_from": start.isoformat(),
            "made_to": (start + timedelta(days)).isoformat(),
        }
    )


def records(inspections: Sequence[str], seats: Sequence[Seat], seed: int) -> list[list[bytes]]:
    """W2: ten conforming readings to each inspection, once."""
    chosen = random.Random(seed)
    return [
        [message("POST", f"/api/inspections/{id}/readings", seat, _readings(chosen)) for id in mine]
        for seat, mine in ((seat, inspections[place :: len(seats)]) for place, seat in enumerate(seats))
    ]


def _readings(chosen: random.Random) -> bytes:
    entries = [
        {"item_key": f"D{place:02d}-1", "entered": f"{chosen.uniform(9.85, 10.15):.2f}"}
        for place in range(READINGS)
    ]
    return msgspec.json.encode({"id": str(uuid_utils.uuid7()), "entries": entries})
