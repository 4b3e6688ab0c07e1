"""Every message and picture of a trial run says so, whichever part of the bot sends it."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import EditMessageText, Response, SendDocument, SendMessage, SendPhoto, TelegramMethod

from bot.screens import MOST_CAPTION, fitted


class Marked(BaseRequestMiddleware):
    """Puts the mark above the text of what is sent or edited, and above the caption of a picture or a file."""

    def __init__(self, mark: str) -> None:
        self.mark = f"<b>{mark}</b>"

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Response[Any]:
        """As `make_request`."""
        return await make_request(bot, self.marked(method))

    def marked(self, method: TelegramMethod[Any]) -> TelegramMethod[Any]:
        """The same call with the mark in it, where it shows anything."""
        if isinstance(method, SendMessage | EditMessageText):
            return method.model_copy(update={"text": fitted(f"{self.mark}\n{method.text}")})
        if isinstance(method, SendPhoto | SendDocument):
            said = f"{self.mark}\n{method.caption}" if method.caption else self.mark
            return method.model_copy(update={"caption": fitted(said, MOST_CAPTION)})
        return method
