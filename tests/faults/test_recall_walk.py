"""The short version of `./run fuzz recall`, on both databases, and what it must catch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.store import closure, shipping
from backend.store.door import Store
from tests.campaigns.recall_walk import prepare, walk

SEED, COUNT = 20261129, 300


@pytest.mark.proves("QUA-6", "LOT-5", "LOT-10")
async def test_a_recall_and_a_trace_reach_what_a_search_by_brute_force_finds(store: Store) -> None:
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) == []


right_walk = closure.walk


def naive_walk(way: Any, where: str) -> str:
    """The broken twin of QUA-6: follows what was consumed, and forgets what goes on under another number."""
    return right_walk(way, where).replace("= reached.id)", "= reached.id and kind is null)")


right_looking_up = closure.looking_up


def naive_looking_up(*asked: Any) -> str:
    """The broken twin of LOT-10: a trace that follows what was consumed alone."""
    return right_looking_up(*asked).replace("= lot.id)", "= lot.id and kind is null)", 1)


def naive_there(line: shipping.WithConsignee) -> Decimal:
    """The broken twin of QUA-6: asks consignees for what they sent back long ago."""
    return line.quantity


@pytest.mark.proves("QUA-6")
@pytest.mark.parametrize(
    ("on", "name", "twin"),
    [
        (closure, "walk", naive_walk),
        (closure, "looking_up", naive_looking_up),
        (shipping.WithConsignee, "there", property(naive_there)),
    ],
)
async def test_the_search_catches_its_broken_twins(
    store: Store, monkeypatch: pytest.MonkeyPatch, on: Any, name: str, twin: Any
) -> None:
    monkeypatch.setattr(on, name, twin)
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) != []
