"""Polling confirms an update only when it was handled; aiogram's own loop, the naive one, loses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramServerError
from aiogram.methods import GetMe
from aiogram.types import Message

from bot.polling import poll
from tests.bot.fake_telegram import TOKEN, FakeServer, FakeTelegram, Refusal


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[FakeServer, Bot]]:
    server = FakeServer(FakeTelegram())
    await server.start()
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))
    try:
        yield server, bot
    finally:
        await session.close()
        await server.stop()


def text_update(server: FakeServer, text: str, chat: int = 5) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "x"}
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": text,
    }
    return server.telegram.new_update(message=message)


class Hanging:
    """A handler that never comes to its end, as one whose process is about to die."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.dispatcher = Dispatcher(disable_fsm=True)
        router = Router()
        router.message()(self.handle)
        self.dispatcher.include_router(router)

    async def handle(self, message: Message) -> None:
        self.reached.set()
        await asyncio.Event().wait()


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_update_whose_handling_was_cut_off_is_handed_out_again() -> None:
    async with listening() as (server, bot):
        hanging = Hanging()
        update = text_update(server, "4.10")
        server.telegram.waiting.append(update)
        task = asyncio.create_task(poll(bot, hanging.dispatcher, long_poll=1))
        await asyncio.wait_for(hanging.reached.wait(), 10)
        await stop(task)
        assert server.telegram.waiting == [update]


async def test_the_naive_loop_has_confirmed_it_and_it_is_lost() -> None:
    async with listening() as (server, bot):
        hanging = Hanging()
        update = text_update(server, "4.10")
        handed_out = asyncio.create_task(server.push(update))
        task = asyncio.create_task(
            hanging.dispatcher.start_polling(bot, handle_signals=False, polling_timeout=1)
        )
        await asyncio.wait_for(hanging.reached.wait(), 10)
        await asyncio.wait_for(handed_out, 10)
        await hanging.dispatcher.stop_polling()
        await stop(task)
        assert server.telegram.waiting == []


async def test_what_fails_for_the_moment_comes_again_in_order_and_other_chats_go_on() -> None:
    async with listening() as (server, bot):
        seen: list[str] = []
        slept: list[float] = []
        dispatcher, router = Dispatcher(disable_fsm=True), Router()

        @router.message()
        async def handle(message: Message) -> None:
            seen.append(message.text or "")
            if seen.count("a1") == 1 and message.text == "a1":
                raise TelegramServerError(GetMe(), "Bad Gateway")

        dispatcher.include_router(router)
        updates = [text_update(server, "a1", 1), text_update(server, "b1", 2), text_update(server, "a2", 1)]
        server.telegram.waiting.extend(updates[:-1])

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        task = asyncio.create_task(poll(bot, dispatcher, long_poll=1, sleep=sleep))
        await asyncio.wait_for(server.push(updates[-1]), 10)
        await stop(task)
        assert [text for text in seen if text.startswith("a")] == ["a1", "a1", "a2"]
        assert seen[:2] in (["a1", "b1"], ["b1", "a1"]) and slept


@pytest.mark.parametrize("status", [500, 429, 409])
async def test_polling_outlives_a_server_that_refuses(status: int) -> None:
    async with listening() as (server, bot):
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        server.telegram.refusals["deleteWebhook"] = [Refusal(status, "no", 1 if status == 429 else None)]
        reached = Hanging()
        server.telegram.waiting.append(text_update(server, "x"))
        task = asyncio.create_task(poll(bot, reached.dispatcher, long_poll=1, sleep=sleep))
        await asyncio.wait_for(reached.reached.wait(), 10)
        await stop(task)
        assert slept == [0.5]
