"""The same dispatcher behind the page's chat and a terminal: its calls become messages on a socket.

A second bot id keeps these conversations apart from Telegram's. What was shown is kept, so that a page
that comes back shows it again; a notice is shown once, under its own id.
"""

from __future__ import annotations

import base64
import binascii
import time
from datetime import timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.types import Update

from backend.domain.people import Who
from backend.domain.signing import later
from backend.views.chat import (
    Doors,
    conversation,
    last_number,
    message_of,
    messages_of,
    notices_since,
    person_now,
    settlements,
    zone_of,
)
from bot.delivery import screen_of
from bot.dialogues.notices import settled_text
from bot.dispatcher import build_dispatcher
from bot.handlers.table import is_asking
from bot.page_session import PageSession, Send, buttons_of, shown
from bot.screens import keyboard
from bot.talk import talk_of
from bot.turn import Hands
from bot.words.wording import Wording

PAGE, TERMINAL = 1, 2
"""Bot ids: Telegram's are far larger."""
LOOK_BACK = timedelta(hours=12)


def chat_number(person_id: str) -> int:
    """The chat of a person, as the Bot API wants it: a whole number, here of 48 bits."""
    return UUID(person_id).int % 2**48


class PageChats:
    """One dispatcher for every chat of this process, so that one person's updates stay in order."""

    def __init__(self, store: Doors, hands: Hands, bot_id: int = PAGE) -> None:
        self.store, self.hands = store, hands
        self.session = PageSession(store, bot_id)
        self.bot = Bot(
            f"{bot_id}:page", session=self.session, default=DefaultBotProperties(parse_mode="HTML")
        )
        self.dispatcher: Dispatcher = build_dispatcher(store, hands)

    def chat(self, who: Who, send: Send) -> PageChat:
        """One open page or terminal."""
        return PageChat(self, who, send)


class PageChat:
    """One open page: `open`, then `receive` whatever it sends and `deliver` now and then, then `close`."""

    def __init__(self, chats: PageChats, who: Who, send: Send) -> None:
        self.chats, self.who, self.send = chats, who, send
        self.number = chat_number(who.person_id)
        self.key = chats.session.key(self.number)

    async def open(self, replay: bool = True) -> None:
        """Show what was shown; a chat that begins, or one without `replay`, shows what waits."""
        self.chats.session.listeners.setdefault(self.number, []).append(self.send)
        messages = await messages_of(self.chats.store.read, self.key) if replay else []
        for message in messages:
            await self.send(shown("sendMessage", message))
        if messages:
            await self.deliver()
        else:
            await self.receive({"text": "/start"})

    async def close(self) -> None:
        """The page is gone."""
        listeners = self.chats.session.listeners.get(self.number, [])
        if self.send in listeners:
            listeners.remove(self.send)

    async def receive(self, said: object) -> None:
        """`{"text"}`, `{"press", "message_id"}` or `{"picture"}` (base64), each with its `id`, made on the page.

        The same id again has no second effect. Anything else is passed over.
        """
        body = said if isinstance(said, dict) else {}
        store = self.chats.store
        given = body.get("id")
        id = given if isinstance(given, str) and 0 < len(given) <= 64 else store.new_id()
        update = self._update(body, id)
        if update is not None:
            key = f"{self.key}:{id}"
            await self.chats.dispatcher.feed_update(self.chats.bot, update, who=self.who, update_key=key)
        self.chats.session.files.pop(id, None)
        await self.deliver()

    def _update(self, body: dict[str, Any], id: str) -> Update | None:
        user = {"id": self.number, "is_bot": False, "first_name": self.who.printed_name}
        chat = {"id": self.number, "type": "private"}
        message: dict[str, object] = {"message_id": 0, "date": int(time.time()), "chat": chat, "from": user}
        content: dict[str, object] | None = None
        if isinstance(body.get("text"), str):
            content = {"message": {**message, "text": body["text"][:4096]}}
        elif isinstance(body.get("press"), str):
            place = body.get("message_id")
            on = {**message, "message_id": place if isinstance(place, int) else 0, "text": "…"}
            press = {
                "id": f"{self.number}:{id}",
                "from": user,
                "chat_instance": "page",
                "data": body["press"][:64],
            }
            content = {"callback_query": {**press, "message": on}}
        elif isinstance(body.get("picture"), str):
            self.chats.session.files[id] = _decoded(body["picture"])
            photo = {"file_id": id, "file_unique_id": id, "width": 1, "height": 1}
            content = {"message": {**message, "photo": [photo]}}
        if content is None:
            return None
        return Update.model_validate(
            {"update_id": crc32(id.encode()), **content}, context={"bot": self.chats.bot}
        )

    async def asks_for_text(self) -> bool:
        """Whether a typed number would answer the question on screen, rather than choose a button."""
        place = f"{self.key}:{self.number}"
        talk = talk_of(await conversation(self.chats.store.read, place))
        return is_asking(talk.step) and ["all_conform"] not in talk.presses

    async def deliver(self) -> None:
        """Show notices that came meanwhile, each once; say of those that are settled how they ended."""
        store, session = self.chats.store, self.chats.session
        who = await person_now(store.read, self.who, store.clock())
        if who is None:
            return
        since = later(store.clock(), -LOOK_BACK)
        for notice in await notices_since(store.read, who.person_id, since):
            id = f"{self.key}:notice:{notice.id}"
            if await message_of(store.read, id) is None:
                screen = await screen_of(store, who, notice, self.chats.hands.base_url)
                number = await last_number(store.read, self.key) + 1
                await session.put(self.number, number, screen.text, buttons_of(keyboard(screen, "")[0]), id)
        await self._settle(who)

    async def _settle(self, who: Who) -> None:
        store = self.chats.store
        wording = Wording(who.language, await zone_of(store.read, who.site_id))
        mark = f"{self.key}:notice:"
        asking = {
            message.id.removeprefix(mark): message
            for message in await messages_of(store.read, self.key)
            if message.id.startswith(mark) and message.buttons
        }
        for settled in await settlements(store.read, list(asking)):
            text = settled_text(wording, settled.notice, settled.code, settled.by, settled.at)
            await self.chats.session.change(asking[settled.notice.id], text, [])


def _decoded(picture: str) -> bytes:
    """Base64, with or without the head of a data address; what is none is an empty picture, refused later."""
    try:
        return base64.b64decode(picture.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        return b""
