"""The webhook takes what carries the secret, and does not start without one."""

from __future__ import annotations

import socket
from typing import Any

import aiohttp
import pytest

from bot.settings import TokenMissing, read_bot_settings
from bot.webhook import SECRET_HEADER, WebhookSecretMissing, serve_webhook
from tests.bot.conftest import ChatHouse

SECRET = "a-secret-of-some-length_1"
ENVIRONMENT = {"LOTGATE_TELEGRAM_TOKEN": "1:x", "LOTGATE_TELEGRAM_WEBHOOK": "https://x.example/telegram"}


@pytest.mark.parametrize(
    "secret", [None, "", "short", "with spaces and more", "ünïcode-ünïcode-ü", "x" * 257]
)
def test_a_webhook_without_a_good_secret_does_not_start(secret: str | None) -> None:
    environment = dict(ENVIRONMENT) if secret is None else {**ENVIRONMENT, "LOTGATE_TELEGRAM_SECRET": secret}
    with pytest.raises(WebhookSecretMissing):
        read_bot_settings(environment)


def test_polling_needs_no_secret_and_a_bot_needs_a_token() -> None:
    assert read_bot_settings({"LOTGATE_TELEGRAM_TOKEN": "1:x"}).webhook is None
    assert read_bot_settings({**ENVIRONMENT, "LOTGATE_TELEGRAM_SECRET": SECRET}).secret == SECRET
    with pytest.raises(TokenMissing):
        read_bot_settings({})


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_updates_with_the_secret_are_handled_and_forged_ones_leave_no_row(house: ChatHouse) -> None:
    phone = await house.phone("garcia")
    port = free_port()
    runner = await serve_webhook(
        house.bot, house.dispatcher, "https://x.example/telegram", SECRET, "127.0.0.1", port
    )
    try:
        assert house.telegram.webhook is not None
        assert house.telegram.webhook["secret_token"] == SECRET
        async with aiohttp.ClientSession() as client:

            async def post(update: Any, headers: dict[str, str]) -> int:
                url = f"http://127.0.0.1:{port}/telegram"
                async with client.post(url, json=update, headers=headers) as answer:
                    return answer.status

            async def feed(update: dict[str, Any]) -> None:
                for forged in ({}, {SECRET_HEADER: SECRET[:-1] + "2"}, {SECRET_HEADER: SECRET.upper()}):
                    assert await post(update, forged) == 401
                assert (
                    await house.rows(
                        "select id from chat_update where id = $1", f"{house.bot.id}:{update['update_id']}"
                    )
                    == []
                )
                assert await post(update, {SECRET_HEADER: SECRET}) == 200
                assert await post(update, {SECRET_HEADER: SECRET}) == 200

            phone.feed = feed
            before = len(phone.shown())
            assert "What waits for you" in await phone.say("/worklist")
            assert len(phone.shown()) == before + 1
            assert await post({"no": "update"}, {SECRET_HEADER: SECRET}) == 400
    finally:
        await runner.cleanup()
