"""The short version of `./run fuzz stock`, on both databases, and what it must catch."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from backend.actions import merge_lots, split_lot, take_out
from backend.domain import dividing
from backend.domain.errors import Reason
from backend.domain.lots import Lot
from backend.store import stock
from backend.store.change import Change
from backend.store.door import Store
from tests.campaigns.stock_walk import walk

SEED, STEPS = 20261128, 250


@pytest.mark.proves("LOT-3", "LOT-4", "LOT-9", "LOT-11", "REL-4")
async def test_whatever_is_done_the_ledger_adds_up(store: Store) -> None:
    found = await walk(store, SEED, STEPS)
    assert found.wrong == []
    assert found.done.total() > STEPS / 5 and found.refused.total() > STEPS / 5
    assert {"receive", "inspect", "decide", "split"} <= set(found.done)


def naive_move(tx: Change, portion: Any, kind: Any, quantity: Decimal, *places: str | None) -> None:
    """The broken twin of LOT-9: stock goes, and the ledger does not hear of it."""
    if kind not in ("split_off", "sampled", "scrapped", "returned_out", "merged_away"):
        stock.move(tx, portion, kind, quantity, *places)  # type: ignore[arg-type]


async def naive_inherit(*_: object) -> None:
    """The broken twin of LOT-3: what is against the parent is not against the child."""


def naive_merging(lots: Sequence[Lot], portions: Sequence[Any]) -> list[Reason]:
    """The broken twin of LOT-4: a lot that is named twice is merged twice."""
    return [
        reason for reason in dividing.against_merging(lots, portions) if reason.code != "merge_names_twice"
    ]


TWINS: list[tuple[str, list[tuple[Any, str, Any]]]] = [
    ("LOT-9", [(module, "move", naive_move) for module in (split_lot, take_out, merge_lots)]),
    ("LOT-9", [(merge_lots, "against_merging", naive_merging)]),
    ("LOT-3", [(split_lot, "_inherit_holds", naive_inherit)]),
]


@pytest.mark.proves("LOT-3", "LOT-4", "LOT-9")
@pytest.mark.parametrize(("rule", "twin"), TWINS)
async def test_the_walk_catches_its_broken_twins(
    store: Store, monkeypatch: pytest.MonkeyPatch, rule: str, twin: list[tuple[Any, str, Any]]
) -> None:
    for module, name, broken in twin:
        monkeypatch.setattr(module, name, broken)
    found = await walk(store, SEED, 6 * STEPS)
    assert any(rule in each for each in found.wrong), found
