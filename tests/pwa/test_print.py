"""Print and code of a photo side by side: nothing is received before a person has answered."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter, photographed

WORDS = {
    "en": ("Code and print disagree", "relabelled by the supplier"),
    "zh": ("条码与印刷不一致", "供应商换过标签"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_difference_is_shown_side_by_side_and_needs_a_reason(house: House, language: str) -> None:
    title, reason = WORDS[language]
    async with house.phone() as phone:
        await enter(phone, "wang", language)
        await phone.go("/scan")
        await photographed(f"V-77{language}", f"V-99{language}")(phone)
        answer = phone.at("scan-answer")
        await expect(answer).to_have_attribute("data-tint", "red")
        await expect(answer).to_contain_text(title)
        await expect(phone.at("print-doubts")).to_contain_text(f"V-77{language}")
        await expect(phone.at("print-doubts")).to_contain_text(f"V-99{language}")
        await expect(phone.at("receive")).to_have_count(0)
        await expect(phone.at("print-take-code")).to_be_disabled()
        await phone.write("print-reason", reason)
        await phone.tap("print-take-code")
        await phone.at("receive").first.click()
        await expect(answer).to_have_attribute("data-outcome", "done")


async def test_a_doubt_asks_to_look(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await photographed("V-7O1X", "V-701X")(phone)
        await expect(phone.at("scan-answer")).to_have_attribute("data-tint", "amber")
        await expect(phone.at("receive")).to_have_count(0)
        await phone.tap("print-same")
        await phone.at("receive").first.click()
        await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "done")
