"""What every update passes through: handled once, one at a time in a chat, by a person who is known.

The dialogue's next state and the mark "handled" are kept together, after the action and after showing. So
an update that is cut off anywhere comes again and runs from the same start; its command ids are the same,
so that its actions give their first answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import CallbackQuery, Chat, InlineQuery, TelegramObject, Update, User

from backend.actions.keep_turn import keep_turn
from backend.actions.note_security import note_security
from backend.domain.errors import LotgateError, Stale
from backend.domain.people import Who
from backend.domain.sessions import Conversation
from backend.views.chat import (
    Doors,
    Unreachable,
    chat_person,
    conversation,
    is_handled,
    person_now,
    zone_of,
)
from bot.binding import Sparingly, bound, code_of, greet_stranger
from bot.groups import in_group
from bot.handlers import table
from bot.inline import answer_inline
from bot.screens import Screen
from bot.showing import answer_press, show_turn
from bot.talk import Home, stored_form, talk_of
from bot.turn import Hands, Turn
from bot.words.wording import Wording

TRANSIENT = (TelegramNetworkError, TelegramServerError, TelegramRetryAfter, Unreachable)
"""Worth another try of the same update; anything else would fail again."""
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
log = logging.getLogger(__name__)


class OneTurn(BaseMiddleware):
    """Around the handlers of every update."""

    def __init__(self, store: Doors, hands: Hands) -> None:
        self.store, self.hands = store, hands
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._notes = Sparingly()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """One update; nothing is kept of updates without a person, or outside private chats."""
        bot: Bot = data["bot"]
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        if not isinstance(event, Update) or user is None:
            return None
        if event.inline_query is not None:
            return await self._inline(bot, event.inline_query)
        if chat is None:
            return None
        if chat.type != "private":
            return await in_group(self.store, bot, chat, event, user)
        place = f"{bot.id}:{user.id}:{user.id}"  # a private chat has its person's own number
        try:
            async with self.lock(place):
                return await self._turn(handler, event, data, place)
        except TRANSIENT:
            raise
        except Exception:
            log.exception("an update could not be answered; it is passed over")
            return None

    async def _inline(self, bot: Bot, query: InlineQuery) -> None:
        """Never worth another try: the person types on, and Telegram soon takes no answer any more."""
        try:
            await answer_inline(self.store, bot, query, self.hands.base_url)
        except Exception:
            log.exception("an inline query could not be answered; it is passed over")

    def lock(self, place: str) -> asyncio.Lock:
        """Of one person's dialogue: whoever changes it holds it."""
        return self._locks.setdefault(place, asyncio.Lock())

    async def _turn(self, handler: Handler, event: Update, data: dict[str, Any], place: str) -> Any:
        bot, user = data["bot"], data["event_from_user"]
        key = data.get("update_key") or f"{bot.id}:{event.update_id}"
        if await is_handled(self.store.read, key):
            return None
        who, hello = await self._who(event, data, key)
        if who is None:
            if self._notes.allow(place, self.store.clock()):
                await note_security(self.store, "chat_stranger", f"{bot.id}:{user.id}", "chat")
            return await greet_stranger(bot, user, event.callback_query, hello)
        talk = talk_of(await conversation(self.store.read, place))
        before = stored_form(place, talk)
        wording = Wording(who.language, await zone_of(self.store.read, who.site_id))
        turn = Turn(self.store, who, talk, wording, self.hands, key)
        turn.above += [hello] if hello else []
        talk.below += event.message is not None
        try:
            await self._run(handler, event, {**data, "turn": turn}, turn)
            await self._finish(bot, user.id, turn, event.callback_query, place, key)
        except TRANSIENT:
            raise
        except Exception:
            log.exception("an update failed; its dialogue stays where it was")
            await self._failed(bot, user.id, turn, event.callback_query, before)
        return True

    async def _who(self, event: Update, data: dict[str, Any], key: str) -> tuple[Who | None, str]:
        """The person, and what to say to somebody who came with a link code."""
        bot, user, now = data["bot"], data["event_from_user"], self.store.clock()
        given: Who | None = data.get("who")
        if given is not None:
            return await person_now(self.store.read, given, now), ""
        who = await chat_person(self.store.read, str(bot.id), str(user.id), now)
        code = code_of(event)
        return await bound(self.store, bot.id, user, code, key, who) if code is not None else (who, "")

    async def _run(self, handler: Handler, event: Update, data: dict[str, Any], turn: Turn) -> None:
        """The handler; what the rules refuse is said above the screen that stays."""
        try:
            await handler(event, data)
        except LotgateError as error:
            turn.trouble(error)

    async def _failed(
        self, bot: Bot, chat_id: int, turn: Turn, press: CallbackQuery | None, before: Conversation
    ) -> None:
        """Our own mistake: say so, and do not try the same update for ever."""
        if press is not None:
            await answer_press(bot, press)
        await bot.send_message(chat_id=chat_id, text=turn.wording.say("failed"))
        await keep_turn(self.store, before, turn.key)

    async def _finish(
        self, bot: Bot, chat_id: int, turn: Turn, press: CallbackQuery | None, place: str, key: str
    ) -> None:
        """Show, then keep the state with the mark."""
        if turn.secret:
            await bot.send_message(chat_id=chat_id, text=turn.wording.say("no_secrets"))
        else:
            await show_turn(bot, chat_id, turn, await _screen(turn), press)
            turn.talk.at, turn.talk.reminded = self.store.clock(), False
        try:
            await keep_turn(self.store, stored_form(place, turn.talk), key)
        except Stale:
            log.info("an update was handled twice at once: the first one counts")


async def _screen(turn: Turn) -> Screen:
    """The screen of the step; one whose matter is gone leads home, and says so."""
    try:
        return await table.show(turn)
    except (LotgateError, StopIteration) as error:
        if isinstance(error, LotgateError):
            turn.trouble(error)
        turn.talk.step = Home()
        return await table.show(turn)
