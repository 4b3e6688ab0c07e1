"""Updates that come again, late, and in another order, over a whole report: the end is that of an undisturbed run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.conftest import ChatHouse
from tests.bot.floor import fail_tubing
from tests.bot.phone import Phone

MOVES = (
    ("press", "Contain"),
    ("say", "roll 2 set aside"),
    ("press", "Decide"),
    ("press", "Rework"),
    ("say", "the burr can be cut"),
    ("press", "Yes, add one"),
    ("say", "Cut the burr"),
    ("press", "Elena Garcia"),
    ("press", "3 days"),
    ("press", "No, decide now"),
)


async def play(phone: Phone, disturb: bool) -> None:
    """A report from containment to disposition; disturbed: after each step all earlier updates again, newest first."""
    past: list[dict[str, Any]] = []
    for act, what in MOVES:
        await (phone.press(what) if act == "press" else phone.say(what))
        past.append(phone.last)
        for update in reversed(past) if disturb else ():
            await phone.feed(update)


async def end_of(house: ChatHouse, ncr: str) -> list[tuple[Any, ...]]:
    """What the report came to, without ids and times."""
    return await house.rows(
        "select ncr.status, containment, disposition, justification, follow_up.what, printed_name, "
        "(select count(*) from event where subject_id = ncr.id) from ncr "
        "join follow_up on follow_up.ncr_id = ncr.id join person on person.id = follow_up.owner_id "
        "where number = $1",
        ncr,
    )


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_repeated_delayed_and_reordered_updates_end_as_undisturbed(house: ChatHouse) -> None:
    """The two reports are of two deliveries in one factory: the first undisturbed, the second not."""
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    ends = []
    for disturb in (False, True):
        ncr = await fail_tubing(house, garcia)
        await house.courier.once()
        await play(novak, disturb)
        ends.append(await end_of(house, ncr))
    assert ends[0] == ends[1]
    assert ends[0][0][:2] == ("disposed", "roll 2 set aside") and len(ends[0]) == 1
