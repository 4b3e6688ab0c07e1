"""Two records of one supplier at the desk: looked at side by side, merged, and parted again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.views import enter, two_compared


@pytest.mark.proves("QUA-5")
async def test_two_suppliers_are_compared_merged_and_parted(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/doubles")
        await two_compared(phone)
        codes = [await one.get_attribute("data-code") for one in await phone.at("double-side").all()]
        await phone.at("double-keep").last.check()
        await phone.write("double-reason", "one licence, one plant")
        await phone.tap("double-merge")
        await expect(phone.at("double-done")).to_contain_text(f"{codes[0]} is {codes[1]} now")
        merger = phone.at("double-merger").filter(has_text=f"{codes[0]} is {codes[1]}")
        await expect(merger).to_have_attribute("data-undone", "false")
        await named(phone, codes[0], f"is {codes[1]}")
        await phone.go("/doubles")
        await merger.get_by_test_id("double-part").click()
        await phone.write("double-why", "two plants after all")
        await phone.tap("double-part-do")
        await expect(merger).to_have_attribute("data-undone", "true")
        await expect(merger).to_contain_text("two plants after all")


async def named(phone: Phone, code: str | None, said: str) -> None:
    """The list of suppliers says what an alias is."""
    await phone.go("/suppliers")
    row = phone.page.locator(f"[data-supplier={code}]")
    await expect(row).to_contain_text(said)
    await row.click()
    await expect(phone.at("supplier")).to_be_visible()
