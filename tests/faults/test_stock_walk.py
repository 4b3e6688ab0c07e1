"""The short version of `./run fuzz stock` and `./run fuzz stock-twins`."""

from __future__ import annotations

import pytest

from backend.store.door import Store
from tests.campaigns.stock_twins import SEED, STEPS, TWINS, Twin, broken_as
from tests.campaigns.stock_walk import walk

SHORT = 250
QUICK = [twin for twin in TWINS if not twin.slow]
ON_BOTH = 3
"""Twins that are played on both databases here; the campaign plays all on both."""


@pytest.mark.proves(
    "LOT-3",
    "LOT-4",
    "LOT-5",
    "LOT-8",
    "LOT-9",
    "LOT-11",
    "REL-2",
    "REL-3",
    "REL-4",
    "REL-7",
    "REL-8",
    "REL-9",
    "RES-8",
)
async def test_whatever_is_done_the_ledger_adds_up(store: Store) -> None:
    found = await walk(store, SEED, SHORT)
    assert found.wrong == []
    assert found.done.total() > SHORT / 5 and found.refused.total() > SHORT / 5
    assert {"receive", "inspect", "decide", "split"} <= set(found.done)


@pytest.mark.proves("LOT-3", "LOT-5", "LOT-9", "REL-7", "REL-8")
@pytest.mark.parametrize("twin", QUICK, ids=[each.what for each in QUICK])
async def test_the_walk_catches_its_broken_twins(store: Store, twin: Twin) -> None:
    if twin in QUICK[ON_BOTH:] and store.database.dialect == "postgres":
        return
    with broken_as(twin):
        found = await walk(store, twin.seed, STEPS)
    assert any(twin.rule in each for each in found.wrong), found
