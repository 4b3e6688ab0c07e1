"""A trial run is marked on every screen, before signing in and over a full-screen answer too; a real house never is."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from backend.settings import read_settings
from tests.pwa.house import House, running_house
from tests.pwa.views import UNKNOWN, enter


async def test_a_trial_run_says_so_everywhere(playwright: Playwright, tmp_path: Path) -> None:
    async with (
        running_house(tmp_path / "data", playwright, LOTGATE_TRIAL="yes") as trial,
        trial.phone() as phone,
    ):
        await phone.page.goto(trial.url)
        await expect(phone.at("sign-in")).to_be_visible()
        await expect(phone.at("trial")).to_be_in_viewport()
        await enter(phone, "wang", "zh")
        for address in ("/", "/scan", "/lots", "/settings", "/nowhere"):
            await phone.go(address)
            await expect(phone.page.locator("h1").first).to_be_visible()
            await expect(phone.at("trial")).to_be_in_viewport()
        await phone.scan(UNKNOWN)
        await expect(phone.at("trial-answer")).to_be_in_viewport()
        await phone.ready_for_offline()
        await phone.network(False)
        await phone.page.reload()
        await expect(phone.at("nav-scan")).to_be_visible()
        await expect(phone.at("trial")).to_be_in_viewport()


async def test_a_real_house_bears_no_such_mark(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/settings")
        await expect(phone.at("gloves")).to_be_visible()
        assert (await phone.at("trial").count(), await phone.at("to-trial").count()) == (0, 0)


def test_what_the_setting_means() -> None:
    assert read_settings({}).trial is None
    assert read_settings({"LOTGATE_TRIAL": "yes"}).trial == "yes"
    assert read_settings({"LOTGATE_TRIAL": "https://trial.local:8443"}).trial == "https://trial.local:8443"
    with pytest.raises(ValueError, match="LOTGATE_TRIAL"):
        read_settings({"LOTGATE_TRIAL": "maybe"})
