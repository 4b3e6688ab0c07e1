"""Notices are delivered once each, at a pace that Telegram allows, and never lost to a failing call or a crash."""

from __future__ import annotations

from typing import Any

import pytest

from bot.delivery import Courier
from bot.pace import Pace, Patience
from bot.screens import Button, Screen
from bot.showing import send_screen
from tests.bot.conftest import BASE_URL, ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.floor import open_tubing


async def states(house: ChatHouse, login: str) -> list[tuple[Any, ...]]:
    """(state, attempts, last error) of what goes to a person since the demo was loaded."""
    return await house.rows(
        "select state, attempts, last_error from outgoing join person on person.id = person_id "
        "where login = $1 order by outgoing.id desc limit 1",
        login,
    )


async def test_a_notice_is_delivered_once(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    before = len(garcia.shown())
    for _ in range(3):
        await house.courier.once()
    assert len(garcia.shown()) == before + 1 and number in garcia.read()
    assert await states(house, "garcia") == [("sent", 0, None)]


async def test_a_crash_between_commit_and_notice_loses_nothing(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    another = Courier(house.store, house.bot, BASE_URL, lambda: 0.0, house._no_sleep)
    await another.once()
    assert number in garcia.read()


async def test_a_failing_call_is_tried_again_later(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await open_tubing(house)
    house.telegram.refusals["sendMessage"] = [Refusal(500, "Internal Server Error")]
    await house.courier.once()
    assert (await states(house, "garcia"))[0][:2] == ("waiting", 1)
    await house.courier.once()
    assert number not in garcia.read()
    async with house.store.database.writing() as writer:
        await writer.fetch("update outgoing set next_at = '' where state = 'waiting'")
    await house.courier.once()
    assert number in garcia.read()


async def test_a_blocked_bot_gives_up_and_says_so(house: ChatHouse) -> None:
    await house.phone("garcia")
    await open_tubing(house)
    house.telegram.refusals["sendMessage"] = [Refusal(403, "Forbidden: bot was blocked by the user")]
    await house.courier.once()
    state, _, error = (await states(house, "garcia"))[0]
    assert state == "failed" and "blocked" in error


async def test_people_without_a_chat_account_are_told_on_the_page_only(house: ChatHouse) -> None:
    await open_tubing(house)
    await house.courier.once()
    assert (await states(house, "garcia"))[0] == ("failed", 1, "no_chat_account")
    assert house.telegram.called("sendMessage") == []


async def test_what_was_told_before_the_account_was_bound_is_not_repeated(house: ChatHouse) -> None:
    await open_tubing(house)
    garcia = await house.phone("garcia")
    before = len(garcia.shown())
    await house.courier.once()
    assert len(garcia.shown()) == before


async def test_an_address_that_telegram_refuses_stands_in_the_text(house: ChatHouse) -> None:
    house.telegram.refusals["sendMessage"] = [
        Refusal(400, "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL")
    ]
    sun = house.stranger()
    screen = Screen("decide", [[Button("open", url="https://a.local:1/#/x")]])
    await send_screen(house.bot, sun.user, screen, "")
    assert "https://a.local:1/#/x" in sun.read() and sun.buttons() == []


def test_the_pace_is_thirty_a_second_and_one_a_second_in_a_chat() -> None:
    pace = Pace()
    waits = [pace.wait(7, 0.0) for _ in range(4)]
    assert waits == [0.0, 1.0, 2.0, 3.0]
    crowd = Pace()
    sixty = [crowd.wait(chat, 0.0) for chat in range(61)]
    assert max(sixty) == pytest.approx(2.0)
    assert sum(wait < 1.0 for wait in sixty) <= 31


async def test_patience_waits_as_long_as_telegram_says(house: ChatHouse) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    house.bot.session.middleware(Patience(sleep))
    house.telegram.refusals["sendMessage"] = [
        Refusal(429, "Too Many Requests", retry_after=7),
        Refusal(502, "Bad Gateway"),
    ]
    phone = await house.phone("garcia")
    assert "What waits for you" in phone.read()
    assert slept == [7, 1.0]
