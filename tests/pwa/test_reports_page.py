"""Reports at the desk: one is downloaded from where it stands, one is ordered, paused and ended."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter


@pytest.mark.proves("AUD-4")
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_report_is_taken_and_another_ordered(house: House, language: str) -> None:
    async with house.phone() as phone:
        await enter(phone, "zhou", language)
        suppliers = (await phone.api("/api/suppliers"))["suppliers"]
        await phone.go(f"/suppliers/{suppliers[0]['id']}")
        await phone.tap("to-report")
        await expect(phone.at("report-supplier")).to_have_value(suppliers[0]["code"])
        async with phone.page.expect_download() as waiting:
            await phone.tap("report-take")
        download = await waiting.value
        assert download.suggested_filename == f"supplier_report-{suppliers[0]['code']}.pdf"
        await phone.write("report-supplier", "nobody")
        await phone.tap("report-take")
        await expect(phone.page.get_by_role("alert").first).to_contain_text("nobody")

        before = await phone.at("schedule").count()
        await phone.tap("schedule-new")
        await phone.at("schedule-rhythm").select_option("monthly")
        await phone.at("receiver-sun").check()
        await phone.write("schedule-day", "28")
        await phone.tap("schedule-order")
        await expect(phone.at("schedule")).to_have_count(before + 1)
        mine = phone.at("schedule").first
        await mine.get_by_test_id("schedule-pause").click()
        await expect(mine).to_have_attribute("data-status", "paused")
        await mine.get_by_test_id("schedule-end").click()
        await expect(mine).to_have_attribute("data-status", "ended")
