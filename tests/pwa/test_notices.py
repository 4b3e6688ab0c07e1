"""A notice is seen when it is tapped, not because its list was opened; a tap leads to what it is about."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.views import enter


async def unseen(phone: Phone) -> int:
    """How many are new, says the server."""
    return sum(one["seen_at"] is None for one in await phone.api("/api/notices"))


async def test_a_tapped_notice_is_seen_and_opens_its_subject(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "garcia", "en")
        before = await unseen(phone)
        assert before > 2
        await phone.go("/notices")
        await expect(phone.at("notice").first).to_be_visible()
        assert await unseen(phone) == before, "looking at the list marks nothing"

        fresh = phone.page.locator("[data-testid=notice][data-seen=false]")
        ways = [await one.get_attribute("href") for one in await phone.at("notice").all()]
        assert "#/" not in ways, "every notice leads to its subject"
        to_inspection = phone.page.locator("[data-testid=notice][data-seen=false][href*=inspections]")
        async with phone.page.expect_response("**/api/notices/seen"):
            await to_inspection.first.click()
        await expect(phone.page).to_have_url(re.compile("#/inspections/"))
        assert await unseen(phone) == before - 1

        await phone.go("/notices")
        await expect(fresh).to_have_count(before - 1)
        await phone.tap("see-all")
        await expect(fresh).to_have_count(0)
        await expect(phone.at("see-all")).to_have_count(0)
        assert await unseen(phone) == 0
