"""A session that speaks to a page or a terminal instead of Telegram: calls are kept and sent as messages."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, cast

import msgspec
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import File, InlineKeyboardMarkup, Message

from backend.actions.keep_chat_message import keep_chat_message
from backend.domain.sessions import ChatMessage
from backend.views.chat import Doors, last_number, message_of

Outgoing = dict[str, object]
Send = Callable[[Outgoing], Awaitable[object]]
log = logging.getLogger(__name__)


def buttons_of(markup: object) -> list[list[dict[str, str]]]:
    """Inline buttons as the page knows them."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return []
    return [
        [
            {
                "text": button.text,
                **({"url": button.url} if button.url else {"data": button.callback_data or ""}),
            }
            for button in row
        ]
        for row in markup.inline_keyboard
    ]


class PageSession(BaseSession):
    """Instead of HTTP to Telegram: keep the message, and hand it to whoever has the chat open."""

    def __init__(self, store: Doors, bot_id: int) -> None:
        super().__init__()
        self.store, self.bot_id = store, bot_id
        self.files: dict[str, bytes] = {}
        self.listeners: dict[int, list[Send]] = {}

    async def close(self) -> None:
        """Nothing is open."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram asks for it
    ) -> TelegramType:
        """The five calls that the dialogue makes."""
        answer: object = True
        if isinstance(method, SendMessage):
            answer = await self._sent(method)
        elif isinstance(method, EditMessageText):
            answer = await self._edited(method)
        elif isinstance(method, EditMessageReplyMarkup):
            await self._stripped(method)
        elif isinstance(method, AnswerCallbackQuery):
            chat = int(method.callback_query_id.partition(":")[0])
            alert = bool(method.show_alert)
            await self.emit(
                chat, {"method": "answerCallbackQuery", "text": method.text or "", "alert": alert}
            )
        elif isinstance(method, GetFile):
            answer = File(file_id=method.file_id, file_unique_id=method.file_id, file_path=method.file_id)
        return cast(TelegramType, answer)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """A picture that came over the socket."""
        yield self.files[url.rsplit("/", 1)[-1]]

    async def emit(self, chat: int, message: Outgoing) -> None:
        """To every place where this chat is open."""
        listeners = self.listeners.get(chat, [])
        for send in list(listeners):
            try:
                await send(message)
            except Exception:  # whatever a closed socket raises; the message is kept and shown again
                log.info("a page went away while it was written to")
                listeners.remove(send)

    def key(self, chat: int) -> str:
        """The chat as it is stored."""
        return f"{self.bot_id}:{chat}"

    async def put(
        self, chat: int, number: int, text: str, buttons: list[list[dict[str, str]]], id: str = ""
    ) -> None:
        """Keep a new message and show it."""
        key = self.key(chat)
        message = ChatMessage(id or f"{key}:{number}", key, number, text, buttons, self.store.clock())
        await keep_chat_message(self.store, message)
        await self.emit(chat, shown("sendMessage", message))

    async def change(self, message: ChatMessage, text: str, buttons: list[list[dict[str, str]]]) -> None:
        """Keep and show a message that has changed."""
        changed = msgspec.structs.replace(message, text=text, buttons=buttons)
        await keep_chat_message(self.store, changed)
        await self.emit(int(message.chat.partition(":")[2]), shown("editMessageText", changed))

    async def _sent(self, method: SendMessage) -> Message:
        chat = int(method.chat_id)
        number = await last_number(self.store.read, self.key(chat)) + 1
        await self.put(chat, number, method.text, buttons_of(method.reply_markup))
        return _message(chat, number, method.text)

    async def _edited(self, method: EditMessageText) -> Message:
        chat, number = int(method.chat_id or 0), int(method.message_id or 0)
        id = f"{self.key(chat)}:{number}"
        known = await message_of(self.store.read, id)
        blank = ChatMessage(id, self.key(chat), number, "", [], self.store.clock())
        await self.change(known or blank, method.text or "", buttons_of(method.reply_markup))
        return _message(chat, number, method.text or "")

    async def _stripped(self, method: EditMessageReplyMarkup) -> None:
        key = self.key(int(method.chat_id or 0))
        known = await message_of(self.store.read, f"{key}:{method.message_id}")
        if known is not None:
            await self.change(known, known.text, [])


def shown(method: str, message: ChatMessage) -> Outgoing:
    """A message as it goes over the socket."""
    return {
        "method": method,
        "message_id": message.number,
        "text": message.text,
        "buttons": message.buttons,
    }


def _message(chat: int, number: int, text: str) -> Message:
    body = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private"},
        "text": text,
    }
    return Message.model_validate(body)
