"""The short version of `./run fuzz chat`, and what it must catch."""

from __future__ import annotations

from typing import Any

import pytest

from bot import middleware
from bot.handlers import inspecting, table
from bot.talk import Asked
from bot.turn import Turn
from tests.campaigns.chat_walk import walks
from tests.stores import Templates

SEED = 20261129


async def test_random_walks_meet_no_dead_end_and_lose_no_answer(templates: Templates) -> None:
    found = await walks(templates, 40, SEED)
    assert found.wrong == []
    assert found.done["press"] > 100 and found.done["text"] > 80 and found.done["again"] > 20
    assert sum(found.readings) > 5


async def forgetful(turn: Turn, step: Asked, text: str) -> None:
    """The broken twin of "no loss": now and then an answer leads to the next item and is not recorded."""
    await inspecting.put_off(turn)


async def never_handled(*_: Any) -> bool:
    """The broken twin of "once": an update that comes again is taken for a new one."""
    return False


async def nowhere(turn: Turn, *_: str) -> None:
    """The broken twin of "no fault": a button that nobody has thought of."""
    raise KeyError("nowhere")


@pytest.mark.parametrize("twin", ["loss", "once", "fault"])
async def test_a_broken_twin_is_caught(
    templates: Templates, twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if twin == "loss":
        monkeypatch.setitem(table.TEXTS, Asked, forgetful)
    elif twin == "once":
        monkeypatch.setattr(middleware, "is_handled", never_handled)
    else:
        monkeypatch.setitem(table.PRESSES, "home", nowhere)
    for seed in range(SEED, SEED + 6):
        if (await walks(templates, 16, seed)).wrong:
            return
    raise AssertionError("none of ninety-six walks met it")
