"""A person binds a chat account with a code from My keys; the bot knows them afterwards, and once only."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House


@pytest.mark.proves("SIG-7")
async def test_a_code_is_shown_and_is_new_each_time(house: House) -> None:
    async with house.phone() as phone:
        await phone.sign_in("garcia", "en")
        await phone.go("/keys")
        await phone.page.locator("summary", has_text="Connect Telegram").click()
        await phone.tap("chat-code-make")
        first = await phone.at("chat-code").inner_text()
        assert first.startswith("/start ")
        await phone.tap("chat-code-make")
        await expect(phone.at("chat-code")).not_to_have_text(first)
