"""A factory's lots at any size: which lot went into which, from a seed, before any of it is a row.

Five tiers, from bought raw material to finished product; a made lot takes eight to twelve lots of the tier
below, from the most recent WINDOW, as first-in-first-out use does: five edges a lot. One raw lot in a hundred is a bulk
material that every part of its weeks takes too: the hubs that make a recall wide.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np

SHARES = (0.50, 0.20, 0.15, 0.10, 0.05)
"""Of all lots, by tier."""
ITEMS = (200, 60, 40, 20, 10)
"""Articles a tier."""
SUPPLIERS = 50
WINDOW = 60
TAKEN = (8, 13)
"""Lots that go into one: from, and less than."""
DAYS = 1095
START = date(2023, 1, 1)
RECENT = 60
"""Days before the end in which much still waits."""

Status = Literal["released", "quarantine", "held", "rejected", "consumed"]
STATUSES: tuple[Status, ...] = ("released", "quarantine", "held", "rejected", "consumed")
_OLD = (0.30, 0.02, 0.02, 0.03, 0.63)
_NEW = (0.35, 0.45, 0.10, 0.05, 0.05)


class LotOf(NamedTuple):
    """One lot: tier, article in its tier, supplier (raw lots only), where it stands, how much, when made."""

    tier: int
    item: int
    supplier: int | None
    status: Status
    quantity: int
    made_on: date


class Graph(NamedTuple):
    """`lots` in the order of their making; edge k says that `parents[k]` was used for `children[k]`."""

    lots: list[LotOf]
    parents: list[int]
    children: list[int]
    used: list[int]


def lot_graph(count: int, waiting: int, seed: int) -> Graph:
    """`count` lots over three years, and behind them `waiting` raw lots whose inspection is still to do."""
    random = np.random.default_rng(seed)
    sizes = [int(count * share) for share in SHARES]
    sizes[0] = count - sum(sizes[1:])
    lots: list[LotOf] = []
    firsts: list[int] = []
    for tier, size in enumerate(sizes):
        firsts.append(len(lots))
        lots += _tier(random, tier, size)
    parents: list[int] = []
    children: list[int] = []
    for tier in range(1, len(sizes)):
        below, above = firsts[tier - 1], firsts[tier]
        for child, taken in enumerate(_taken(random, tier, sizes[tier - 1], sizes[tier])):
            parents += [below + place for place in taken]
            children += [above + child] * len(taken)
    lots += [_waiting(random) for _ in range(waiting)]
    used: list[int] = random.integers(1, 500, len(parents)).tolist()
    return Graph(lots, parents, children, used)


def _tier(random: np.random.Generator, tier: int, size: int) -> list[LotOf]:
    days = np.arange(size) * DAYS // max(size, 1)
    items = random.integers(0, ITEMS[tier], size).tolist()
    suppliers = random.integers(0, SUPPLIERS, size).tolist()
    old, new = random.choice(5, size, p=_OLD), random.choice(5, size, p=_NEW)
    status = np.where(days > DAYS - RECENT, new, old).tolist()
    quantities = random.integers(10, 5000, size).tolist()
    return [
        LotOf(
            tier,
            items[place],
            suppliers[place] if tier == 0 else None,
            STATUSES[status[place]],
            quantities[place],
            START + timedelta(int(days[place])),
        )
        for place in range(size)
    ]


def _waiting(random: np.random.Generator) -> LotOf:
    item, supplier = int(random.integers(ITEMS[0])), int(random.integers(SUPPLIERS))
    return LotOf(0, item, supplier, "quarantine", int(random.integers(10, 5000)), START + timedelta(DAYS))


def _taken(random: np.random.Generator, tier: int, below: int, size: int) -> list[list[int]]:
    """For each lot of a tier, the places in the tier below that went into it."""
    bulk = np.arange(max(1, below // 100)) * 100
    taken = []
    for child in range(size):
        end = min(below, max(child * below // size + 1, 8))
        start = max(0, end - WINDOW)
        few = min(int(random.integers(*TAKEN)), end - start)
        places = {start + int(place) for place in random.choice(end - start, few, replace=False)}
        if tier == 1:
            places.add(int(bulk[child * len(bulk) // size]))
        taken.append(sorted(places))
    return taken
