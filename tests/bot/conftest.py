"""The demo factory with the bot's real dispatcher; its calls are captured by a session that checks them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile, Update

from backend.actions.make_binding_code import make_binding_code
from backend.demo.deliveries import DemoLabel, demo_labels
from backend.demo.factory import demo_who, load_demo
from backend.domain.people import Who
from backend.store.door import Store
from bot.delivery import Courier
from bot.dispatcher import build_dispatcher
from bot.turn import Hands
from scanner.worker import read_safely
from tests.bot.fake_telegram import TOKEN, FakeTelegram, Refusal
from tests.bot.phone import Phone
from tests.stores import Templates, opened

BASE_URL = "https://lotgate.example:8443"


class Capture(BaseSession):
    """Hands calls to the fake as they would go over the wire, and answers as the wire would."""

    def __init__(self, telegram: FakeTelegram) -> None:
        super().__init__()
        self.telegram = telegram

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> TelegramType:
        fields = method.model_dump(warnings=False)
        files: dict[str, InputFile] = {}
        params = {name: self.prepare_value(value, bot, files) for name, value in fields.items()}
        for name, file in files.items():
            body = b"".join([part async for part in file.read(bot)])
            self.telegram.files[f"attach://{name}"] = body
        sent = {name: value for name, value in params.items() if value is not None}
        try:
            body: dict[str, Any] = {"ok": True, "result": self.telegram.answer(method.__api_method__, sent)}
            status = 200
        except Refusal as refusal:
            status = refusal.status
            body = {"ok": False, "error_code": status, "description": refusal.description}
            if refusal.retry_after is not None:
                body["parameters"] = {"retry_after": refusal.retry_after}
        response = self.check_response(bot, method, status, self.json_dumps(body))
        return cast(TelegramType, response.result)

    async def stream_content(self, url: str, *args: Any, **kwargs: Any) -> AsyncIterator[bytes]:
        yield self.telegram.files[url.rsplit("/", 1)[-1]]

    async def close(self) -> None:
        pass


class ChatHouse:
    """The demo factory, its bot, and phones of its people."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.telegram = FakeTelegram()
        self.files: dict[str, bytes] = {}
        self.bot = Bot(TOKEN, session=Capture(self.telegram), default=DefaultBotProperties(parse_mode="HTML"))
        self.dispatcher = build_dispatcher(store, Hands(read_safely, self._keep, BASE_URL))
        self.courier = Courier(store, self.bot, BASE_URL, lambda: 0.0, self._no_sleep)
        self.slept: list[float] = []
        self._users = count(70)

    async def _keep(self, body: bytes) -> str:
        sha256 = hashlib.sha256(body).hexdigest()
        self.files[sha256] = body
        return sha256

    async def _no_sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def feed(self, update: dict[str, Any]) -> None:
        """Bring an update to the dispatcher."""
        await self.dispatcher.feed_update(self.bot, Update.model_validate(update, context={"bot": self.bot}))

    def stranger(self, language: str = "en") -> Phone:
        """A chat account that nobody has bound."""
        return Phone(self.telegram, self.feed, next(self._users), language)

    async def phone(self, login: str, language: str | None = None) -> Phone:
        """The phone of a demo person, bound with a code from the page."""
        made = await make_binding_code(self.store, await self.who(login))
        phone = self.stranger()
        await phone.say(f"/start {made.code}")
        if language is not None:
            await phone.say("/language")
            await phone.press("中文" if language == "zh" else "English")
        return phone

    async def who(self, login: str) -> Who:
        """A demo person at the page."""
        return await demo_who(self.store, login)

    async def label(self, item: str) -> DemoLabel:
        """The label of the first expected delivery of an item."""
        return next(label for label in await demo_labels(self.store.read) if label.item == item)

    async def rows(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        return [tuple(row) for row in await self.store.read.rows(sql, *args)]

    async def count(self, table: str) -> int:
        """How many rows."""
        return int((await self.rows(f'select count(*) from "{table}"'))[0][0])


async def load(store: Store) -> None:
    """The demo factory, as a template to copy."""
    await load_demo(store, lambda: datetime.now(UTC))


@pytest.fixture
def engine() -> str:
    """SQLite; tests of what the engine may change ask for both."""
    return "sqlite"


@pytest.fixture
async def house(engine: str, templates: Templates) -> AsyncIterator[ChatHouse]:
    """A demo factory of this test's own, on each engine."""
    async with opened(await templates.copy(engine, "chat", load)) as store:
        yield ChatHouse(store)
