"""Real polling that loses nothing: an update is confirmed to Telegram only after it was handled and kept.

aiogram's own loop confirms while handlers still run, so that a crash loses what they were at. Here chats
go side by side, updates of one chat one after the other, and where one fails for the moment it and all
later ones come again; those that were handled are known by their mark.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Update

from bot.middleware import TRANSIENT

LONG_POLL = 25
KINDS = ["message", "callback_query", "inline_query"]
LONGEST_PAUSE = 30.0
log = logging.getLogger(__name__)


async def poll(
    bot: Bot,
    dispatcher: Dispatcher,
    *,
    long_poll: int = LONG_POLL,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Until cancelled."""
    offset: int | None = None
    pause, fresh = 0.5, True
    while True:
        try:
            if fresh:
                await bot.delete_webhook()  # else Telegram refuses to be polled
                fresh = False
            updates = await _fetch(bot, offset, long_poll)
        except (*TRANSIENT, TelegramConflictError) as error:
            fresh = fresh or isinstance(error, TelegramConflictError)
            log.warning("updates could not be fetched: %s", type(error).__name__)
            await sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        failed = await handle_all(bot, dispatcher, updates)
        if failed is None:
            offset, pause = updates[-1].update_id + 1 if updates else offset, 0.5
        else:
            offset = failed
            await sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _fetch(bot: Bot, offset: int | None, long_poll: int) -> list[Update]:
    return await bot.get_updates(
        offset=offset, timeout=long_poll, allowed_updates=KINDS, request_timeout=long_poll + 10
    )


async def handle_all(bot: Bot, dispatcher: Dispatcher, updates: Sequence[Update]) -> int | None:
    """Handle a batch; the id of the first update that has to come again, if any."""
    by_chat: dict[int, list[Update]] = {}
    for update in updates:
        by_chat.setdefault(chat_of(update), []).append(update)
    ends = await asyncio.gather(*(_in_order(bot, dispatcher, each) for each in by_chat.values()))
    return min((end for end in ends if end is not None), default=None)


def chat_of(update: Update) -> int:
    """The chat that an update belongs to; 0 for any other kind."""
    if update.message is not None:
        return update.message.chat.id
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    if update.inline_query is not None:
        return update.inline_query.from_user.id
    return 0


async def _in_order(bot: Bot, dispatcher: Dispatcher, updates: list[Update]) -> int | None:
    for update in updates:
        try:
            await dispatcher.feed_update(bot, update)
        except TRANSIENT as error:
            log.warning("an update waits for another try: %s", type(error).__name__)
            return update.update_id
    return None
