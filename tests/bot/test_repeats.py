"""Redelivered updates and stale buttons: everything has its effect once, and the late press is explained."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message, Update

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.views.inspections import inspection_sheet
from tests.bot.conftest import ChatHouse
from tests.bot.fake_telegram import Refusal
from tests.bot.floor import begin, fail_tubing, readings, until_diameters
from tests.stores import ENGINES


@pytest.mark.proves("DUP-1")
@pytest.mark.parametrize("engine", ENGINES)
async def test_a_redelivered_update_has_no_second_effect(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    await phone.say("4.10")
    calls = len(house.telegram.calls)
    for _ in range(3):
        assert "8 of 10" in await phone.again()
    assert len(await readings(house, number)) == 7
    assert len(house.telegram.calls) == calls


@pytest.mark.proves("DUP-1")
async def test_an_update_that_was_cut_off_before_it_was_kept_runs_again_to_the_same_end(
    house: ChatHouse,
) -> None:
    """The mark and the state are lost together; the action's command id is the same, so it answers as before."""
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    before = await house.rows("select id, state, data from conversation")
    await phone.say("4.10")
    shown = phone.read()
    await _forget_turn(house, before, phone.last["update_id"])
    await phone.again()
    assert phone.read() == shown
    assert len(await readings(house, number)) == 7


async def _forget_turn(house: ChatHouse, before: list[tuple[Any, ...]], update: int) -> None:
    """As a crash between the action and the keeping of the turn leaves it."""
    async with house.store.database.writing() as writer:
        await writer.fetch("delete from chat_update where id = $1", f"{house.bot.id}:{update}")
        for id, state, data in before:
            await writer.fetch("update conversation set state = $2, data = $3 where id = $1", id, state, data)


async def naive_reading(message: Message, house: ChatHouse, inspection: str) -> None:
    """As bots are usually written: a fresh id for each update, and the next open item, whatever was asked."""
    sheet = await inspection_sheet(house.store.read, inspection)
    entry = Entry(item_key=sheet.next or "", entered=message.text or "", confirmed=True)
    command = RecordResults(id=house.store.new_id(), inspection_id=inspection, entries=[entry])
    await record_results(house.store, await house.who("garcia"), command)


async def test_a_naive_bot_answers_two_items_with_one_redelivered_message(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    await until_diameters(phone)
    inspection = (await house.rows("select id from inspection where number = $1", number))[0][0]
    naive, router = Dispatcher(house=house, inspection=inspection), Router()
    router.message()(naive_reading)
    naive.include_router(router)

    async def feed(update: dict[str, Any]) -> None:
        bot: Bot = house.bot
        await naive.feed_update(bot, Update.model_validate(update, context={"bot": bot}))

    phone.feed = feed
    await phone.say("4.10")
    await phone.again()
    assert len(await readings(house, number)) == 8  # the same message answered two items


@pytest.mark.proves("REL-12")
async def test_a_button_of_an_earlier_state_changes_nothing_and_is_explained(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    live = phone.shown()[-1]
    old = live["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await phone.press("conform")
    alerts = len(phone.alerts())
    assert "2 of 10" in await phone.press_data(old, live)
    assert "earlier state" in phone.alerts()[alerts]
    assert len(await readings(house, number)) == 1


@pytest.mark.proves("REL-12")
@pytest.mark.parametrize(
    "data", ["L:0000000000:0", "L::0", "L:x:99", "L:", "N:", "N:x:contain", "nonsense", "N:x:sign", ":::"]
)
async def test_made_up_button_data_leads_nowhere(house: ChatHouse, data: str) -> None:
    phone = await house.phone("novak")
    events = await house.count("event")
    await phone.press_data(data, phone.shown()[-1])
    assert len(phone.alerts()) == 1
    assert await house.count("event") == events


@pytest.mark.proves("REL-12")
async def test_somebody_elses_notice_leads_nowhere(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    await fail_tubing(house, garcia)
    await house.courier.once()
    notice = novak.shown()[-1]
    contain = notice["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await garcia.press_data(contain, notice)
    assert "for somebody else" in garcia.alerts()[-1]
    assert "Contain" not in garcia.buttons() and "What was done at once" not in "".join(garcia.texts())


@pytest.mark.proves("REL-12")
async def test_a_notice_about_what_is_decided_already_is_explained(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    number = await fail_tubing(house, garcia)
    await house.courier.once()
    notice = novak.shown()[-1]
    contain, decide = (b["callback_data"] for b in notice["reply_markup"]["inline_keyboard"][0])
    await novak.press_data(contain, notice)
    await novak.say("set aside")
    said = await novak.press_data(contain, notice)
    assert "done already" in said and number in said
    assert "What becomes of" in await novak.press_data(decide, notice)


async def test_our_own_mistake_is_said_and_does_not_come_again_for_ever(
    house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """A screen that can't be made (here: a row that was damaged) leaves the dialogue where it was."""
    phone = await house.phone("garcia")
    number = await begin(house, phone)
    async with house.store.database.writing() as writer:
        await writer.fetch("update plan set name = 'no words'")
    assert "went wrong on our side" in await phone.press("conform")
    assert "an update failed" in caplog.text
    calls = len(house.telegram.calls)
    await phone.again()
    assert len(house.telegram.calls) == calls
    assert len(await readings(house, number)) == 1  # recorded, as the action's answer said


async def test_a_chat_that_was_closed_keeps_nobody_else_waiting(house: ChatHouse) -> None:
    phone, other = await house.phone("garcia"), house.stranger()
    house.telegram.refusals["sendMessage"] = [Refusal(403, "Forbidden: bot was blocked by the user")] * 2
    await phone.say("/worklist")
    await other.say("hello")
    assert "What waits" in await phone.say("/worklist")
