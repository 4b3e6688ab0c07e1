"""Left at an item: a reminder after 15 minutes, back to the pool after 2 hours, and nothing lost (FRONTS "Chat" 7)."""

from __future__ import annotations

import json

import pytest

from bot.idle import Idle
from tests.bot.clock import Clock
from tests.bot.conftest import ChatHouse
from tests.bot.floor import begin, readings, until_diameters

MORNING = "2026-12-01T02:00:00.000000Z"


@pytest.fixture
async def clock(house: ChatHouse) -> Clock:
    """Ten in the morning at the site, after the demo."""
    made = Clock(MORNING)
    house.store.clock = made
    house.courier.idle = Idle(house.store, house.dispatcher["turns"], house.bot.id).once
    return made


async def told(house: ChatHouse, code: str) -> list[str]:
    return [
        login
        for (login,) in await house.rows(
            "select login from notice join person on person.id = person_id where code = $1 order by login",
            code,
        )
    ]


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_what_was_left_is_reminded_then_returned_and_goes_on_where_it_was(
    house: ChatHouse, clock: Clock
) -> None:
    garcia, li = await house.phone("garcia"), await house.phone("li", "en")
    number = await begin(house, garcia)
    await until_diameters(garcia)
    await garcia.say("4.35")  # asked back: not on record yet
    clock.on(minutes=14)
    await house.courier.once()
    assert await told(house, "inspection_left") == []
    clock.on(minutes=2)
    for _ in range(3):
        await house.courier.once()
    assert await told(house, "inspection_left") == ["garcia"]
    assert "6 of 10 answered. Go on?" in garcia.read()
    clock.on(hours=1)
    await house.courier.once()
    assert await told(house, "inspection_returned") == []
    clock.on(hours=1)
    for _ in range(3):
        await house.courier.once()
    assert await told(house, "inspection_returned") == ["garcia", "li"]
    assert "back in the pool" in li.read()
    state = (await house.rows("select state from conversation where id like $1", f"%:{garcia.user}"))[0][0]
    assert state == "Home"

    assert "outside" in await garcia.press("Inspect")  # the very question that was open
    await garcia.press("Confirm")
    await garcia.press("Record without")
    assert len(await readings(house, number)) == 7


async def test_somebody_else_may_take_it_and_the_first_one_is_led_on(house: ChatHouse, clock: Clock) -> None:
    garcia, li = await house.phone("garcia"), await house.phone("li", "en")
    number = await begin(house, garcia)
    await until_diameters(garcia)
    clock.on(hours=3)
    await house.courier.once()
    await house.courier.once()
    assert "7 of 10" in await li.press("Inspect")
    await li.say("4.10")
    assert "8 of 10" in await garcia.press("Inspect")
    assert len(await readings(house, number)) == 7


async def test_an_old_button_of_what_was_given_back_is_explained(house: ChatHouse, clock: Clock) -> None:
    garcia = await house.phone("garcia")
    number = await begin(house, garcia)
    live = garcia.shown()[-1]
    old = live["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    clock.on(hours=3)
    await house.courier.once()
    await garcia.press_data(old, live)
    assert "earlier state" in garcia.alerts()[-1]
    assert await readings(house, number) == []


async def naive_idle(house: ChatHouse) -> None:
    """The broken twin: a dialogue that is left is forgotten."""
    async with house.store.database.writing() as writer:
        for id, data in await writer.fetch("select id, data from conversation"):
            emptied = json.dumps({**json.loads(data), "step": {"type": "home"}})
            await writer.fetch("update conversation set state = 'Home', data = $2 where id = $1", id, emptied)


async def test_a_bot_that_forgets_loses_what_was_typed(house: ChatHouse, clock: Clock) -> None:
    garcia = await house.phone("garcia")
    number = await begin(house, garcia)
    await until_diameters(garcia)
    await garcia.say("4.35")
    await naive_idle(house)
    await garcia.say("/worklist")
    assert "outside" not in await garcia.press(number)
