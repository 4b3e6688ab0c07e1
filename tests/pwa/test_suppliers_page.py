"""A supplier is qualified at the desk, its other goods are held at the dock with what to do, and it is suspended."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Playwright, expect

from tests.pwa.house import House, bracketed, running_house
from tests.pwa.views import enter


@pytest.fixture(scope="module")
async def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A factory of its own: its suppliers are suspended."""
    async with running_house(tmp_path_factory.mktemp("suppliers") / "data", playwright) as running:
        yield running


@pytest.mark.proves("LOT-13", "QUA-5")
async def test_the_desk_qualifies_the_dock_is_told_why_it_holds_and_a_suspension_shows_what_it_holds(
    house: House,
) -> None:
    label = next(each for each in await house.labels() if each.order.endswith("0412/1"))
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/suppliers")
        await expect(phone.at("rule-off")).to_be_visible()
        await phone.page.locator(f"[data-supplier={label.supplier}]").click()
        await phone.tap("open-qualify")
        chosen = phone.at("qualify-item").locator("option", has_text="NDL-21")
        await phone.at("qualify-item").select_option(await chosen.get_attribute("value"))
        await phone.at("qualify-until").fill("2032-12-31")
        await phone.write("qualify-reason", "audit A-7, three trial lots")
        await phone.tap("qualify-save")
        line = phone.at("qualification")
        await expect(line).to_have_attribute("data-item", "NDL-21")
        address = phone.page.url
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.scan(bracketed(label))
        await phone.at("receive").first.click()
        answer = phone.at("scan-answer")
        await expect(answer).to_have_attribute("data-outcome", "done")
        await expect(answer).to_have_attribute("data-tint", "amber")
        await expect(phone.at("received-held")).to_contain_text("not qualified for this material")
        await expect(phone.at("received-held")).to_contain_text("quality has been told")
    async with house.phone() as phone:
        await enter(phone, "zhou", "zh")
        await phone.page.goto(address)
        await phone.at("open-suspend").first.click()
        await phone.write("supplier-reason", "迁址")
        await phone.tap("supplier-confirm")
        await expect(phone.at("stopped").locator("a")).not_to_have_count(0)
        await expect(phone.at("qualification")).to_have_attribute("data-status", "suspended")
        await phone.tap("figure-received")
        numbers = await phone.at("figure-received").locator("li a").all_inner_texts()
        card = await phone.api(f"/api/lots?search={label.lot}")
        assert card["lots"][0]["number"] in numbers and card["lots"][0]["status"] == "held"
