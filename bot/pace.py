"""How fast a bot may speak: 30 messages a second in all, one a second in a chat, 20 a minute in a group, and
waiting where told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.methods import GetUpdates, TelegramMethod
from aiogram.methods.base import TelegramType

A_SECOND = 30
BETWEEN_IN_A_CHAT = 1.0
BETWEEN_IN_A_GROUP = 3.0
LONGEST_WAIT = 30.0
ATTEMPTS = 4
Sleep = Callable[[float], Awaitable[Any]]


class Pace:
    """Says how long to wait before the next message to a chat. Times in seconds of any steady clock."""

    def __init__(self) -> None:
        self._next = 0.0
        self._next_in: dict[int, float] = {}

    def soonest(self, chats: Iterable[int]) -> int:
        """Of these chats the one that may be told first, so that a busy one keeps nobody else waiting."""
        return min(chats, key=lambda chat: self._next_in.get(chat, 0.0))

    def wait(self, chat: int, now: float) -> float:
        """Seconds until it may be sent; the place is taken. Groups have numbers below zero."""
        due = max(now, self._next, self._next_in.get(chat, 0.0))
        self._next = due + 1 / A_SECOND
        self._next_in = {each: at for each, at in self._next_in.items() if at > now}
        self._next_in[chat] = due + (BETWEEN_IN_A_CHAT if chat > 0 else BETWEEN_IN_A_GROUP)
        return due - now


class Patience(BaseRequestMiddleware):
    """Repeats a call that Telegram asks to repeat later, or that did not get through; a few times."""

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        """Polling has its own patience."""
        polling = isinstance(method, GetUpdates)
        for attempt in range(0 if polling else ATTEMPTS - 1):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if error.retry_after > LONGEST_WAIT:
                    raise
                await self._sleep(error.retry_after)
            except (TelegramNetworkError, TelegramServerError):
                await self._sleep(0.5 * 2**attempt)
        return await make_request(bot, method)
