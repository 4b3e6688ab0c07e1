"""One material under two codes: suggested, looked at side by side, merged; its old label is known, online and not."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.item_doubles import KEPT, LABEL, OLD, play_item_doubles
from tests.pwa.views import enter


@pytest.mark.proves("QUA-5", "LBL-2")
async def test_two_materials_are_compared_merged_and_the_old_label_is_the_kept_one(house: House) -> None:
    await play_item_doubles(house)
    async with house.phone() as phone:
        await enter(phone, "zhou", "zh")
        await phone.go("/doubles")
        pair = phone.at("double-suspected").filter(has_text=OLD)
        await expect(pair).to_contain_text("名称相同")
        await expect(pair).to_contain_text("管夹")
        await pair.get_by_test_id("double-compare").click()
        await expect(phone.at("double-side")).to_have_count(2)
        first = phone.at("double-side").first
        await expect(first).to_have_attribute("data-code", KEPT)
        await expect(first).to_contain_text("外购")
        await looked_at(phone, "zh")
        await phone.write("double-reason", "同一图纸，同一零件")
        await phone.tap("double-merge")
        await expect(phone.at("double-done")).to_contain_text(f"{OLD} 现即为 {KEPT}")
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/deliveries")
        row = phone.at("delivery").filter(has_text="PO-CLAMP")
        await expect(row).to_contain_text(f"Ordered as {OLD}, which is {KEPT}")
        await expect(row).to_contain_text("Tube clamp")
        await phone.ready_for_offline()
        for online in (True, False):
            await phone.network(online)
            await phone.go("/")
            await phone.scan(LABEL)
            answer = phone.at("scan-answer")
            await expect(answer).to_have_attribute("data-kind", "new_lot")
            await expect(answer).to_contain_text("Tube clamp")
            await expect(phone.at("receive").filter(has_text="PO-CLAMP")).to_be_visible()
        await phone.network(True)
    async with house.phone() as phone:
        await enter(phone, "zhou", "en")
        await phone.go("/doubles")
        merger = phone.at("double-merger").filter(has_text=OLD)
        await expect(merger).to_contain_text(f"{OLD} is {KEPT}")
        await looked_at(phone, "en-merged")
        await merger.get_by_test_id("double-part").click()
        await phone.write("double-why", "another colour after all")
        await phone.tap("double-part-do")
        await expect(merger).to_have_attribute("data-undone", "true")
        pair = phone.at("double-suspected").filter(has_text=OLD)
        await pair.get_by_test_id("double-compare").click()
        await expect(phone.at("double-side").first).to_contain_text("bought")
        await looked_at(phone, "en")
        # What can't be one says why, in words.
        await phone.at("double-kind").select_option("item")
        for which, code in (("first", KEPT), ("second", "TUB-30")):
            choice = phone.at(f"double-{which}").locator("option").filter(has_text=code)
            await phone.at(f"double-{which}").select_option(await choice.get_attribute("value"))
        await phone.tap("double-choose")
        await expect(phone.at("double-side").last).to_have_attribute("data-code", "TUB-30")
        await phone.write("double-reason", "a slip")
        await phone.tap("double-merge")
        await expect(phone.at("error-summary")).to_contain_text(f"TUB-30 is kept in m, {KEPT} in pcs.")
        await looked_at(phone, "en-refused")


async def looked_at(phone: Phone, name: str) -> None:
    """A picture of the screen, where somebody asked for it."""
    if folder := os.environ.get("LOTGATE_LOOK"):
        await phone.page.screenshot(path=f"{folder}/doubles-{name}.png", full_page=True)
