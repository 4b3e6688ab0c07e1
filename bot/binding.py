"""Strangers: a link code makes them known, everything else gets the same polite answer and no data (AUD-8)."""

from __future__ import annotations

import re

from aiogram import Bot
from aiogram.types import CallbackQuery, Update, User

from backend.actions.bind_chat_account import BindChatAccount, bind_chat_account
from backend.domain.errors import LotgateError
from backend.domain.people import Who
from backend.views.chat import Doors
from bot.cards import named_by
from bot.showing import answer_press
from bot.turn import command_id
from bot.words.wording import Wording

_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{16,64})\s*")


class Sparingly:
    """One security event a minute for each stranger: a flood of messages does not become a flood of events."""

    def __init__(self) -> None:
        self._noted: dict[str, str] = {}

    def allow(self, place: str, now: str) -> bool:
        """Whether this one is noted; `now` is an ISO instant."""
        minute = now[:16]
        self._noted = {each: when for each, when in self._noted.items() if when == minute}
        first = place not in self._noted
        self._noted[place] = minute
        return first


def code_of(event: Update) -> str | None:
    """The link code of `/start CODE`, typed or from a deep link; a card's link is none."""
    text = event.message.text if event.message is not None else None
    found = _START.fullmatch(text) if text else None
    return found[1] if found and named_by(found[1]) is None else None


async def bound(
    store: Doors, bot_id: int, user: User, code: str, key: str, known: Who | None
) -> tuple[Who | None, str]:
    """Bind the account; who it is now, and what to say."""
    command = BindChatAccount(id=command_id(key, "bind"), bot=str(bot_id), chat_user=str(user.id), code=code)
    try:
        who = await bind_chat_account(store, command)
    except LotgateError as error:
        language = known.language if known is not None else user.language_code or "en"
        return known, Wording(language).reasons(error)
    return who, Wording(who.language).say("linked", name=who.printed_name)


async def greet_stranger(bot: Bot, user: User, press: CallbackQuery | None, problem: str) -> None:
    """How to get a link code, in the language of the stranger's own app."""
    wording = Wording(user.language_code or "en")
    if press is not None:
        await answer_press(bot, press)
    text = "\n\n".join(part for part in (problem, wording.say("stranger")) if part)
    await bot.send_message(chat_id=user.id, text=text)
