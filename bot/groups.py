"""Groups hear cards and decide nothing: /here lets a group be told, /gone ends that; all else is for private chats."""

from __future__ import annotations

import re

from aiogram import Bot
from aiogram.types import Chat, Update, User

from backend.actions.add_group_channel import AddGroupChannel, add_group_channel
from backend.actions.end_channel import EndChannel, end_channel
from backend.domain.errors import LotgateError
from backend.domain.people import Role, Who
from backend.views.chat import Doors, chat_person
from backend.views.telling import channel_at
from bot.showing import answer_press
from bot.turn import command_id
from bot.words.wording import Wording

HEARD: list[Role] = ["inspector", "supervisor", "quality_engineer", "quality_manager"]
"""Whose matters a group hears of; other choices are made on the page."""
_COMMAND = re.compile(r"/(here|gone)(?:@\w+)?\s*")


async def in_group(store: Doors, bot: Bot, chat: Chat, event: Update, user: User) -> None:
    """What is said or pressed in a group."""
    wording = Wording(user.language_code or "en")
    if event.callback_query is not None:
        await answer_press(bot, event.callback_query, wording.say("private_only"))
        return
    text = (event.message.text or "") if event.message is not None else ""
    command = _COMMAND.fullmatch(text)
    who = await chat_person(store.read, str(bot.id), str(user.id), store.clock()) if command else None
    if command is not None and who is not None:
        said: str = await _told(store, f"{bot.id}:{event.update_id}", chat, who, command[1])
    else:
        said = wording.say("private_only")
    if text.startswith("/"):
        await bot.send_message(chat_id=chat.id, text=said)


async def _told(store: Doors, key: str, chat: Chat, who: Who, command: str) -> str:
    wording = Wording(who.language)
    address = str(chat.id)
    try:
        if command == "here":
            added = AddGroupChannel(
                id=command_id(key, "here"),
                kind="telegram_group",
                name=chat.title or "Telegram",
                address=address,
                roles=HEARD,
            )
            await add_group_channel(store, who, added)
            return wording.say("group_here")
        known = await channel_at(store.read, who.site_id, address)
        if known is not None:
            await end_channel(store, who, EndChannel(id=command_id(key, "gone"), channel_id=known.id))
        return wording.say("group_gone")
    except LotgateError as error:
        return wording.reasons(error)
