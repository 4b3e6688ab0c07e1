"""Telegram's side of the conversation: what it keeps of chats, and as a Bot API server over HTTP.

Updates are handed out again until a later offset confirms them, as the real one does.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from aiohttp import web

from tests.bot.bot_api import check_call

TOKEN = "4242:fake"
BOT_ID = 4242


class Call(NamedTuple):
    """One outgoing call, as on the wire."""

    method: str
    params: dict[str, str]


class Refusal(Exception):
    """The answer of a failing call."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.retry_after = status, description, retry_after


class FakeTelegram:
    """Chats, messages, calls; `refusals` are handed to the next calls of a method."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.messages: dict[int, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.refusals: dict[str, list[Refusal]] = {}
        self.webhook: dict[str, str] | None = None
        self.waiting: list[dict[str, Any]] = []
        self.confirmed = asyncio.Condition()
        self.on_call: Callable[[str], None] | None = None
        self.problems: list[BaseException] = []
        self._update = 1000
        self._message = 500

    def new_update(self, **content: Any) -> dict[str, Any]:
        """An update with the next id."""
        self._update += 1
        return {"update_id": self._update, **content}

    def next_message(self) -> int:
        """The id of a new message in any chat."""
        self._message += 1
        return self._message

    def shown(self, chat: int) -> list[dict[str, Any]]:
        """Messages of the bot in a chat, the oldest first."""
        return [each for each in self.messages.values() if each["chat"]["id"] == chat]

    def called(self, method: str) -> list[dict[str, str]]:
        """Parameters of every call of a method."""
        return [call.params for call in self.calls if call.method == method]

    def answer(self, method: str, params: dict[str, str]) -> Any:
        """Do a call; raises Refusal."""
        check_call(method, params)
        self.calls.append(Call(method, params))
        waiting = self.refusals.get(method)
        if waiting:
            raise waiting.pop(0)
        act = getattr(self, f"_{method}", None)
        return act(params) if act is not None else True

    def _getMe(self, params: dict[str, str]) -> Any:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Lotgate", "username": "lotgate_bot"}

    def _sendMessage(self, params: dict[str, str]) -> Any:
        number = self.next_message()
        chat = {"id": int(params["chat_id"]), "type": "private"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "text": params["text"]}
        self.messages[number] = message
        return self._marked(message, params)

    def _sendPhoto(self, params: dict[str, str]) -> Any:
        number = self.next_message()
        chat = {"id": int(params["chat_id"]), "type": "private"}
        photo = [{"file_id": params["photo"], "file_unique_id": "p", "width": 1, "height": 1}]
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "photo": photo}
        self.messages[number] = message | {"caption": params.get("caption", "")}
        return self._marked(self.messages[number], params)

    def _sendDocument(self, params: dict[str, str]) -> Any:
        number = self.next_message()
        chat = {"id": int(params["chat_id"]), "type": "private"}
        document = {"file_id": params["document"], "file_unique_id": "d"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "document": document}
        self.messages[number] = message | {"caption": params.get("caption", "")}
        return self._marked(self.messages[number], params)

    def _editMessageText(self, params: dict[str, str]) -> Any:
        message = self.messages.get(int(params["message_id"]))
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        markup = json.loads(params["reply_markup"]) if "reply_markup" in params else None
        if message["text"] == params["text"] and message.get("reply_markup") == markup:
            raise Refusal(400, "Bad Request: message is not modified")
        message["text"] = params["text"]
        return self._marked(message, params)

    def _editMessageReplyMarkup(self, params: dict[str, str]) -> Any:
        message = self.messages.get(int(params["message_id"]))
        if message is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        return self._marked(message, params)

    def _marked(self, message: dict[str, Any], params: dict[str, str]) -> Any:
        message.pop("reply_markup", None)
        if "reply_markup" in params:
            message["reply_markup"] = json.loads(params["reply_markup"])
        return message

    def _getFile(self, params: dict[str, str]) -> Any:
        id = params["file_id"]
        return {
            "file_id": id,
            "file_unique_id": id,
            "file_size": len(self.files[id]),
            "file_path": f"photos/{id}",
        }

    def _setWebhook(self, params: dict[str, str]) -> Any:
        self.webhook = params
        return True

    def _deleteWebhook(self, params: dict[str, str]) -> Any:
        self.webhook = None
        return True


class FakeServer:
    """The same over HTTP, for a bot process with LOTGATE_TELEGRAM_API."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.telegram = telegram
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._pushed = asyncio.Event()

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_post("/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/photos/{id}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Let go of the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def push(self, update: dict[str, Any]) -> None:
        """Hand an update out, again and again, until it is confirmed."""
        telegram = self.telegram
        telegram.waiting.append(update)
        self._pushed.set()
        async with telegram.confirmed:
            await telegram.confirmed.wait_for(lambda: update not in telegram.waiting)

    async def _method(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = {name: str(value) for name, value in (await request.post()).items()}
        if method == "getUpdates":
            return await self._updates(params)
        if self.telegram.on_call is not None:
            self.telegram.on_call(method)
        try:
            result = self.telegram.answer(method, params)
        except Refusal as refusal:
            body = {"ok": False, "error_code": refusal.status, "description": refusal.description}
            if refusal.retry_after is not None:
                body["parameters"] = {"retry_after": refusal.retry_after}
            return web.json_response(body, status=refusal.status)
        except AssertionError as wrong:
            self.telegram.problems.append(wrong)
            return web.json_response({"ok": False, "error_code": 400, "description": str(wrong)}, status=400)
        return web.json_response({"ok": True, "result": result})

    async def _updates(self, params: dict[str, str]) -> web.Response:
        check_call("getUpdates", params)
        offset = int(params.get("offset") or 0)
        telegram = self.telegram
        async with telegram.confirmed:
            telegram.waiting = [each for each in telegram.waiting if each["update_id"] >= offset]
            telegram.confirmed.notify_all()
        if not telegram.waiting:
            self._pushed.clear()
            try:
                await asyncio.wait_for(self._pushed.wait(), min(float(params.get("timeout") or 0), 2))
            except TimeoutError:
                return web.json_response({"ok": True, "result": []})
        return web.json_response({"ok": True, "result": telegram.waiting[:100]})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.telegram.files[request.match_info["id"]])
