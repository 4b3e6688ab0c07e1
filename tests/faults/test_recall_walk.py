"""The short version of `./run fuzz recall`, on both databases, and what it must catch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from backend.store import closure, shipping, tracing
from backend.store.door import Store
from tests.campaigns.recall_walk import prepare, walk

SEED, COUNT = 20261129, 300


@pytest.mark.proves("QUA-6", "LOT-5", "LOT-10")
async def test_a_recall_and_a_trace_reach_what_a_search_by_brute_force_finds(store: Store) -> None:
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) == []


@pytest.mark.proves("LOT-10")
async def test_a_long_walk_is_left_to_the_database_and_finds_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "STEPS", 1)
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) == []


def naive_steps_over(starts: Any, edges: tracing.Edges) -> dict[str, int]:
    """The broken twin of LOT-10: the way that was read last counts, not the shortest."""
    found = dict.fromkeys(starts, 0)
    for here, there in zip(edges.here, edges.there, strict=True):
        found[there] = found.get(here, 0) + 1
    return found


@pytest.mark.proves("LOT-10")
async def test_the_search_catches_wrong_distances_of_a_long_walk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "STEPS", 1)
    monkeypatch.setattr(tracing, "steps_over", naive_steps_over)
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) != []


right_walk = closure.walk


def naive_walk(way: Any, where: str) -> str:
    """The broken twin of QUA-6: follows what was consumed, and forgets what goes on under another number."""
    return right_walk(way, where).replace("= reached.id)", "= reached.id and kind is null)")


right_edges_of = tracing.edges_of


def naive_edges_of(*asked: Any) -> str:
    """The broken twin of LOT-10: a trace that follows what was consumed alone."""
    return right_edges_of(*asked) + " where kind is null"


def naive_there(line: shipping.WithConsignee) -> Decimal:
    """The broken twin of QUA-6: asks consignees for what they sent back long ago."""
    return line.quantity


@pytest.mark.proves("QUA-6")
@pytest.mark.parametrize(
    ("on", "name", "twin"),
    [
        (closure, "walk", naive_walk),
        (tracing, "edges_of", naive_edges_of),
        (shipping.WithConsignee, "there", property(naive_there)),
    ],
)
async def test_the_search_catches_its_broken_twins(
    store: Store, monkeypatch: pytest.MonkeyPatch, on: Any, name: str, twin: Any
) -> None:
    monkeypatch.setattr(on, name, twin)
    await prepare(store.database)
    assert await walk(store.database, range(SEED, SEED + COUNT)) != []
