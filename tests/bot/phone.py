"""A person with a chat app: writes, presses buttons by their words, sends photos, reads what stands there."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.bot.bot_api import visible
from tests.bot.fake_telegram import FakeTelegram

Feed = Callable[[dict[str, Any]], Awaitable[None]]


class Phone:
    """One chat account at the bot. `feed` brings an update to the bot and returns when it was handled."""

    def __init__(self, telegram: FakeTelegram, feed: Feed, user: int, language: str = "en") -> None:
        self.telegram, self.feed, self.user = telegram, feed, user
        self.sender = {"id": user, "is_bot": False, "first_name": "x", "language_code": language}
        self.chat: dict[str, Any] = {"id": user, "type": "private"}
        self.last: dict[str, Any] = {}

    async def say(self, text: str) -> str:
        """Write; returns the newest message of the bot."""
        return await self._send(text=text)

    async def photo(self, data: bytes) -> str:
        """Send a picture."""
        id = f"F{self.telegram.next_message()}"
        self.telegram.files[id] = data
        size = {"file_id": id, "file_unique_id": id, "width": 9, "height": 9, "file_size": len(data)}
        return await self._send(photo=[size])

    async def press(self, words: str) -> str:
        """Press the newest button whose text holds these words."""
        for message in reversed(self.shown()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if words in button["text"]:
                        return await self.press_data(button["callback_data"], message)
        raise AssertionError(f"no button {words!r} on: {self.buttons()}")

    async def press_data(self, data: str, message: dict[str, Any]) -> str:
        """Send a press of any data, below any message."""
        press = {"id": f"{self.telegram.next_message()}", "from": self.sender, "chat_instance": "1"}
        shown = {key: value for key, value in message.items() if key != "reply_markup"}
        return await self._feed(callback_query={**press, "data": data, "message": shown})

    async def ask_inline(self, text: str) -> dict[str, Any]:
        """Type the bot's name and a text in any chat; what it offers."""
        query = {"id": f"{self.telegram.next_message()}", "from": self.sender, "query": text, "offset": ""}
        await self.feed(self.telegram.new_update(inline_query=query))
        offered = self.telegram.called("answerInlineQuery")[-1]
        assert offered["inline_query_id"] == query["id"]
        return {**offered, "results": json.loads(offered["results"])}

    async def again(self) -> str:
        """The last update once more, as Telegram redelivers it."""
        await self.feed(self.last)
        return self.read()

    def shown(self) -> list[dict[str, Any]]:
        """The bot's messages here."""
        return self.telegram.shown(self.user)

    def read(self) -> str:
        """The newest message, as it is read."""
        shown = self.shown()
        return visible(shown[-1]["text"]) if shown else ""

    def live(self) -> str:
        """The live message, as it is read: the newest with buttons of its own, whatever notices came after."""
        for message in reversed(self.shown()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                if any(button.get("callback_data", "").startswith("L:") for button in row):
                    return visible(message["text"])
        return ""

    def texts(self) -> list[str]:
        """Every message that stands here."""
        return [visible(message["text"]) for message in self.shown()]

    def buttons(self) -> list[str]:
        """Every button that stands here, the newest message last."""
        return [
            button["text"]
            for message in self.shown()
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
        ]

    def alerts(self) -> list[str]:
        """Windows that answered a press."""
        return [call["text"] for call in self.telegram.called("answerCallbackQuery") if call.get("text")]

    async def _send(self, **content: Any) -> str:
        message = {"message_id": self.telegram.next_message(), "date": int(time.time())}
        return await self._feed(message={**message, "chat": self.chat, "from": self.sender, **content})

    async def _feed(self, **content: Any) -> str:
        self.last = self.telegram.new_update(**content)
        await self.feed(self.last)
        return self.read()
